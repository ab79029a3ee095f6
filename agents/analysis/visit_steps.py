"""Who does what before and after the visit."""

from agents.analysis.advice import Advice
from agents.analysis.quoting import quoted
from agents.analysis.visit_facts import VisitFacts, shift, working_day_before
from core.domain.contracts import Department
from core.domain.views.operations import ApprovalStep
from core.domain.views.people import BuyingRole
from core.domain.views.proposals import Offer, RecommendationKind
from core.domain.views.risks import Severity

_STEP = RecommendationKind.NEXT_STEP
_REVIEWERS = frozenset({Department.LEGAL, Department.FINANCE, Department.SUPPLY_CHAIN})
# Risks for which another step already says what to do.
_COVERED = frozenset(
    {
        *("stock_short", "delivery_after_close", "contract_expiring", "compliance_approval", "discount_beyond_rep"),
        *("discount_beyond_policy", "no_economic_buyer", "open_objection", "competitor_active"),
    }
)


def plan_steps(advice: Advice, facts: VisitFacts, offers: tuple[Offer, ...]) -> None:
    """Add next steps while there is room: what must be settled before the visit, whom to bring, what follows."""
    for step in (_approval, _stock, _contract, _bring, _missing_role, _risk):
        # The follow-up is always the last step.
        if advice.room > 1:
            step(advice, facts, offers)
    by = shift(facts.visit_on, 2)
    sources = [facts.deal.evidence] if facts.deal else []
    advice.add(_STEP, "next_follow_up", sources, by=by)


def _approval(advice: Advice, facts: VisitFacts, offers: tuple[Offer, ...]) -> None:
    path: tuple[ApprovalStep, ...] = facts.operations.approval_path
    if not path:
        return
    kind = "next_approval" if any(offer.beyond_rep for offer in offers) else "next_path"
    names = list(dict.fromkeys(step.approver for step in path))[:4]
    cited = [cited for step in path[:3] for cited in step.evidence]
    departments = {step.department for step in path} & _REVIEWERS
    by = working_day_before(facts.visit_on, facts.today, 2)
    advice.add(_STEP, kind, cited, departments=departments, names=names, by=by)


def _stock(advice: Advice, facts: VisitFacts, _offers: tuple[Offer, ...]) -> None:
    short = facts.short
    if short is not None:
        by = working_day_before(facts.visit_on, facts.today, 1)
        departments = [Department.SUPPLY_CHAIN]
        advice.add(_STEP, "next_stock", short.evidence[:4], departments=departments, by=by)


def _contract(advice: Advice, facts: VisitFacts, _offers: tuple[Offer, ...]) -> None:
    ending = facts.ending
    if ending is not None and ending.ends_on is not None:
        by = min(working_day_before(facts.visit_on, facts.today, 1), ending.ends_on)
        departments = [Department.LEGAL]
        days = ending.days_left
        advice.add(_STEP, "next_contract", [ending.evidence], departments=departments, by=by, days=days)


def _bring(advice: Advice, facts: VisitFacts, _offers: tuple[Offer, ...]) -> None:
    """The best expert who is free and the best reference that may be shown."""
    expert = next((expert for expert in facts.resources.experts if not expert.conflicts), None)
    case = next((case for case in facts.resources.references if case.show_to_customer), None)
    if expert is None and case is None:
        return
    kind = "bring_both" if expert and case else "bring_expert" if expert else "bring_reference"
    advice.add(
        _STEP,
        kind,
        [match.evidence for match in (expert, case) if match],
        expert=quoted(expert.name, 60) if expert else None,
        reasons=list(expert.reasons[:2]) if expert else [],
        case_reasons=list(case.reasons[:2]) if case else [],
        terms=case.terms if case else None,
    )


def _missing_role(advice: Advice, facts: VisitFacts, _offers: tuple[Offer, ...]) -> None:
    wanted = (BuyingRole.ECONOMIC_BUYER, BuyingRole.CHAMPION, BuyingRole.TECHNICAL_EVALUATOR, BuyingRole.USER)
    missing = next((role for role in wanted if role in facts.people.missing_roles), None)
    guide = next((person for person in facts.people.people if person.active), None)
    if missing is not None:
        cited = list(guide.evidence[:2]) if guide else []
        name = quoted(guide.name, 60) if guide else None
        advice.add(_STEP, f"next_{missing}", cited, name=name)


def _risk(advice: Advice, facts: VisitFacts, _offers: tuple[Offer, ...]) -> None:
    open_risks = [risk for risk in facts.risks.risks if risk.code not in _COVERED and risk.severity is not Severity.LOW]
    for risk in open_risks[: max(0, min(2, advice.room - 1))]:
        advice.add(_STEP, "next_risk", risk.evidence[:4], warning=risk.text, clears=risk.clears_when)
