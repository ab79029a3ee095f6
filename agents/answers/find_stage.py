"""Question `find_stage`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindStageArgs(ToolArgs):
    """Arguments of `find_stage`."""

    account_id: AccountId


async def find_stage(asking: Asking, args: FindStageArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Where a customer stands in buying: the likely buying stage, why, and how sure this is."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_stage",
    agent="intent",
    purpose="Where a customer stands in buying: the likely buying stage, why, and how sure this is",
    args_model=FindStageArgs,
    run=find_stage,
)
