"""Tool `read_sales_people`."""

from core.domain.accounts import SalesPerson
from core.domain.base import System
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_sales_people(context: ToolContext, _args: NoArgs) -> Reading[SalesPerson]:
    """Our sellers and their teams."""
    return await context.systems.crm.sales_people(context.caller)


TOOL = ToolSpec(
    name="read_sales_people",
    purpose="Our sellers and their teams",
    system=System.CRM,
    args_model=NoArgs,
    run=read_sales_people,
)
