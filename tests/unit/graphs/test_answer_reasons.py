"""What a question ends with when its specialist could conclude nothing."""

import asyncio
from collections.abc import Iterable

import pytest

from agents.answers.registry import ANSWERS
from agents.answers.spec import Asking
from agents.spec import AgentInput
from connectors.sandbox import Faults, build_sandbox
from core.domain.base import System
from core.domain.chat import Call, Reason
from core.identity import Caller, Role
from graphs.chat.reading import TurnReader
from graphs.chat.specialists import answer_tool
from graphs.chat.state import Said
from tests.unit.agents.answers.company import NOW, RECORDS, REP
from tests.unit.agents.answers.given_memory import GivenMemory
from tests.unit.tools.world import GivenRecords
from tools.spec import ToolContext

ANALYST = Caller(tenant="t", user="ana", roles=frozenset({Role.ANALYST}))


def said_by(name: str, caller: Caller = REP, down: Iterable[System] = ()) -> Said:
    given = GivenRecords(RECORDS)
    systems = build_sandbox(given, Faults.model_validate({system: {"down": True} for system in down}))
    context = ToolContext(caller=caller, systems=systems, memory=GivenMemory(given, NOW))
    spec, args = ANSWERS[name], {"account_id": "a1"}

    async def answer() -> Said:
        reader = TurnReader(context, timeout_s=20)
        try:
            asking = Asking(caller=caller, now=NOW, given=AgentInput(today=NOW.date()), read=reader)
            call = Call(agent=spec.agent, tool=name, args=args)
            return await answer_tool(spec, asking).run(call, spec.args_model.model_validate(args))
        finally:
            await reader.close()

    return asyncio.run(answer())


@pytest.mark.parametrize(
    ("name", "caller", "down", "reason"),
    [
        ("list_contracts", REP, (), None),
        ("list_contracts", REP, (System.CONTRACTS,), Reason.SOURCE_DOWN),
        ("list_contracts", ANALYST, (), Reason.NOT_ALLOWED),
        ("find_account", REP, (System.MEMORY,), None),
    ],
)
def test_an_answer_that_concludes_nothing_says_why_and_one_that_does_is_an_answer(
    name: str, caller: Caller, down: tuple[System, ...], reason: Reason | None
) -> None:
    said = said_by(name, caller, down)
    assert said.reason is reason
    assert said.statements
