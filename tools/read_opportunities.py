"""Tool `read_opportunities`."""

from core.domain.base import System
from core.domain.deals import Opportunity
from core.ports.reading import Reading
from tools.spec import OfAccounts, ToolContext, ToolSpec


async def read_opportunities(context: ToolContext, args: OfAccounts) -> Reading[Opportunity]:
    """Open and closed deals of the account, or of all of them."""
    reading = await context.systems.crm.opportunities(context.caller, args.account_id)
    return context.known(reading, lambda record: record.created_on)


TOOL = ToolSpec(
    name="read_opportunities",
    purpose="Open and closed deals of the account, or of all of them",
    system=System.CRM,
    args_model=OfAccounts,
    run=read_opportunities,
)
