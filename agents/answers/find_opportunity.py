"""Question `find_opportunity`."""

from agents.answers.fields import OpportunityId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindOpportunityArgs(ToolArgs):
    """Arguments of `find_opportunity`."""

    opportunity_id: OpportunityId


async def find_opportunity(asking: Asking, args: FindOpportunityArgs, notebook: Notebook) -> AgentOutput[Told]:
    """One deal: stage, amount, closing date, owner, next step, product, discount, competitor."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_opportunity",
    agent="operations",
    purpose="One deal: stage, amount, closing date, owner, next step, product, discount, competitor",
    args_model=FindOpportunityArgs,
    run=find_opportunity,
)
