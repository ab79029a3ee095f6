"""Rows of ERP exports as records: stock, prices, pricing rules, orders."""

from collections.abc import Callable

from connectors.exports.directory import stable_id
from connectors.exports.outcome import RefusedError
from connectors.exports.rows import Row
from core.domain.base import Record
from core.domain.deals import Order
from core.domain.products import Price, PricingRule, StockLine

_ONE_WAREHOUSE = "main"


def build_stock(row: Row) -> StockLine:
    """Stock of one product in one warehouse; a table without warehouses is about a single one."""
    product, warehouse = _code(row), row.text("warehouse") or _ONE_WAREHOUSE
    row.need("on_hand")
    return StockLine(
        id=stable_id("stock", product, warehouse),
        product_id=product,
        warehouse=warehouse,
        on_hand=row.integer("on_hand") or 0,
        reserved=row.integer("reserved") or 0,
        incoming=row.integer("incoming") or 0,
        incoming_on=row.day("incoming_on"),
        lead_time_days=row.integer("lead_time_days"),
        updated_at=row.instant("updated_at"),
    )


def build_price(row: Row) -> Price:
    """A price list entry."""
    product = _code(row)
    row.need("unit_price")
    unit_price = row.money("unit_price")
    if unit_price is None or unit_price.amount < 0:
        raise RefusedError("unit_price", "negative")
    min_quantity = row.integer("min_quantity") or 1
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise RefusedError("valid_to", f"{valid_to} is before {valid_from}")
    return Price(
        id=stable_id("price", product, unit_price.currency, min_quantity, valid_from),
        product_id=product,
        unit_price=unit_price,
        min_quantity=min_quantity,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def build_pricing_rule(row: Row) -> PricingRule:
    """How far a price may go down."""
    row.need("max_discount_rep")
    row.need("max_discount_approved")
    rep, approved = (row.share(name, limit=True) for name in ("max_discount_rep", "max_discount_approved"))
    if rep is None or approved is None or approved < rep:
        raise RefusedError("max_discount_approved", f"{approved} is below what a rep may give alone ({rep})")
    family, customer_class = row.text("family"), row.choice("customer_class", "customer_class")
    min_quantity = row.integer("min_quantity") or 1
    return PricingRule(
        id=row.text("id") or stable_id("pricing_rule", family, customer_class, min_quantity),
        family=family,
        customer_class=customer_class,
        min_quantity=min_quantity,
        max_discount_rep=rep,
        max_discount_approved=approved,
        play=row.text("play"),
        play_zh=row.text("play_zh"),
    )


def build_order(row: Row) -> Order:
    """A sales order line; it lies in its account's region. Lines of one order are told apart by their product."""
    account, product = row.account(), row.product()
    ordered_on, number, quantity = row.day("ordered_on"), row.text("id"), row.integer("quantity")
    id_ = number or stable_id("order", account.id, product, ordered_on, quantity, row.text("amount"))
    if number and row.repeats("id"):
        id_ = f"{number}/{row.text('product') or row.line}"
    return Order(
        id=id_,
        region=account.region,
        account_id=account.id,
        product_id=product,
        quantity=quantity,
        amount=row.money("amount"),
        ordered_on=ordered_on,
        delivery_on=row.day("delivery_on"),
        status=row.text("status"),
    )


def _code(row: Row) -> str:
    """The product's code; a product outside the catalogue keeps what the file calls it."""
    name = row.need("product")
    return row.product() or name


BUILDERS: dict[str, Callable[[Row], Record]] = {
    "stock": build_stock,
    "price": build_price,
    "pricing_rule": build_pricing_rule,
    "order": build_order,
}
