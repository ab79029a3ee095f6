"""What we sell, what it costs and how much of it is there."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from core.domain.base import Record, System
from core.domain.money import Money


class Product(Record):
    """A product; `id` is its code (SKU)."""

    kind: ClassVar[str] = "product"
    system: ClassVar[System] = System.CRM

    name: str
    name_zh: str | None = None
    family: str | None = None
    list_price: Money | None = None
    description: str | None = None


class StockLine(Record):
    """Stock of one product in one warehouse; quantities in pieces, `lead_time_days` to buy or build more."""

    kind: ClassVar[str] = "stock"
    system: ClassVar[System] = System.ERP

    product_id: str
    warehouse: str
    on_hand: int
    reserved: int = 0
    incoming: int = 0
    incoming_on: date | None = None
    lead_time_days: int | None = None
    updated_at: datetime | None = None

    @property
    def available(self) -> int:
        """Pieces on hand and not reserved."""
        return max(0, self.on_hand - self.reserved)


class Price(Record):
    """A price list entry: unit price from `min_quantity` pieces on, within its validity."""

    kind: ClassVar[str] = "price"
    system: ClassVar[System] = System.ERP

    product_id: str
    unit_price: Money
    min_quantity: int = 1
    valid_from: date | None = None
    valid_to: date | None = None


class PricingRule(Record):
    """How far a price may go down. Discounts are fractions; None in a condition means any.

    `max_discount_rep` a rep may give alone; up to `max_discount_approved` needs approval; beyond is forbidden.
    """

    kind: ClassVar[str] = "pricing_rule"
    system: ClassVar[System] = System.ERP

    family: str | None = None
    customer_class: str | None = None
    min_quantity: int = 1
    max_discount_rep: Decimal
    max_discount_approved: Decimal
    play: str | None = None
    play_zh: str | None = None
