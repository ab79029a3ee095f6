"""Deals, stock, prices, contracts and approvals: the operations agent's view."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.domain.base import Frozen
from core.domain.contracts import ClauseKind, Department
from core.domain.deals import PipelineStage
from core.domain.money import Money


class DealView(Frozen):
    """An open opportunity as the visit needs it."""

    opportunity_id: str
    name: str
    stage: PipelineStage
    amount: Money | None
    close_on: date | None
    product_id: str | None
    quantity: int | None
    discount: Decimal | None
    next_step: str | None
    evidence: str


class Cover(Frozen):
    """Whether stock covers the likely need of one product.

    `needed` pieces over the open deals; `available` now; `incoming` until `incoming_on`; `short_by` = what is missing
    now; `ready_on` = the earliest date on which all of it can be there (None when unknown). `estimated` says that a
    deal without a quantity was counted by its amount at list price.
    """

    product_id: str
    product: str
    needed: int
    available: int
    incoming: int
    incoming_on: date | None
    lead_time_days: int | None
    short_by: int
    ready_on: date | None
    estimated: bool = False
    evidence: tuple[str, ...] = ()


class PriceBasis(StrEnum):
    """Where a list price comes from: a valid price list entry, or else the catalogue."""

    PRICE_LIST = "price_list"
    CATALOGUE = "catalogue"


class Quote(Frozen):
    """A price inside policy for one product at the likely quantity.

    Discounts are fractions. `unit_price` is the list price for the quantity; `floor_rep` the lowest unit price
    a rep may offer alone, `floor_approved` the lowest one that approval may allow. `asked_discount` is the one in the
    CRM. `expired_on` is the end of the last price list entry, when the catalogue had to stand in for it.
    `approvers` must agree to the deal at the price that is offered: the asked discount where policy allows it.
    Without `limits_known` no pricing rule could be read or applied: no discount may be given, and none is compared.
    """

    product_id: str
    product: str
    quantity: int
    unit_price: Money
    max_discount_rep: Decimal
    max_discount_approved: Decimal
    floor_rep: Money
    floor_approved: Money
    asked_discount: Decimal | None = None
    play: str | None = None
    basis: PriceBasis = PriceBasis.PRICE_LIST
    valid_to: date | None = None
    expired_on: date | None = None
    opportunity_id: str | None = None
    limits_known: bool = True
    approvers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class ContractTerm(Frozen):
    """A contract with its terms that matter for the visit; `days_left` is negative once expired."""

    contract_id: str
    title: str
    number: str | None
    value: Money | None
    ends_on: date | None
    days_left: int | None
    clauses: dict[ClauseKind, str]
    evidence: str


class ApprovalStep(Frozen):
    """One approval on the path; steps with equal `order` run side by side."""

    order: int
    department: Department
    approver: str
    rule: str
    reason: str
    opportunity_id: str | None = None
    evidence: tuple[str, ...] = ()


class OperationsView(Frozen):
    """CRM, ERP and contract facts for one account; `won`, `lost` and `orders` count what is on record."""

    deals: tuple[DealView, ...] = ()
    won: int = 0
    lost: int = 0
    last_order_on: date | None = None
    orders: int = 0
    covers: tuple[Cover, ...] = ()
    quotes: tuple[Quote, ...] = ()
    contracts: tuple[ContractTerm, ...] = ()
    approval_path: tuple[ApprovalStep, ...] = ()
