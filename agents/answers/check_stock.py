"""Question `check_stock`."""

from pydantic import Field

from agents.answers.fields import Day, Pieces, ProductIds
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class CheckStockArgs(ToolArgs):
    """Arguments of `check_stock`."""

    product_ids: ProductIds
    quantity: Pieces | None = Field(default=None, description="How many pieces are needed of each product")
    by: Day | None = Field(default=None, description="The day by which they are needed")


async def check_stock(asking: Asking, args: CheckStockArgs, notebook: Notebook) -> AgentOutput[Told]:
    """How many pieces of products are free, and whether a quantity is there or can be there by a day."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="check_stock",
    agent="operations",
    purpose="How many pieces of products are free, and whether a quantity is there or can be there by a day",
    args_model=CheckStockArgs,
    run=check_stock,
)
