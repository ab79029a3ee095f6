"""Question `find_market_moves`."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from agents.analysis.quoting import quoted
from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId, Words
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import Claim, ClaimState, Section
from core.domain.views.market import MarketView, Move
from core.text import normalise_name
from tools.spec import ToolArgs


class FindMarketMovesArgs(ToolArgs):
    """Arguments of `find_market_moves`."""

    account_id: AccountId
    competitor: Words | None = Field(default=None, max_length=200, description="Only this competitor, by name")


_MOVES = 4
# Reasons that the sentence on who is in play does not give already.
_REASONS = ("why_account", "why_industry", "why_region")


async def find_market_moves(asking: Asking, args: FindMarketMovesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say which competitors are in play at the customer, then what they did that matters there."""
    desk = Desk(asking, notebook, Section.COMPETITORS)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, found = await consult(desk, account, "market")
    facts: dict[str, Any] = {"account_id": account.id, "competitor": args.competitor}
    output = outputs.get("market")
    if output is None:
        return desk.finish(facts)
    view: MarketView = output.view
    active = [name for name in view.active if _is(name, args.competitor)]
    moves = [move for move in view.moves if _is(move.competitor, args.competitor)]
    for name in active:
        desk.adopt(output, _claims(output.claims, "market.active", view.active_evidence[name]))
    if not active:
        whose = {"account": named(account.name), "competitor": named(args.competitor) if args.competitor else None}
        figures = {"moves": len(moves), "notes": len(found["read_market_notes"])}
        desk.say("nobody_in_play", account, state=ClaimState.INFERRED, **whose, **figures)
    for move in moves[:_MOVES]:
        _say_move(desk, move)
    desk.say_more(desk.sources(move.evidence[0] for move in moves[_MOVES:]))
    return desk.finish({**facts, "active": active, "moves": [_as_fact(move) for move in moves]})


def _is(name: str, wanted: str | None) -> bool:
    """Whether a competitor is the one asked for; either may be written in short."""
    one, other = normalise_name(name), normalise_name(wanted or "")
    return one.startswith(other) or (bool(one) and other.startswith(one))


def _say_move(desk: Desk, move: Move) -> None:
    known = [desk.term("market", reason) for reason in _REASONS]
    desk.say(
        "move",
        *desk.sources(move.evidence),
        competitor=named(move.competitor),
        kind=desk.note.phrase(f"move_{move.move}"),
        at=move.at,
        title=quoted(move.title),
        why=next((reason for reason in move.why if reason in known), None),
    )


def _claims(claims: Sequence[Claim], kind: str, evidence: Sequence[str]) -> list[Claim]:
    return [claim for claim in claims if claim.kind == kind and set(claim.evidence) == set(evidence)]


def _as_fact(move: Move) -> dict[str, Any]:
    return move.model_dump(mode="json", exclude={"evidence"})


ANSWER = AnswerSpec(
    name="find_market_moves",
    agent="market",
    purpose="What competitors did lately that matters to a customer, and which are in play there",
    args_model=FindMarketMovesArgs,
    run=find_market_moves,
)
