"""Tool `read_approval_rules`."""

from core.domain.base import System
from core.domain.contracts import ApprovalRule
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_approval_rules(context: ToolContext, _args: NoArgs) -> Reading[ApprovalRule]:
    """Who must approve what."""
    return await context.systems.contracts.approval_rules(context.caller)


TOOL = ToolSpec(
    name="read_approval_rules",
    purpose="Who must approve what",
    system=System.CONTRACTS,
    args_model=NoArgs,
    run=read_approval_rules,
)
