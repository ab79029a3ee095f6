"""Tool `read_references`."""

from core.domain.base import System
from core.domain.resources import ReferenceCase
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_references(context: ToolContext, _args: NoArgs) -> Reading[ReferenceCase]:
    """Delivered projects that may serve as references."""
    return await context.systems.resources.references(context.caller)


TOOL = ToolSpec(
    name="read_references",
    purpose="Delivered projects that may serve as references",
    system=System.RESOURCES,
    args_model=NoArgs,
    run=read_references,
)
