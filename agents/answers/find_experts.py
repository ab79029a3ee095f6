"""Question `find_experts`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import Field

from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId, Day
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import Claim, ClaimState, Section
from core.domain.resources import Expert
from core.domain.views.resources import ExpertMatch
from tools.spec import ToolArgs


class FindExpertsArgs(ToolArgs):
    """Arguments of `find_experts`."""

    account_id: AccountId
    on: Day | None = Field(default=None, description="The day of the visit")


_AWAY = 2


async def find_experts(asking: Asking, args: FindExpertsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Name the expert who fits best, whether they are free that day, and why; then the others who fit."""
    desk = Desk(asking, notebook, Section.RESOURCES)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, found = await consult(desk, account, "resources", visit_on=args.on, also=("read_experts",))
    facts: dict[str, Any] = {"account_id": account.id, "on": args.on}
    output, experts = outputs.get("resources"), found["read_experts"]
    if output is None or experts is None:
        return desk.finish(facts)
    by_id: dict[str, Expert] = {expert.id: expert for expert in experts}
    for place, match in enumerate(output.view.experts):
        claim = next(
            claim
            for claim in output.claims
            if claim.kind.startswith("resources.expert") and match.evidence in claim.evidence
        )
        _say_expert(desk, match, claim, day=args.on, away=_away(by_id[match.expert_id], desk.today), best=place == 0)
    desk.adopt(output, (claim for claim in output.claims if claim.kind == "resources.no_expert"))
    return desk.finish({**facts, "experts": [_as_fact(one, by_id[one.expert_id]) for one in output.view.experts]})


def _say_expert(
    desk: Desk, match: ExpertMatch, claim: Claim, *, day: date | None, away: list[tuple[date, date]], best: bool
) -> None:
    spans = [desk.note.phrase("span", first=first, last=last) for first, last in away]
    desk.say(
        "expert",
        *desk.sources(claim.evidence),
        state=ClaimState.INFERRED,
        name=named(match.name),
        best=best,
        reasons=list(match.reasons),
        day=day,
        conflicts=list(match.conflicts),
        away=spans,
    )


def _away(expert: Expert, today: date) -> list[tuple[date, date]]:
    """The next engagements that are not over yet; reversed ranges are read as meant."""
    spans = sorted((min(busy.first, busy.last), max(busy.first, busy.last)) for busy in expert.busy)
    return [span for span in spans if span[1] >= today][:_AWAY]


def _as_fact(match: ExpertMatch, expert: Expert) -> dict[str, Any]:
    shown: Iterable[str] = ("expert_id", "name", "score", "reasons", "conflicts")
    return {**match.model_dump(include=set(shown)), "email": expert.email, "free": not match.conflicts}


ANSWER = AnswerSpec(
    name="find_experts",
    agent="resources",
    purpose="Which of our technical experts to bring to a customer, and whether they are free on a day",
    args_model=FindExpertsArgs,
    run=find_experts,
)
