"""All questions that specialists answer in chat, by name."""

from typing import Any

from agents.answers import (
    check_stock,
    find_account,
    find_approval_path,
    find_contact,
    find_experts,
    find_interactions,
    find_market_moves,
    find_opportunity,
    find_people,
    find_price,
    find_references,
    find_stage,
    list_accounts,
    list_contracts,
    list_opportunities,
    list_orders,
    list_risks,
    list_signals,
    recall_history,
    suggest_proposal,
)
from agents.answers.spec import AnswerSpec

ANSWERS: dict[str, AnswerSpec[Any]] = {
    answer.name: answer
    for answer in (
        check_stock.ANSWER,
        find_account.ANSWER,
        find_approval_path.ANSWER,
        find_contact.ANSWER,
        find_experts.ANSWER,
        find_interactions.ANSWER,
        find_market_moves.ANSWER,
        find_opportunity.ANSWER,
        find_people.ANSWER,
        find_price.ANSWER,
        find_references.ANSWER,
        find_stage.ANSWER,
        list_accounts.ANSWER,
        list_contracts.ANSWER,
        list_opportunities.ANSWER,
        list_orders.ANSWER,
        list_risks.ANSWER,
        list_signals.ANSWER,
        recall_history.ANSWER,
        suggest_proposal.ANSWER,
    )
}
