"""Risks of stock and delivery."""

from datetime import date

from agents.analysis.quoting import quoted
from agents.analysis.risk.rule import LATE, Case, Hit, Input, Rule, cite_deals, deal_name, name_deals
from agents.analysis.risk.thresholds import DELIVERY_GRAVE_DAYS, DELIVERY_SLACK_DAYS
from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.deals import PipelineStage
from core.domain.views.operations import Cover, DealView
from core.domain.views.risks import Severity

_EARLY = (PipelineStage.PROSPECTING, PipelineStage.QUALIFICATION)


def _deals_of(case: Case, cover: Cover) -> tuple[DealView, ...]:
    return tuple(deal for deal in case.live_deals if deal.product_id == cover.product_id)


def _in_time(cover: Cover, close: date | None) -> bool:
    return cover.ready_on is not None and close is not None and cover.ready_on <= close


def _shortage(case: Case, cover: Cover, deals: tuple[DealView, ...]) -> Severity:
    close = next((deal.close_on for deal in deals if deal.close_on), None)
    if _in_time(cover, close) or all(deal.stage in _EARLY for deal in deals):
        return Severity.LOW
    most_missing = 2 * cover.short_by >= cover.needed
    return Severity.HIGH if most_missing and any(deal.stage in LATE for deal in deals) else Severity.MEDIUM


def stock_short(case: Case) -> list[Hit]:
    """Stock does not cover what the live deals need."""
    covers = case.operations.covers if case.operations else ()
    hits = []
    for cover in covers:
        deals = _deals_of(case, cover)
        if cover.short_by <= 0 or cover.needed <= 0 or not deals:
            continue
        facts = {
            "product": quoted(cover.product, 60) or cover.product_id,
            "needed": cover.needed,
            "available": cover.available,
            "short_by": cover.short_by,
            "incoming": cover.incoming if cover.incoming_on else 0,
            "incoming_on": cover.incoming_on,
            "ready_on": cover.ready_on,
            **name_deals(deals),
        }
        sources = (*cover.evidence, *cite_deals(deals))
        hits.append(Hit(_shortage(case, cover, deals), sources, facts, case.today))
    return hits


def delivery_after_close(case: Case) -> list[Hit]:
    """The full quantity is there only after the planned close of a late deal."""
    hits = []
    for cover in case.operations.covers if case.operations else ():
        dated = [deal for deal in _deals_of(case, cover) if deal.stage in LATE and deal.close_on]
        for deal in dated[:1]:
            late_by = (cover.ready_on - deal.close_on).days if cover.ready_on and deal.close_on else 0
            if cover.short_by <= 0 or late_by < DELIVERY_SLACK_DAYS:
                continue
            facts = {
                "product": quoted(cover.product, 60) or cover.product_id,
                "deal": deal_name(deal),
                "close_on": deal.close_on,
                "ready_on": cover.ready_on,
                "days": late_by,
            }
            severity = Severity.HIGH if late_by >= DELIVERY_GRAVE_DAYS else Severity.MEDIUM
            hits.append(Hit(severity, (*cover.evidence, deal.evidence), facts, case.today))
    return hits


RULES = (
    Rule("stock_short", (Input.STOCK,), stock_short, (Department.SUPPLY_CHAIN,), ClaimState.SUPPORTED),
    Rule(
        "delivery_after_close", (Input.STOCK,), delivery_after_close, (Department.SUPPLY_CHAIN,), ClaimState.SUPPORTED
    ),
)
