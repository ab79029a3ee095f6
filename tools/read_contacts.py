"""Tool `read_contacts`."""

from core.domain.accounts import Contact
from core.domain.base import System
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_contacts(context: ToolContext, args: OfAccount) -> Reading[Contact]:
    """People at the account, those who left included."""
    return await context.systems.crm.contacts(context.caller, args.account_id)


TOOL = ToolSpec(
    name="read_contacts",
    purpose="People at the account, those who left included",
    system=System.CRM,
    args_model=OfAccount,
    run=read_contacts,
)
