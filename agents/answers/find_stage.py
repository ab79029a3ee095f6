"""Question `find_stage`."""

from agents.analysis.deals import open_deals
from agents.answers.deals import in_words
from agents.answers.desk import Desk
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.claims import Section
from tools.spec import ToolArgs


class FindStageArgs(ToolArgs):
    """Arguments of `find_stage`."""

    account_id: AccountId


_TOLD = frozenset(f"intent.{kind}" for kind in ("stage_now", "stage_thin", "stage_unknown", "moved", "stage_silent"))


async def find_stage(asking: Asking, args: FindStageArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say the likely stage with its share and what showed it, and beside it what the CRM says of the largest deal."""
    desk = Desk(asking, notebook, Section.STAGE)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, found = await consult(desk, account, "intent")
    facts = {"account_id": account.id}
    output = outputs.get("intent")
    if output is None:
        return desk.finish(facts)
    desk.adopt(output, (claim for claim in output.claims if claim.kind in _TOLD))
    deals = open_deals(found["read_opportunities"] or ())
    if deals:
        shown = in_words(desk, deals[0])
        desk.say("stage_crm", deals[0], deal=shown["deal"], stage=shown["stage"])
    view = output.view
    stage = {"likeliest": view.likeliest, "distribution": view.distribution, "confidence": view.confidence}
    crm = {"opportunity_id": deals[0].id, "stage": deals[0].stage} if deals else None
    history = [{"at": point.at, "interaction": point.interaction} for point in view.history]
    return desk.finish({**facts, **stage, "crm": crm, "history": history, "told": len(view.history)})


ANSWER = AnswerSpec(
    name="find_stage",
    agent="intent",
    purpose="Where a customer stands in buying: the likely buying stage, why, and how sure this is",
    args_model=FindStageArgs,
    run=find_stage,
)
