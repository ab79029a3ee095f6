"""Question `list_risks`."""

from collections import Counter
from typing import Any

from agents.answers.desk import MOST_CITED, Desk, named
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.views.risks import RisksView, Severity
from tools.spec import ToolArgs


class ListRisksArgs(ToolArgs):
    """Arguments of `list_risks`."""

    account_id: AccountId


_SHOWN = 5


async def list_risks(asking: Asking, args: ListRisksArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Count the warnings by gravity, then tell each, the gravest first, with what would clear it."""
    desk = Desk(asking, notebook, Section.RISKS)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, _ = await consult(desk, account, "risk")
    output = outputs["risk"]
    view: RisksView = output.view
    if view.checked:
        _say_count(desk, account, view)
    states = {claim.id: claim.state for claim in output.claims}
    for risk in view.risks[:_SHOWN]:
        severity = notebook.phrase(f"severity_{risk.severity}")
        told = {"severity": severity, "text": risk.text, "clears": risk.clears_when}
        desk.say("risk", *desk.sources(risk.evidence), state=states[risk.claim], **told)
    left_out = view.risks[_SHOWN:]
    desk.say_more(desk.sources(id_ for risk in left_out for id_ in risk.evidence[:1]), count=len(left_out))
    if view.not_checked:
        desk.say("risks_unchecked", account, state=ClaimState.INFERRED, count=len(view.not_checked))
    risks = [risk.model_dump(mode="json", exclude={"claim"}) for risk in view.risks]
    facts: dict[str, Any] = {"account_id": account.id, "count": len(risks), "risks": risks}
    return desk.finish({**facts, "checked": view.checked, "not_checked": view.not_checked})


def _say_count(desk: Desk, account: Account, view: RisksView) -> None:
    grave = Counter(risk.severity for risk in view.risks)
    if not view.risks:
        figures = {"count": len(view.checked)}
        desk.say("risks_none", account, state=ClaimState.INFERRED, account=named(account.name), **figures)
        return
    cited = desk.sources(dict.fromkeys(id_ for risk in view.risks for id_ in risk.evidence[:2]))[:MOST_CITED]
    figures = {"count": len(view.risks), "high": grave[Severity.HIGH]}
    desk.say("risks", *cited, state=ClaimState.INFERRED, account=named(account.name), **figures)


ANSWER = AnswerSpec(
    name="list_risks",
    agent="risk",
    purpose="What may go wrong with a customer, how grave it is, and what would clear it",
    args_model=ListRisksArgs,
    run=list_risks,
)
