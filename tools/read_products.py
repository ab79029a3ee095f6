"""Tool `read_products`."""

from core.domain.base import System
from core.domain.products import Product
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_products(context: ToolContext, _args: NoArgs) -> Reading[Product]:
    """The product catalogue."""
    return await context.systems.crm.products(context.caller)


TOOL = ToolSpec(
    name="read_products",
    purpose="The product catalogue",
    system=System.CRM,
    args_model=NoArgs,
    run=read_products,
)
