"""Rows of tables that are no CRM or ERP export: market news, experts, reference cases, approval rules."""

import re
from collections.abc import Callable

from connectors.exports import dates
from connectors.exports.directory import stable_id
from connectors.exports.outcome import RefusedError
from connectors.exports.rows import Row
from core.domain.base import Record
from core.domain.contracts import ApprovalRule, ClauseKind, Department
from core.domain.market import MarketNote, MoveKind
from core.domain.resources import Busy, Expert, ReferenceCase, Shareable
from core.language import is_cjk

_BUSY = re.compile(r"(.+?)\s*(?:\.\.|–|—|~|至|\bto\b)\s*(.+)")
_TITLE = 80


def build_note(row: Row) -> MarketNote:
    """A news item on a competitor."""
    competitor = row.need("competitor")
    text = row.text("text") or row.need("title")
    title = row.text("title") or text[:_TITLE]
    at, account = row.day("at"), row.account() if row.text("account") else None
    return MarketNote(
        id=row.text("id") or stable_id("note", competitor, at, title, text),
        region=row.text("region") or (account.region if account else None),
        competitor=competitor,
        title=title,
        text=text,
        move=MoveKind(row.choice("move", "move") or MoveKind.OTHER),
        at=at,
        account_id=account.id if account else None,
        industry=row.text("industry"),
        source=row.text("source"),
    )


def build_expert(row: Row) -> Expert:
    """A technical expert of ours."""
    name, email = row.need("name"), row.text("email")
    return Expert(
        id=row.text("id") or stable_id("expert", email or name),
        name=name,
        email=email,
        skills=row.listing("skills"),
        families=row.listing("families"),
        languages=row.listing("languages"),
        based_in=row.text("based_in"),
        busy=tuple(_busy(row, span) for span in row.listing("busy")),
    )


def build_reference(row: Row) -> ReferenceCase:
    """A delivered project; its customer becomes an account id when it is one of ours."""
    customer = row.need("customer")
    summary = row.need("summary")
    try:
        customer_id = row.batch.directory.account(customer).account.id
    except RefusedError:
        customer_id = None
    return ReferenceCase(
        id=row.text("id") or stable_id("reference", customer, summary),
        customer=customer,
        customer_id=customer_id,
        industry=row.text("industry"),
        family=row.text("family"),
        country=row.text("country"),
        year=row.integer("year"),
        summary=summary,
        summary_zh=row.text("summary_zh") or (summary if any(map(is_cjk, summary)) else None),
        result=row.text("result"),
        shareable=Shareable(row.choice("shareable", "shareable") or Shareable.INTERNAL),
    )


def build_approval_rule(row: Row) -> ApprovalRule:
    """One row of the approval table."""
    department = Department(row.choice("department", "department") or row.need("department"))
    approver, order = row.need("approver"), row.integer("order")
    clause = row.choice("clause", "clause")
    min_amount, max_amount = row.scaled("min_amount"), row.scaled("max_amount")
    reason = row.text("reason") or row.text("reason_zh") or approver
    key = (department, approver, order, min_amount, max_amount, clause, row.text("for_region"), row.text("countries"))
    return ApprovalRule(
        id=row.text("id") or stable_id("approval_rule", *key),
        order=order if order is not None else row.line,
        department=department,
        approver=approver,
        min_amount=min_amount,
        max_amount=max_amount,
        min_discount=row.share("min_discount", limit=True),
        for_region=row.text("for_region"),
        customer_class=row.choice("customer_class", "customer_class"),
        clause=ClauseKind(clause) if clause else None,
        countries=frozenset(row.listing("countries")),
        reason=reason,
        reason_zh=row.text("reason_zh") or (reason if any(map(is_cjk, reason)) else None),
    )


def _busy(row: Row, span: str) -> Busy:
    """`2026-03-01..2026-03-05`, or a single day."""
    parts = _BUSY.fullmatch(span)
    try:
        first = dates.parse_date(parts[1] if parts else span, row.batch.believed)
        last = dates.parse_date(parts[2] if parts else span, row.batch.believed)
    except dates.DateError as fault:
        raise RefusedError("busy", str(fault)) from None
    if last < first:
        raise RefusedError("busy", f"“{span}” ends before it begins")
    return Busy(first=first, last=last)


BUILDERS: dict[str, Callable[[Row], Record]] = {
    "market_note": build_note,
    "expert": build_expert,
    "reference": build_reference,
    "approval_rule": build_approval_rule,
}
