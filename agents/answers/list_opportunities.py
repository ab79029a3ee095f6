"""Question `list_opportunities`."""

from enum import StrEnum

from pydantic import Field

from agents.answers.fields import AccountId, Day
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class DealStatus(StrEnum):
    """Which deals are asked for."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    ALL = "all"


class ListOpportunitiesArgs(ToolArgs):
    """Arguments of `list_opportunities`."""

    account_id: AccountId | None = Field(default=None, description="Only deals with this customer")
    status: DealStatus = Field(default=DealStatus.OPEN, description="Which deals")
    closing_by: Day | None = Field(default=None, description="Only deals that are due to close on or before this day")
    mine: bool = Field(default=False, description="Only deals whose owner is the person who asks")


async def list_opportunities(asking: Asking, args: ListOpportunitiesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Deals that are open, won or lost: of one customer or of all, of the caller, or closing by a day."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_opportunities",
    agent="operations",
    purpose="Deals that are open, won or lost: of one customer or of all, of the caller, or closing by a day",
    args_model=ListOpportunitiesArgs,
    run=list_opportunities,
)
