"""Question `list_signals`."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from pydantic import Field

from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import Claim, ClaimState, Section
from core.domain.views.stage import Signal, SignalKind, StageView
from tools.spec import ToolArgs


class ListSignalsArgs(ToolArgs):
    """Arguments of `list_signals`."""

    account_id: AccountId
    kind: SignalKind | None = Field(default=None, description="Only needs, objections, competitors or urgency")


_PHRASES = {
    SignalKind.NEED: "intent.need",
    SignalKind.OBJECTION: "intent.objection",
    SignalKind.COMPETITOR: "intent.rival",
    SignalKind.URGENCY: "intent.urgent",
}
_TERMS = (SignalKind.NEED, SignalKind.OBJECTION)
_SHOWN = 5
_NAMED = 3


async def list_signals(asking: Asking, args: ListSignalsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Name what the customer needs, doubts, hurries with and compares us to, then quote it."""
    desk = Desk(asking, notebook, Section.STAGE)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, _ = await consult(desk, account, "intent")
    output = outputs.get("intent")
    if output is None:
        return desk.finish({"account_id": account.id})
    kinds = [args.kind] if args.kind else list(SignalKind)
    heard = {kind: signals for kind in kinds if (signals := _signals(output.view, kind))}
    name, parts = named(account.name), [_part(desk, kind, signals) for kind, signals in heard.items()]
    if parts:
        cited = desk.sources(signal.evidence for signals in heard.values() for signal in signals[:_NAMED])
        desk.say("signals", *cited, state=ClaimState.INFERRED, account=name, parts=parts)
    else:
        what = notebook.phrase(f"signals_{args.kind or 'any'}")
        desk.say("signals_none", account, state=ClaimState.INFERRED, account=name, what=what)
    quotes = _in_turn([[claim for claim in output.claims if claim.kind == _PHRASES[kind]] for kind in kinds])
    desk.adopt(output, quotes[:_SHOWN])
    desk.say_more(desk.sources(claim.evidence[0] for claim in quotes[_SHOWN:]))
    return desk.finish({"account_id": account.id, "kind": args.kind, "signals": heard, "urgency": output.view.urgency})


def _signals(view: StageView, kind: SignalKind) -> tuple[Signal, ...]:
    by_kind: dict[SignalKind, tuple[Signal, ...]] = {
        SignalKind.NEED: view.needs,
        SignalKind.OBJECTION: view.objections,
        SignalKind.COMPETITOR: view.competitors,
        SignalKind.URGENCY: view.urgency_signals,
    }
    return by_kind[kind]


def _in_turn(groups: Iterable[Sequence[Claim]]) -> list[Claim]:
    """The first of each group, then the second of each, and so on."""
    return [claim for row in zip_longest(*groups) for claim in row if claim is not None]


def _part(desk: Desk, kind: SignalKind, signals: tuple[Signal, ...]) -> str:
    """What the signals of one kind say together, as a part of a sentence."""
    labels = list(dict.fromkeys(signal.label for signal in signals))[:_NAMED]
    shown: dict[str, Any] = {}
    if kind is not SignalKind.URGENCY:
        terms = [desk.term("intent", f"{kind}_{label}") if kind in _TERMS else named(label) for label in labels]
        shown = {"topics": terms}
    return desk.note.phrase(f"signals_of_{kind}", **shown)


ANSWER = AnswerSpec(
    name="list_signals",
    agent="intent",
    purpose="What a customer said it needs, objects to or hurries with, and which competitors it named",
    args_model=ListSignalsArgs,
    run=list_signals,
)
