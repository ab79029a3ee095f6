"""Every read of the ports to systems of record, and a small company for them to hold."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record, System
from core.domain.contracts import ApprovalRule, Contract, Department
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.market import MarketNote
from core.domain.money import Money
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller
from core.ports.reading import Reading
from core.ports.systems import Systems

CNY = Money(amount=Decimal(100))


@dataclass(frozen=True, slots=True)
class Read:
    """One method of one port, as called for account `a1` and products `p1` and `p2`, and a record it returns."""

    name: str
    call: Callable[[Systems, Caller], Awaitable[Reading[Any]]]
    record: Record

    @property
    def system(self) -> System:
        """The system that is read."""
        return self.record.system


READS = [
    Read("accounts", lambda at, who: at.crm.accounts(who), Account(id="a1", name="恒威玻璃", region="north")),
    Read(
        "contacts",
        lambda at, who: at.crm.contacts(who, "a1"),
        Contact(id="c1", account_id="a1", name="Lin", active=False),
    ),
    Read(
        "opportunities",
        lambda at, who: at.crm.opportunities(who, "a1"),
        Opportunity(id="o1", account_id="a1", name="Line 3", stage=PipelineStage.LOST, created_on=date(2025, 3, 1)),
    ),
    Read("sales_people", lambda at, who: at.crm.sales_people(who), SalesPerson(id="s1", name="Wang")),
    Read("products", lambda at, who: at.crm.products(who), Product(id="p1", name="AX-90")),
    Read(
        "stock",
        lambda at, who: at.erp.stock(who, ["p1", "p2"]),
        StockLine(id="w1", product_id="p1", warehouse="Suzhou", on_hand=4),
    ),
    Read(
        "prices",
        lambda at, who: at.erp.prices(who, ["p1", "p2"]),
        Price(id="l1", product_id="p1", unit_price=CNY, valid_to=date(2020, 1, 1)),
    ),
    Read(
        "pricing_rules",
        lambda at, who: at.erp.pricing_rules(who),
        PricingRule(id="r1", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.1")),
    ),
    Read(
        "orders",
        lambda at, who: at.erp.orders(who, "a1"),
        Order(id="s1", account_id="a1", ordered_on=date(2025, 3, 1)),
    ),
    Read(
        "contracts",
        lambda at, who: at.contracts.contracts(who, "a1"),
        Contract(id="k1", account_id="a1", title="Frame", ends_on=date(2020, 1, 1)),
    ),
    Read(
        "approval_rules",
        lambda at, who: at.contracts.approval_rules(who),
        ApprovalRule(id="g1", order=1, department=Department.LEGAL, approver="GC", reason="liability"),
    ),
    Read(
        "notes",
        lambda at, who: at.market.notes(who, "a1"),
        MarketNote(id="n1", competitor="Nordwind", title="Cut", text="Prices down", account_id="a1"),
    ),
    Read("experts", lambda at, who: at.resources.experts(who), Expert(id="e1", name="Brandt")),
    Read(
        "references",
        lambda at, who: at.resources.references(who),
        ReferenceCase(id="f1", customer="Glass works", summary="21 % less energy"),
    ),
]

COMPANY = [read.record for read in READS]
