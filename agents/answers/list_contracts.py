"""Question `list_contracts`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class ListContractsArgs(ToolArgs):
    """Arguments of `list_contracts`."""

    account_id: AccountId


async def list_contracts(asking: Asking, args: ListContractsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Contracts of a customer: payment terms, penalties and other clauses, value, when they end."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_contracts",
    agent="operations",
    purpose="Contracts of a customer: payment terms, penalties and other clauses, value, when they end",
    args_model=ListContractsArgs,
    run=list_contracts,
)
