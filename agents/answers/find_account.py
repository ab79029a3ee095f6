"""Question `find_account`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindAccountArgs(ToolArgs):
    """Arguments of `find_account`."""

    account_id: AccountId


async def find_account(asking: Asking, args: FindAccountArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Who a customer is in one look: owner, class, industry, region, open deals, last contact."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_account",
    agent="history",
    purpose="Who a customer is in one look: owner, class, industry, region, open deals, last contact",
    args_model=FindAccountArgs,
    run=find_account,
)
