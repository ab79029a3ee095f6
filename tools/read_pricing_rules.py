"""Tool `read_pricing_rules`."""

from core.domain.base import System
from core.domain.products import PricingRule
from core.ports.reading import Reading
from tools.spec import NoArgs, ToolContext, ToolSpec


async def read_pricing_rules(context: ToolContext, _args: NoArgs) -> Reading[PricingRule]:
    """How far prices may go down."""
    return await context.systems.erp.pricing_rules(context.caller)


TOOL = ToolSpec(
    name="read_pricing_rules",
    purpose="How far prices may go down",
    system=System.ERP,
    args_model=NoArgs,
    run=read_pricing_rules,
)
