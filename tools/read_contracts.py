"""Tool `read_contracts`."""

from core.domain.base import System
from core.domain.contracts import Contract
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_contracts(context: ToolContext, args: OfAccount) -> Reading[Contract]:
    """Contracts of the account with their clauses."""
    reading = await context.systems.contracts.contracts(context.caller, args.account_id)
    return context.known(reading, lambda record: record.signed_on or record.starts_on)


TOOL = ToolSpec(
    name="read_contracts",
    purpose="Contracts of the account with their clauses",
    system=System.CONTRACTS,
    args_model=OfAccount,
    run=read_contracts,
)
