"""Question `list_orders`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class ListOrdersArgs(ToolArgs):
    """Arguments of `list_orders`."""

    account_id: AccountId


async def list_orders(asking: Asking, args: ListOrdersArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Orders of a customer with their delivery dates and status."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_orders",
    agent="operations",
    purpose="Orders of a customer with their delivery dates and status",
    args_model=ListOrdersArgs,
    run=list_orders,
)
