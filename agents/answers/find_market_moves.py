"""Question `find_market_moves`."""

from pydantic import Field

from agents.answers.fields import AccountId, Words
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindMarketMovesArgs(ToolArgs):
    """Arguments of `find_market_moves`."""

    account_id: AccountId
    competitor: Words | None = Field(default=None, max_length=200, description="Only this competitor, by name")


async def find_market_moves(asking: Asking, args: FindMarketMovesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """What competitors did lately that matters to a customer, and which are in play there."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_market_moves",
    agent="market",
    purpose="What competitors did lately that matters to a customer, and which are in play there",
    args_model=FindMarketMovesArgs,
    run=find_market_moves,
)
