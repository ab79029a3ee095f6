"""Question `list_accounts`."""

from pydantic import Field

from agents.answers.fields import Id
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class ListAccountsArgs(ToolArgs):
    """Arguments of `list_accounts`."""

    mine: bool = Field(default=False, description="Only accounts whose owner is the person who asks")
    region: Id | None = Field(default=None, description="Only accounts in this region or below it")
    quiet_for_days: int | None = Field(
        default=None, ge=1, le=3650, description="Only accounts with which there was no exchange for that many days"
    )


async def list_accounts(asking: Asking, args: ListAccountsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Customers: those of the caller, of a region, or those that have gone quiet for a number of days."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_accounts",
    agent="history",
    purpose="Customers: those of the caller, of a region, or those that have gone quiet for a number of days",
    args_model=ListAccountsArgs,
    run=list_accounts,
)
