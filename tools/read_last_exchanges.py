"""Tool `read_last_exchanges`."""

from core.domain.base import System
from core.domain.interactions import Interaction
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_last_exchanges(context: ToolContext, _args: NoArgs) -> Reading[Interaction]:
    """The newest mail, meeting or call with each account that had one."""
    return await context.memory.last_exchanges(context.caller, context.until)


TOOL = ToolSpec(
    name="read_last_exchanges",
    purpose="The newest mail, meeting or call with each account",
    system=System.MEMORY,
    args_model=NoArgs,
    run=read_last_exchanges,
)
