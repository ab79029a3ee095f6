"""Tool `read_prices`."""

from core.domain.base import System
from core.domain.products import Price
from core.ports.reading import Reading
from tools.spec import OfProducts, ToolContext, ToolSpec


async def read_prices(context: ToolContext, args: OfProducts) -> Reading[Price]:
    """Price list entries of products."""
    return await context.systems.erp.prices(context.caller, args.product_ids)


TOOL = ToolSpec(
    name="read_prices",
    purpose="Price list entries of products",
    system=System.ERP,
    args_model=OfProducts,
    run=read_prices,
)
