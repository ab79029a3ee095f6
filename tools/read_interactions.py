"""Tool `read_interactions`."""

from core.domain.base import System
from core.domain.interactions import Interaction
from core.ports.reading import Reading
from tools.spec import OfAccount, ToolContext, ToolSpec


async def read_interactions(context: ToolContext, args: OfAccount) -> Reading[Interaction]:
    """Mails, meetings, calls, posts and notes of the account, oldest first."""
    return await context.memory.interactions(context.caller, args.account_id, context.until)


TOOL = ToolSpec(
    name="read_interactions",
    purpose="Mails, meetings, calls, posts and notes of the account",
    system=System.MEMORY,
    args_model=OfAccount,
    run=read_interactions,
)
