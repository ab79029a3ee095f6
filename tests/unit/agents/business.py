"""A small fictional business to try agents on: one account, two deals, stock, prices, contracts and rules."""

from datetime import date
from decimal import Decimal
from typing import Any

from agents.operations import OperationsInput
from core.domain.accounts import Account
from core.domain.contracts import ApprovalRule, Clause, ClauseKind, Contract, Department
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.money import Money
from core.domain.products import Price, PricingRule, Product, StockLine

TODAY = date(2026, 3, 2)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount))


ACCOUNT = Account(id="acc-1", name="Nordlicht Papier", country="China", customer_class="A", region="East")
PUMP = Product(id="P-100", name="Pulse pump P-100", name_zh="脉冲泵 P-100", family="Pumps", list_price=cny("26000"))
VALVE = Product(id="V-7", name="Valve V-7", name_zh="阀门 V-7", family="Valves", list_price=cny("900"))
DEAL = Opportunity(
    id="o-1",
    account_id="acc-1",
    name="Pump line Suzhou",
    stage=PipelineStage.NEGOTIATION,
    amount=cny("1000000"),
    close_on=date(2026, 4, 30),
    product_id="P-100",
    quantity=40,
    discount=Decimal("0.08"),
    next_step="Send the revised offer",
)
SMALL = Opportunity(
    id="o-2",
    account_id="acc-1",
    name="Valves spare",
    stage=PipelineStage.PROPOSAL,
    amount=cny("9000"),
    close_on=date(2026, 2, 1),
    product_id="V-7",
    quantity=10,
)
LOST = Opportunity(
    id="o-3",
    account_id="acc-1",
    name="Old line",
    stage=PipelineStage.LOST,
    close_on=date(2025, 5, 1),
    loss_reason="Delivery too late",
)
STOCK = (
    StockLine(id="s-1", product_id="P-100", warehouse="SH", on_hand=10, reserved=4, lead_time_days=60),
    StockLine(id="s-2", product_id="P-100", warehouse="SZ", on_hand=4, incoming=50, incoming_on=date(2026, 3, 20)),
    StockLine(id="s-3", product_id="V-7", warehouse="SH", on_hand=500),
)
PRICES = (
    Price(id="pr-1", product_id="P-100", unit_price=cny("25000"), valid_to=date(2026, 12, 31)),
    Price(id="pr-2", product_id="P-100", unit_price=cny("24000"), min_quantity=30, valid_to=date(2026, 12, 31)),
    Price(id="pr-3", product_id="V-7", unit_price=cny("880"), valid_to=date(2025, 12, 31)),
)
RULES = (
    PricingRule(
        id="r-1",
        family="Pumps",
        max_discount_rep=Decimal("0.05"),
        max_discount_approved=Decimal("0.1"),
        play="Frame order",
        play_zh="框架订单",
    ),
)
CONTRACT = Contract(
    id="k-1",
    account_id="acc-1",
    title="Frame agreement",
    number="FA-2024-7",
    value=cny("3000000"),
    ends_on=date(2026, 4, 15),
    clauses=(
        Clause(kind=ClauseKind.PAYMENT, heading="Payment", text="Payment is due 60 days after delivery."),
        Clause(kind=ClauseKind.DELIVERY, heading="Delivery", text="Delivery within 30 days of the order."),
        Clause(kind=ClauseKind.LIABILITY, heading="Liability", text="Liability is limited to the order value."),
    ),
)


def approval(name: str, order: int, department: Department, approver: str, **conditions: Any) -> ApprovalRule:
    return ApprovalRule(
        id=name,
        order=order,
        department=department,
        approver=approver,
        reason=f"{name} applies",
        reason_zh=f"适用 {name}",
        **conditions,
    )


APPROVALS = (
    approval("big", 3, Department.MANAGEMENT, "Wei Lan", min_amount=Decimal(5_000_000)),
    approval("money", 2, Department.FINANCE, "Ines Kost", min_discount=Decimal("0.06")),
    approval("clauses", 2, Department.LEGAL, "Ruo Bai", clause=ClauseKind.LIABILITY),
    approval("sales", 1, Department.SALES, "Tom Hale", min_amount=Decimal(500_000)),
)


def operations_input(**changes: Any) -> OperationsInput:
    """Everything readable; `changes` replace fields."""
    given: dict[str, Any] = {
        "today": TODAY,
        "account": ACCOUNT,
        "opportunities": (LOST, SMALL, DEAL),
        "orders": (Order(id="or-1", account_id="acc-1", ordered_on=date(2025, 9, 1), amount=cny("120000")),),
        "products": (PUMP, VALVE),
        "stock": STOCK,
        "prices": PRICES,
        "pricing_rules": RULES,
        "contracts": (CONTRACT,),
        "approval_rules": APPROVALS,
    }
    return OperationsInput(**given | changes)
