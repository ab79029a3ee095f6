"""Tool `read_market_notes`."""

from core.domain.base import System
from core.domain.market import MarketNote
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_market_notes(context: ToolContext, args: OfAccount) -> Reading[MarketNote]:
    """Competitor moves that may concern the account."""
    reading = await context.systems.market.notes(context.caller, args.account_id)
    return context.known(reading, lambda record: record.at)


TOOL = ToolSpec(
    name="read_market_notes",
    purpose="Competitor moves that may concern the account",
    system=System.MARKET,
    args_model=OfAccount,
    run=read_market_notes,
)
