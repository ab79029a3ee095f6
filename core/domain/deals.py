"""Opportunities in the CRM and orders in the ERP."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from core.domain.base import Record, System
from core.domain.money import Money


class PipelineStage(StrEnum):
    """Where the seller says a deal stands. (Where the buyer stands is a `BuyingStage`.)"""

    PROSPECTING = "prospecting"
    QUALIFICATION = "qualification"
    NEEDS_ANALYSIS = "needs_analysis"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        """Whether the deal can still be won."""
        return self not in (PipelineStage.WON, PipelineStage.LOST)


class Opportunity(Record):
    """A deal. `discount` is a fraction of the list price (0.1 is ten per cent)."""

    kind: ClassVar[str] = "opportunity"
    system: ClassVar[System] = System.CRM

    account_id: str
    name: str
    stage: PipelineStage
    amount: Money | None = None
    created_on: date | None = None
    close_on: date | None = None
    owner: str | None = None
    next_step: str | None = None
    competitor: str | None = None
    loss_reason: str | None = None
    product_id: str | None = None
    quantity: int | None = None
    discount: Decimal | None = None


class Order(Record):
    """A sales order line as the ERP holds it."""

    kind: ClassVar[str] = "order"
    system: ClassVar[System] = System.ERP

    account_id: str
    product_id: str | None = None
    quantity: int | None = None
    amount: Money | None = None
    ordered_on: date | None = None
    delivery_on: date | None = None
    status: str | None = None
