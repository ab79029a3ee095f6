"""Tool `read_stock`."""

from core.domain.base import System
from core.domain.products import StockLine
from core.ports.reading import Reading
from tools.spec import OfProducts, ToolContext, ToolSpec


async def read_stock(context: ToolContext, args: OfProducts) -> Reading[StockLine]:
    """Stock, incoming goods and lead times of products."""
    return await context.systems.erp.stock(context.caller, args.product_ids)


TOOL = ToolSpec(
    name="read_stock",
    purpose="Stock, incoming goods and lead times of products",
    system=System.ERP,
    args_model=OfProducts,
    run=read_stock,
)
