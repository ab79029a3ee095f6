"""Question `suggest_proposal`."""

from collections.abc import Iterator
from typing import Any

from agents.answers.desk import Desk
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import Section
from core.domain.views.proposals import ProposalsView, Recommendation, RecommendationKind
from tools.spec import ToolArgs


class SuggestProposalArgs(ToolArgs):
    """Arguments of `suggest_proposal`."""

    account_id: AccountId


# The order in which a rep wants them, and how many of each.
_TOLD = {
    RecommendationKind.GOAL: 1,
    RecommendationKind.OFFER: 2,
    RecommendationKind.MESSAGE: 1,
    RecommendationKind.NEXT_STEP: 2,
}
# These are about the day of a visit, and no visit was asked about.
_OF_A_VISIT = frozenset(f"proposal.{kind}" for kind in ("bring_expert", "bring_both", "next_follow_up"))


async def suggest_proposal(asking: Asking, args: SuggestProposalArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say the goal, what to offer inside policy, the first message and the next steps."""
    desk = Desk(asking, notebook, Section.PROPOSALS)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, _ = await consult(desk, account, "proposal")
    output = outputs["proposal"]
    view: ProposalsView = output.view
    claims = {claim.id: claim for claim in output.claims}
    fitting = [one for one in view.recommendations if claims[one.claim].kind not in _OF_A_VISIT]
    told = list(_foremost(fitting))
    desk.adopt(output, (claims[one.claim] for one in told))
    facts: dict[str, Any] = {"account_id": account.id, "goal": view.goal}
    shown = [{"kind": one.kind, "text": one.text} for one in told]
    offers = [offer.model_dump(mode="json", exclude={"claim"}) for offer in view.offers]
    return desk.finish({**facts, "recommendations": shown, "offers": offers})


def _foremost(given: list[Recommendation]) -> Iterator[Recommendation]:
    for kind, most in _TOLD.items():
        yield from [one for one in given if one.kind is kind][:most]


ANSWER = AnswerSpec(
    name="suggest_proposal",
    agent="proposal",
    purpose="What to do next with a customer: goal, messages, offer inside policy and next steps",
    args_model=SuggestProposalArgs,
    run=suggest_proposal,
)
