"""Question `list_risks`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class ListRisksArgs(ToolArgs):
    """Arguments of `list_risks`."""

    account_id: AccountId


async def list_risks(asking: Asking, args: ListRisksArgs, notebook: Notebook) -> AgentOutput[Told]:
    """What may go wrong with a customer, how grave it is, and what would clear it."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_risks",
    agent="risk",
    purpose="What may go wrong with a customer, how grave it is, and what would clear it",
    args_model=ListRisksArgs,
    run=list_risks,
)
