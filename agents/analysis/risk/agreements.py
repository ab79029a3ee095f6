"""Risks of contracts, approvals and discounts."""

import re

from agents.analysis.quoting import quoted
from agents.analysis.risk.rule import LATE, Case, Hit, Input, Rule, cite_deals, name_deals
from agents.analysis.risk.thresholds import (
    CONTRACT_FORGOTTEN_DAYS,
    CONTRACT_NOTICE_DAYS,
    CONTRACT_URGENT_DAYS,
    SOON_DAYS,
)
from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.views.operations import ContractTerm, Quote
from core.domain.views.risks import Severity
from core.text import normalise_name

_NUMBERS = re.compile(r"[\d\W_]+")
_EXPORT = re.compile(r"export|sanction|embargo|dual.use|出口|制裁|管制|禁运", re.IGNORECASE)


def _is_superseded(contract: ContractTerm, all_of_them: tuple[ContractTerm, ...]) -> bool:
    """Whether a contract of the same title (numbers aside) runs longer."""
    title = _NUMBERS.sub(" ", normalise_name(contract.title))
    return any(
        other.contract_id != contract.contract_id
        and _NUMBERS.sub(" ", normalise_name(other.title)) == title
        and (other.days_left is None or other.days_left > (contract.days_left or 0))
        for other in all_of_them
    )


def _contract_facts(contract: ContractTerm) -> dict[str, object]:
    title = quoted(contract.title, 80) or contract.contract_id
    number = quoted(contract.number or "", 40)
    return {"title": title, "number": "" if number in title else number, "ends_on": contract.ends_on}


def contract_expiring(case: Case) -> list[Hit]:
    """A contract ends within the notice period and none takes its place."""
    contracts = case.operations.contracts if case.operations else ()
    hits = []
    for contract in contracts:
        left = contract.days_left
        if (
            left is None
            or contract.ends_on is None
            or not 0 <= left <= CONTRACT_NOTICE_DAYS
            or _is_superseded(contract, contracts)
        ):
            continue
        severity = Severity.HIGH if left <= CONTRACT_URGENT_DAYS else Severity.MEDIUM
        hits.append(Hit(severity, (contract.evidence,), {**_contract_facts(contract), "days": left}, case.today))
    return hits


def contract_expired_with_open_deal(case: Case) -> list[Hit]:
    """The last contract has run out while a late deal is open, so an order would have no basis."""
    contracts = case.operations.contracts if case.operations else ()
    if not case.late_deals or not contracts or any(one.days_left is None or one.days_left >= 0 for one in contracts):
        return []
    last = max(contracts, key=lambda contract: contract.days_left or 0)
    ended = -(last.days_left or 0)
    if last.ends_on is None or ended > CONTRACT_FORGOTTEN_DAYS:
        return []
    soon = any(0 <= case.days_to(deal.close_on, unknown=-1) <= SOON_DAYS for deal in case.late_deals)
    facts = {**_contract_facts(last), "days": ended, **name_deals(case.late_deals)}
    severity = Severity.HIGH if soon else Severity.MEDIUM
    return [Hit(severity, (last.evidence, *cite_deals(case.late_deals)), facts, case.today)]


def compliance_approval(case: Case) -> list[Hit]:
    """Legal must approve before the order, for instance because of export rules."""
    path = case.operations.approval_path if case.operations else ()
    live = {deal.opportunity_id: deal for deal in case.live_deals}
    steps = [
        step for step in path if step.department is Department.LEGAL and (step.opportunity_id or "") in {"", *live}
    ]
    if not steps or not live:
        return []
    deals = tuple({step.opportunity_id: live[step.opportunity_id] for step in steps if step.opportunity_id}.values())
    soon = any(deal.stage in LATE and 0 <= case.days_to(deal.close_on, unknown=-1) <= SOON_DAYS for deal in deals)
    export = next((step for step in steps if _EXPORT.search(step.reason)), None)
    facts = {
        "approvers": list(dict.fromkeys(quoted(step.approver, 60) or step.rule for step in steps))[:3],
        "reason": quoted((export or steps[0]).reason, 160).rstrip(".。"),
        **name_deals(deals),
    }
    sources = (*(evidence for step in steps[:4] for evidence in step.evidence), *cite_deals(deals))
    severity = Severity.MEDIUM if soon or export else Severity.LOW
    return [Hit(severity, sources, facts, case.today)]


def _discount(case: Case, quote: Quote, severity: Severity) -> Hit:
    deals = [deal for deal in case.live_deals if deal.product_id == quote.product_id and deal.discount]
    facts = {
        "product": quoted(quote.product, 60) or quote.product_id,
        "asked": quote.asked_discount,
        "rep": quote.max_discount_rep,
        "approved": quote.max_discount_approved,
        **name_deals(deals),
    }
    return Hit(severity, (*quote.evidence, *cite_deals(deals)), facts, case.today)


def discount_beyond_rep(case: Case) -> list[Hit]:
    """The discount in the CRM needs approval."""
    return [
        _discount(case, quote, Severity.MEDIUM)
        for quote in (case.operations.quotes if case.operations else ())
        if quote.asked_discount is not None
        and quote.max_discount_rep < quote.asked_discount <= quote.max_discount_approved
    ]


def discount_beyond_policy(case: Case) -> list[Hit]:
    """The discount in the CRM is more than anybody may approve."""
    return [
        _discount(case, quote, Severity.HIGH)
        for quote in (case.operations.quotes if case.operations else ())
        if quote.asked_discount is not None
        and quote.asked_discount > max(quote.max_discount_approved, quote.max_discount_rep)
    ]


_READ = ClaimState.SUPPORTED
_LEGAL, _FINANCE = (Department.LEGAL,), (Department.FINANCE,)
_FROM_OPERATIONS = (Input.OPERATIONS,)

RULES = (
    Rule("contract_expiring", _FROM_OPERATIONS, contract_expiring, _LEGAL, _READ),
    Rule("contract_expired_with_open_deal", _FROM_OPERATIONS, contract_expired_with_open_deal, _LEGAL, _READ),
    Rule("compliance_approval", _FROM_OPERATIONS, compliance_approval, _LEGAL, _READ),
    Rule("discount_beyond_rep", (Input.QUOTES,), discount_beyond_rep, _FINANCE, _READ),
    Rule("discount_beyond_policy", (Input.QUOTES,), discount_beyond_policy, _FINANCE, _READ),
)
