"""Question `find_references`."""

from typing import Any

from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import ClaimState, Section
from tools.spec import ToolArgs


class FindReferencesArgs(ToolArgs):
    """Arguments of `find_references`."""

    account_id: AccountId


async def find_references(asking: Asking, args: FindReferencesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say which cases may be shown to the customer, then tell each that fits, with its terms."""
    desk = Desk(asking, notebook, Section.RESOURCES)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, found = await consult(desk, account, "resources", also=("read_references",))
    facts: dict[str, Any] = {"account_id": account.id}
    output = outputs.get("resources")
    if output is None or found["read_references"] is None:
        return desk.finish(facts)
    fitting = sorted(output.view.references, key=lambda one: not one.show_to_customer)
    if fitting:
        shown = [named(one.customer) for one in fitting if one.show_to_customer]
        cited = desk.sources(one.evidence for one in fitting)
        figures = {"count": len(fitting), "shown": shown}
        desk.say("references", *cited, state=ClaimState.INFERRED, account=named(account.name), **figures)
    for one in fitting:
        told = (claim for claim in output.claims if claim.kind == "resources.reference")
        desk.adopt(output, (claim for claim in told if one.evidence in claim.evidence))
    desk.adopt(output, (claim for claim in output.claims if claim.kind == "resources.no_reference"))
    return desk.finish({**facts, "references": fitting})


ANSWER = AnswerSpec(
    name="find_references",
    agent="resources",
    purpose="Which delivered projects may serve as references for a customer, and who may see them",
    args_model=FindReferencesArgs,
    run=find_references,
)
