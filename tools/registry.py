"""All tools by name. A tool that is not here does not exist for agents."""

from typing import Any

from tools import (
    read_accounts,
    read_approval_rules,
    read_contacts,
    read_contracts,
    read_experts,
    read_interactions,
    read_market_notes,
    read_opportunities,
    read_orders,
    read_prices,
    read_pricing_rules,
    read_products,
    read_references,
    read_sales_people,
    read_stock,
    recall_history,
)
from tools.spec import ToolSpec

TOOLS: dict[str, ToolSpec[Any, Any]] = {
    tool.name: tool
    for tool in (
        read_accounts.TOOL,
        read_approval_rules.TOOL,
        read_contacts.TOOL,
        read_contracts.TOOL,
        read_experts.TOOL,
        read_interactions.TOOL,
        read_market_notes.TOOL,
        read_opportunities.TOOL,
        read_orders.TOOL,
        read_prices.TOOL,
        read_pricing_rules.TOOL,
        read_products.TOOL,
        read_references.TOOL,
        read_sales_people.TOOL,
        read_stock.TOOL,
        recall_history.TOOL,
    )
}
