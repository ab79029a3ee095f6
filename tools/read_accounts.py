"""Tool `read_accounts`."""

from core.domain.accounts import Account
from core.domain.base import System
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_accounts(context: ToolContext, _args: NoArgs) -> Reading[Account]:
    """All accounts the caller may see."""
    return await context.systems.crm.accounts(context.caller)


TOOL = ToolSpec(
    name="read_accounts",
    purpose="All accounts the caller may see",
    system=System.CRM,
    args_model=NoArgs,
    run=read_accounts,
)
