"""Asking the specialists themselves, one after the other where one builds on another."""

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any

from agents.answers.desk import Desk
from agents.inputs import Gathered, build_input, open_products
from agents.registry import AGENTS
from agents.spec import AgentOutput
from core.domain.accounts import Account
from tools.spec import NoArgs, OfAccount, OfProducts, ToolArgs

Outputs = dict[str, AgentOutput[Any]]

_NEEDS = {
    "history": ("read_interactions",),
    "intent": ("read_interactions",),
    "stakeholders": ("read_interactions", "read_contacts"),
    "operations": ("read_opportunities",),
    "market": ("read_market_notes",),
    "resources": (),
    "risk": (),
    "proposal": (),
}
_READS = {
    "history": ("read_contacts",),
    "intent": (),
    "stakeholders": (),
    "operations": (
        *("read_orders", "read_products", "read_stock", "read_prices", "read_pricing_rules"),
        *("read_contracts", "read_approval_rules"),
    ),
    "market": ("read_opportunities", "read_interactions"),
    "resources": ("read_products", "read_opportunities", "read_interactions"),
    "risk": (),
    "proposal": ("read_experts", "read_references"),
}
# They make an answer a little better; their systems' silence is not worth a sentence.
_BETTER_WITH = {
    "intent": ("read_contacts", "read_market_notes", "read_opportunities", "read_sales_people", "read_experts"),
    "stakeholders": ("read_sales_people", "read_experts", "read_opportunities"),
    "resources": ("read_pricing_rules",),
}
_AFTER = {
    "resources": ("intent", "operations"),
    "risk": ("intent", "stakeholders", "operations", "market"),
    "proposal": ("intent", "stakeholders", "operations", "market", "resources", "risk"),
}
# What it takes from those before only orders its matches; it can do without.
_ALONE = frozenset({"resources"})
_NO_ARGS = frozenset(
    {
        *("read_sales_people", "read_experts", "read_references", "read_products"),
        *("read_pricing_rules", "read_approval_rules"),
    }
)
_OF_PRODUCTS = frozenset({"read_stock", "read_prices"})


async def gather(desk: Desk, account: Account, tools: Iterable[str], better_with: Iterable[str] = ()) -> dict[str, Any]:
    """What the tools bring for an account, by name; None where a system did not answer.

    Stock and prices are those of the products of its open deals.
    """
    needed, wanted = frozenset(tools), dict.fromkeys((*tools, *better_with))
    found: dict[str, Any] = {}

    async def read(tool: str, args: ToolArgs) -> None:
        found[tool] = await desk.records(tool, args, needed=tool in needed)

    first = [tool for tool in wanted if tool not in _OF_PRODUCTS]
    of_account = OfAccount(account_id=account.id)
    await asyncio.gather(*(read(tool, NoArgs() if tool in _NO_ARGS else of_account) for tool in first))
    products = OfProducts(product_ids=open_products(found.get("read_opportunities")))
    await asyncio.gather(*(read(tool, products) for tool in wanted if tool in _OF_PRODUCTS))
    return found


async def consult(
    desk: Desk, account: Account, *agents: str, visit_on: date | None = None, also: Iterable[str] = ()
) -> tuple[Outputs, dict[str, Any]]:
    """What the agents and those before them conclude, and the records they were told, by tool.

    An agent whose main source did not answer is not asked: it would take silence for absence. `also` names further
    tools whose records are wanted.
    """
    asked = _with_those_before(agents)
    bound = _with_those_before(agents, stop_at=_ALONE)
    tools = dict.fromkeys([*(tool for agent in bound for tool in (*_NEEDS[agent], *_READS[agent])), *also])
    better = [tool for agent in asked for tool in (*_NEEDS[agent], *_READS[agent], *_BETTER_WITH.get(agent, ()))]
    found = await gather(desk, account, tools, better)
    outputs: Outputs = {}
    for agent in asked:
        if any(found[tool] is None for tool in _NEEDS[agent]):
            continue
        given = build_input(
            agent,
            Gathered(
                account=account,
                lang=desk.asking.given.lang,
                today=desk.today,
                as_of=desk.note.given.as_of,
                visit_on=visit_on or desk.today,
                records=found,
                views={name: output.view for name, output in outputs.items()},
            ),
        )
        outputs[agent] = await asyncio.to_thread(AGENTS[agent].run, given)
    return outputs, found


def _with_those_before(agents: Iterable[str], stop_at: frozenset[str] = frozenset()) -> tuple[str, ...]:
    order: dict[str, None] = {}
    for agent in agents:
        before = () if agent in stop_at else _AFTER.get(agent, ())
        order.update(dict.fromkeys((*_with_those_before(before, stop_at), agent)))
    return tuple(order)
