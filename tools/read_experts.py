"""Tool `read_experts`."""

from core.domain.base import System
from core.domain.resources import Expert
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_experts(context: ToolContext, _args: NoArgs) -> Reading[Expert]:
    """Technical experts with skills and busy days."""
    return await context.systems.resources.experts(context.caller)


TOOL = ToolSpec(
    name="read_experts",
    purpose="Technical experts with skills and busy days",
    system=System.RESOURCES,
    args_model=NoArgs,
    run=read_experts,
)
