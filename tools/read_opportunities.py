"""Tool `read_opportunities`."""

from core.domain.base import System
from core.domain.deals import Opportunity
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_opportunities(context: ToolContext, args: OfAccount) -> Reading[Opportunity]:
    """Open and closed deals of the account."""
    reading = await context.systems.crm.opportunities(context.caller, args.account_id)
    return context.known(reading, lambda record: record.created_on)


TOOL = ToolSpec(
    name="read_opportunities",
    purpose="Open and closed deals of the account",
    system=System.CRM,
    args_model=OfAccount,
    run=read_opportunities,
)
