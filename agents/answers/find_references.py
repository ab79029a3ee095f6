"""Question `find_references`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindReferencesArgs(ToolArgs):
    """Arguments of `find_references`."""

    account_id: AccountId


async def find_references(asking: Asking, args: FindReferencesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Which delivered projects may serve as references for a customer, and who may see them."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_references",
    agent="resources",
    purpose="Which delivered projects may serve as references for a customer, and who may see them",
    args_model=FindReferencesArgs,
    run=find_references,
)
