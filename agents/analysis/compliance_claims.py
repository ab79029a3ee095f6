"""What the operations agent says about approvals and contracts, and to which department each sentence goes."""

from decimal import Decimal
from typing import Any

from agents.analysis.approval_steps import DealPath
from agents.analysis.quoting import quoted
from agents.spec import Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.contracts import ApprovalRule, ClauseKind, Department
from core.domain.deals import Opportunity
from core.domain.money import Money
from core.domain.views.operations import ApprovalStep, ContractTerm
from core.language import Lang
from core.policy.decision import PolicyError
from core.text import split_sentences

_LEGAL = (Department.LEGAL,)
_MONEY = (Department.FINANCE, Department.LEGAL)
_REVIEWERS = frozenset({Department.LEGAL, Department.FINANCE, Department.SUPPLY_CHAIN})
_INFERRED = ClaimState.INFERRED
_ENDING_DAYS = 90
_MOST_CONTRACTS = 3
_MOST_CLAUSES = 3
_CLAUSE_CHARACTERS = 160
_CLAUSE_ORDER = (
    ClauseKind.PAYMENT,
    ClauseKind.DELIVERY,
    ClauseKind.LIABILITY,
    ClauseKind.EXCLUSIVITY,
    ClauseKind.PRICE,
    ClauseKind.RENEWAL,
    ClauseKind.TERMINATION,
    ClauseKind.WARRANTY,
    ClauseKind.DATA,
)
_CLAUSES_OF_THE_END = (ClauseKind.RENEWAL, ClauseKind.TERMINATION)
_CLAUSE_READERS = {
    ClauseKind.PAYMENT: (*_MONEY,),
    ClauseKind.PRICE: (*_MONEY,),
    ClauseKind.DELIVERY: (Department.SUPPLY_CHAIN, Department.LEGAL),
}


def build_steps(note: Notebook, path: DealPath, *, own: bool) -> tuple[ApprovalStep, ...]:
    """The path as steps: rules that ask the same person at the same point are one step."""
    merged: dict[tuple[int, Department, str], list[ApprovalRule]] = {}
    for rule in path.rules:
        merged.setdefault((rule.order, rule.department, rule.approver), []).append(rule)
    return tuple(_step(note, path.deal, rules, own=own) for rules in merged.values())


def _step(note: Notebook, deal: Opportunity, rules: list[ApprovalRule], *, own: bool) -> ApprovalStep:
    chinese = note.given.lang is Lang.ZH
    reasons = [(rule.reason_zh if chinese else None) or rule.reason for rule in rules]
    tidy = dict.fromkeys(quoted(reason, 200).rstrip(".。 ") for reason in reasons)
    first = rules[0]
    # A default table is not a record of the company, so it cannot be cited; the deal can.
    cited = [rule.evidence_id for rule in rules] if own else []
    return ApprovalStep(
        order=first.order,
        department=first.department,
        approver=approver_name(note, first, own=own),
        rule=", ".join(rule.id for rule in rules),
        reason=("；" if chinese else "; ").join(tidy),
        opportunity_id=deal.id,
        evidence=(*cited, deal.evidence_id),
    )


def approver_name(note: Notebook, rule: ApprovalRule, *, own: bool) -> str:
    """Who approves: as the company's table has it, or the role in the hub's own table in the reader's language."""
    return quoted(rule.approver, 60) if own else note.phrase(f"approver_{_slug(rule.approver)}")


def say_path(note: Notebook, path: DealPath, steps: tuple[ApprovalStep, ...], *, clauses_known: bool) -> None:
    """The path as a whole, what it assumes, then each step with its reason."""
    deal, name = path.deal, quoted(path.deal.name, 80)
    amount = Money(amount=path.amount_cny.quantize(Decimal(1))) if path.amount_cny is not None else None
    everyone = {step.department for step in steps} & _REVIEWERS
    if path.forbidden:
        asked = {"asked": path.asked, "limit": path.limit}
        note.claim(
            Section.APPROVAL_PATH, "path_forbidden", deal, state=_INFERRED, departments=_MONEY, deal=name, **asked
        )
    if steps:
        shown: dict[str, Any] = {"amount": amount, "discount": path.discount or None, "steps": _groups(steps)}
        cited = [cited for step in steps for cited in step.evidence]
        note.claim(
            Section.APPROVAL_PATH, "path_overview", *cited, state=_INFERRED, departments=everyone, deal=name, **shown
        )
    else:
        note.claim(
            Section.APPROVAL_PATH, "path_free", deal, state=_INFERRED, departments=_LEGAL, deal=name, amount=amount
        )
    if path.unapproved:
        shown = {"deal": name, "discount": path.discount}
        note.claim(Section.APPROVAL_PATH, "path_unapproved", deal, state=_INFERRED, departments=_MONEY, **shown)
    if amount is None and any(rule.min_amount is not None or rule.max_amount is not None for rule in path.rules):
        note.claim(Section.APPROVAL_PATH, "path_amount_unknown", deal, state=_INFERRED, departments=_MONEY, deal=name)
    if not clauses_known and any(rule.clause for rule in path.rules):
        note.claim(Section.APPROVAL_PATH, "path_clauses_unknown", deal, state=_INFERRED, departments=_LEGAL)
    for step in steps:
        note.claim(
            Section.APPROVAL_PATH,
            "step",
            *step.evidence,
            state=_INFERRED,
            departments={step.department} & _REVIEWERS,
            order=step.order,
            approver=step.approver,
            department=note.phrase(f"department_{step.department}"),
            reason=step.reason,
        )


def say_default_table(note: Notebook, deal: Opportunity) -> None:
    """The company has no approval table; the hub's is used."""
    note.claim(Section.APPROVAL_PATH, "path_default", deal, state=_INFERRED, departments=_LEGAL)


def say_nothing_to_approve(note: Notebook, account: Account) -> None:
    """Without a deal there is no path."""
    note.claim(Section.APPROVAL_PATH, "path_nothing", account, state=_INFERRED)


def say_approvals_unusable(note: Notebook, deal: Opportunity, error: PolicyError) -> None:
    """The approval table cannot be applied."""
    shown = {"deal": quoted(deal.name, 80), "problem": quoted(str(error), 160)}
    note.claim(Section.APPROVAL_PATH, "approvals_unusable", deal, state=_INFERRED, departments=_MONEY, **shown)


def say_contracts(note: Notebook, account: Account, terms: tuple[ContractTerm, ...]) -> None:
    """Ends and terms of the contracts that matter most."""
    if not terms:
        name = quoted(account.name, 80)
        note.claim(Section.APPROVAL_PATH, "contract_none", account, departments=_LEGAL, account=name)
    for term in terms[:_MOST_CONTRACTS]:
        _say_end(note, term)
        if term.days_left is None or term.days_left >= 0:
            _say_clauses(note, term)


def _say_end(note: Notebook, term: ContractTerm) -> None:
    shown: dict[str, Any] = {"title": term.title, "number": term.number}
    if term.days_left is None:
        kind = "contract_open"
    elif term.days_left < 0:
        kind = "contract_expired"
    else:
        kind = "contract_ending" if term.days_left <= _ENDING_DAYS else "contract_running"
    if term.days_left is not None:
        shown |= {"ends_on": term.ends_on, "days": abs(term.days_left)}
    if kind != "contract_expired":
        shown |= {"value": term.value}
    note.claim(Section.APPROVAL_PATH, kind, term.evidence, departments=_LEGAL, **shown)


def _say_clauses(note: Notebook, term: ContractTerm) -> None:
    """The clauses that matter most, each wording once; how it ends or goes on comes first when it soon ends."""
    by_text: dict[str, ClauseKind] = {}
    ending = term.days_left is not None and term.days_left <= _ENDING_DAYS
    first = [kind for kind in _CLAUSES_OF_THE_END if ending and kind in term.clauses]
    others = [kind for kind in _CLAUSE_ORDER if kind in term.clauses and kind not in first]
    for kind in [*first, *others[:_MOST_CLAUSES]]:
        by_text.setdefault(" ".join(_opening(term.clauses[kind]).casefold().split()), kind)
    for kind in by_text.values():
        note.claim(
            Section.APPROVAL_PATH,
            "clause",
            term.evidence,
            departments=_CLAUSE_READERS.get(kind, _LEGAL),
            title=term.title,
            topic=note.phrase(f"clause_{kind}"),
            text=_opening(term.clauses[kind]),
        )


def _opening(text: str) -> str:
    """As many whole sentences as fit on two lines, the first one in any case."""
    first, *others = split_sentences(text) or [""]
    for sentence in others:
        if len(first) + len(sentence) > _CLAUSE_CHARACTERS or sentence.endswith("…"):
            break
        first = f"{first} {sentence}" if first.isascii() else first + sentence
    return quoted(first, _CLAUSE_CHARACTERS)


def _groups(steps: tuple[ApprovalStep, ...]) -> list[str]:
    """Approvers by order, those of equal order together."""
    orders = sorted({step.order for step in steps})
    joint = [dict.fromkeys(step.approver for step in steps if step.order == order) for order in orders]
    return [" + ".join(approvers) for approvers in joint]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_")
