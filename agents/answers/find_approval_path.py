"""Question `find_approval_path`."""

from agents.answers.fields import AccountId, Amount, Fraction
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindApprovalPathArgs(ToolArgs):
    """Arguments of `find_approval_path`."""

    account_id: AccountId
    discount: Fraction | None = None
    amount: Amount | None = None


async def find_approval_path(asking: Asking, args: FindApprovalPathArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Who must approve a deal with a customer, in order, at a discount or an amount."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_approval_path",
    agent="operations",
    purpose="Who must approve a deal with a customer, in order, at a discount or an amount",
    args_model=FindApprovalPathArgs,
    run=find_approval_path,
)
