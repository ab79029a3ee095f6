"""Risks in how the deals stand in the CRM."""

from collections.abc import Callable

from agents.analysis.risk.rule import LATE, Case, Hit, Input, Rule, Term, cite_deals, name_deals
from agents.analysis.risk.thresholds import (
    CLOSE_GRACE_DAYS,
    CLOSE_GRAVE_DAYS,
    FIELD_UNUSED_FROM,
    NEXT_STEP_WITHIN_DAYS,
    SILENCE_DAYS,
    SILENCE_GRAVE_DAYS,
    STAGE_CONFIDENCE,
    STAGE_DISTANCE,
    STAGE_MASS,
)
from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.deals import PipelineStage
from core.domain.interactions import Author, InteractionKind
from core.domain.views.operations import DealView
from core.domain.views.risks import Severity
from core.domain.views.stage import BuyingStage

# Where the buyer of a deal at each CRM stage should stand, as positions on the way from awareness (0) to purchase (4).
_EXPECTED = {
    PipelineStage.PROSPECTING: (0, 1),
    PipelineStage.QUALIFICATION: (0, 1),
    PipelineStage.NEEDS_ANALYSIS: (1, 2),
    PipelineStage.PROPOSAL: (2, 3),
    PipelineStage.NEGOTIATION: (3, 4),
}
_WAY = tuple(stage for stage in BuyingStage if stage is not BuyingStage.RENEWAL)


def stage_without_activity(case: Case) -> list[Hit]:
    """A deal well on its way, but nobody has spoken with the customer for weeks."""
    contacts = [
        one for one in case.past if one.form is not InteractionKind.POST and one.author is not Author.EXTERNAL
    ] or [one for one in case.past if one.form is not InteractionKind.POST]
    if not contacts:
        return []
    last = contacts[-1]
    quiet_for = (case.today - last.at.date()).days
    deals = [deal for deal in case.live_deals if quiet_for >= SILENCE_DAYS.get(deal.stage, quiet_for + 1)]
    if not deals:
        return []
    facts = {"last_on": last.at.date(), "days": quiet_for, **name_deals(deals)}
    grave = quiet_for >= SILENCE_GRAVE_DAYS and any(deal.stage in LATE for deal in deals)
    severity = Severity.HIGH if grave else Severity.MEDIUM
    return [Hit(severity, (last, *cite_deals(deals)), facts, last.at.date())]


def _gap(stage: PipelineStage, position: int) -> int:
    """Stages by which the buyer is behind (negative) or ahead of (positive) what the CRM stage expects."""
    low, high = _EXPECTED[stage]
    return min(0, position - low) + max(0, position - high)


def stage_mismatch(case: Case) -> list[Hit]:
    """No open deal stands anywhere near where the buyer stands."""
    stage = case.stage
    if stage is None or stage.likeliest not in _WAY or stage.confidence < STAGE_CONFIDENCE or not case.live_deals:
        return []
    position = _WAY.index(stage.likeliest)
    gaps = {deal.opportunity_id: _gap(deal.stage, position) for deal in case.live_deals}
    if min(map(abs, gaps.values())) < STAGE_DISTANCE or min(gaps.values()) * max(gaps.values()) < 0:
        return []
    behind = min(gaps.values()) < 0
    side = _WAY[: position + 1] if behind else _WAY[position:]
    mass = sum(max(0.0, stage.distribution.get(one, 0.0)) for one in side)
    if mass < STAGE_MASS:
        return []
    deal = min(case.live_deals, key=lambda one: abs(gaps[one.opportunity_id]))
    shown = [point.interaction for point in stage.history[-2:]]
    sources = (deal.evidence, *(one.evidence_id for one in case.past if one.id in shown))
    facts = {
        "crm": Term("stage", deal.stage.value),
        "buyer": Term("buying", stage.likeliest.value),
        "probability": min(1.0, mass),
        "behind": behind,
        **name_deals([deal]),
    }
    late = behind and deal.stage in LATE
    return [Hit(Severity.MEDIUM if late else Severity.LOW, sources, facts, case.day_of(sources))]


def close_date_passed(case: Case) -> list[Hit]:
    """Open deals whose close date is over."""
    passed = [deal for deal in case.open_deals if case.days_to(deal.close_on, unknown=0) < -CLOSE_GRACE_DAYS]
    passed.sort(key=lambda deal: (-case.days_to(deal.close_on, unknown=0), deal.opportunity_id))
    if not passed:
        return []
    overdue = -case.days_to(passed[0].close_on, unknown=0)
    facts = {"count": len(passed), "close_on": passed[0].close_on, "days": overdue, **name_deals(passed)}
    grave = any(deal.stage in LATE and deal in case.live_deals for deal in passed) and overdue > CLOSE_GRAVE_DAYS
    return [Hit(Severity.MEDIUM if grave else Severity.LOW, cite_deals(passed), facts, passed[0].close_on)]


def _without(case: Case, deals: list[DealView], is_empty: Callable[[DealView], bool]) -> list[DealView]:
    """Those of `deals` without a field that the company does keep."""
    unused = len(case.open_deals) >= FIELD_UNUSED_FROM and all(map(is_empty, case.open_deals))
    return [] if unused else [deal for deal in deals if is_empty(deal)]


def no_next_step(case: Case) -> list[Hit]:
    """A late deal closes soon and the CRM names no next step."""
    near = [deal for deal in case.late_deals if case.days_to(deal.close_on, unknown=0) <= NEXT_STEP_WITHIN_DAYS]
    deals = _without(case, near, lambda deal: not (deal.next_step or "").strip())
    if not deals:
        return []
    facts = {"count": len(deals), "close_on": deals[0].close_on, **name_deals(deals)}
    grave = any(deal.stage is PipelineStage.NEGOTIATION for deal in deals)
    return [Hit(Severity.MEDIUM if grave else Severity.LOW, cite_deals(deals), facts, case.today)]


def amount_missing(case: Case) -> list[Hit]:
    """A late deal has no amount."""

    def is_empty(deal: DealView) -> bool:
        return deal.amount is None or deal.amount.amount <= 0

    deals = _without(case, list(case.late_deals), is_empty)
    facts = {"count": len(deals), **name_deals(deals)}
    return [Hit(Severity.LOW, cite_deals(deals), facts, case.today)] if deals else []


_FROM_CRM = (Input.OPERATIONS,)

RULES = (
    Rule("stage_without_activity", (Input.OPERATIONS, Input.INTERACTIONS), stage_without_activity),
    Rule("stage_mismatch", (Input.STAGE, Input.OPERATIONS, Input.INTERACTIONS), stage_mismatch),
    Rule("close_date_passed", _FROM_CRM, close_date_passed, state=ClaimState.SUPPORTED),
    Rule("no_next_step", _FROM_CRM, no_next_step, state=ClaimState.SUPPORTED),
    Rule("amount_missing", _FROM_CRM, amount_missing, (Department.FINANCE,), ClaimState.SUPPORTED),
)
