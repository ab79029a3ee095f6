"""Question `find_price`."""

from pydantic import Field

from agents.answers.fields import AccountId, Pieces, ProductId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindPriceArgs(ToolArgs):
    """Arguments of `find_price`."""

    product_id: ProductId
    quantity: Pieces | None = Field(default=None, description="How many pieces; quantity sets the price step")
    account_id: AccountId | None = Field(
        default=None, description="The customer it is for, whose class sets the limits"
    )


async def find_price(asking: Asking, args: FindPriceArgs, notebook: Notebook) -> AgentOutput[Told]:
    """List price of a product for a quantity, and how far a rep or an approver may go down."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_price",
    agent="operations",
    purpose="List price of a product for a quantity, and how far a rep or an approver may go down",
    args_model=FindPriceArgs,
    run=find_price,
)
