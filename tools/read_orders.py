"""Tool `read_orders`."""

from core.domain.base import System
from core.domain.deals import Order
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_orders(context: ToolContext, args: OfAccount) -> Reading[Order]:
    """Orders of the account."""
    reading = await context.systems.erp.orders(context.caller, args.account_id)
    return context.known(reading, lambda record: record.ordered_on)


TOOL = ToolSpec(
    name="read_orders",
    purpose="Orders of the account",
    system=System.ERP,
    args_model=OfAccount,
    run=read_orders,
)
