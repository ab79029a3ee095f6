"""All tools by name. A tool that is not here does not exist for agents, and none of these writes."""

from typing import Any

from core.domain.payloads import Operation
from tools import (
    create_contact,
    create_opportunity,
    create_task,
    draft_quote,
    log_activity,
    open_review,
    read_accounts,
    read_approval_rules,
    read_contacts,
    read_contracts,
    read_experts,
    read_interactions,
    read_last_exchanges,
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
    request_amendment,
    request_sample,
    reserve_stock,
    schedule_signature,
    set_next_step,
    update_contact,
    update_opportunity,
)
from tools.spec import ToolSpec, WriteSpec

TOOLS: dict[str, ToolSpec[Any, Any]] = {
    tool.name: tool
    for tool in (
        read_accounts.TOOL,
        read_approval_rules.TOOL,
        read_contacts.TOOL,
        read_contracts.TOOL,
        read_experts.TOOL,
        read_interactions.TOOL,
        read_last_exchanges.TOOL,
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

WRITE_TOOLS: dict[Operation, WriteSpec[Any]] = {
    tool.operation: tool
    for tool in (
        create_contact.TOOL,
        create_opportunity.TOOL,
        create_task.TOOL,
        draft_quote.TOOL,
        log_activity.TOOL,
        open_review.TOOL,
        request_amendment.TOOL,
        request_sample.TOOL,
        reserve_stock.TOOL,
        schedule_signature.TOOL,
        set_next_step.TOOL,
        update_contact.TOOL,
        update_opportunity.TOOL,
    )
}
