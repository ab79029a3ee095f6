"""Contracts, and the company's table of who must approve what."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from core.domain.base import Frozen, Record, System
from core.domain.money import Money


class ClauseKind(StrEnum):
    """The clause kinds that reviews and rules refer to."""

    PAYMENT = "payment"
    DELIVERY = "delivery"
    WARRANTY = "warranty"
    LIABILITY = "liability"
    CONFIDENTIALITY = "confidentiality"
    TERMINATION = "termination"
    RENEWAL = "renewal"
    PRICE = "price"
    EXCLUSIVITY = "exclusivity"
    GOVERNING_LAW = "governing_law"
    DATA = "data"
    OTHER = "other"


class Clause(Frozen):
    """One clause, verbatim."""

    kind: ClauseKind
    heading: str
    text: str


class Contract(Record):
    """A signed agreement; `ends_on` None means open-ended or not stated."""

    kind: ClassVar[str] = "contract"
    system: ClassVar[System] = System.CONTRACTS

    account_id: str
    title: str
    number: str | None = None
    parties: tuple[str, ...] = ()
    value: Money | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    clauses: tuple[Clause, ...] = ()


class Department(StrEnum):
    """A department that pre-reviews or approves."""

    SALES = "sales"
    FINANCE = "finance"
    LEGAL = "legal"
    SUPPLY_CHAIN = "supply_chain"
    MANAGEMENT = "management"


class ApprovalRule(Record):
    """One row of the approval table: when all its conditions hold, `approver` must approve, at position `order`.

    Amounts are in CNY, discounts are fractions; None (or an empty set) in a condition means any.
    """

    kind: ClassVar[str] = "approval_rule"
    system: ClassVar[System] = System.CONTRACTS

    order: int
    department: Department
    approver: str
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    min_discount: Decimal | None = None
    for_region: str | None = None
    customer_class: str | None = None
    clause: ClauseKind | None = None
    countries: frozenset[str] = frozenset()
    reason: str
    reason_zh: str | None = None
