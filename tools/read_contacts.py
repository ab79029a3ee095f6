"""Tool `read_contacts`."""

from core.domain.accounts import Contact
from core.domain.base import System
from core.ports.reading import Reading
from tools.spec import OfAccounts, ToolContext, ToolSpec


async def read_contacts(context: ToolContext, args: OfAccounts) -> Reading[Contact]:
    """People at the account, or at all of them, those who left included."""
    return await context.systems.crm.contacts(context.caller, args.account_id)


TOOL = ToolSpec(
    name="read_contacts",
    purpose="People at the account, or at all of them, those who left included",
    system=System.CRM,
    args_model=OfAccounts,
    run=read_contacts,
)
