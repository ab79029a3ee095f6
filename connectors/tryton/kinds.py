"""The kinds of records that Tryton holds."""

from datetime import UTC
from typing import Any

from connectors.tryton.rows import Row, RowKind, hub_id, linked, money
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, Order
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.products import Price, Product, StockLine
from core.language import detect_language

# Stages by Tryton's state; the first is meant where nobody chose one. As in the module's `deals.py`.
_STAGES = {
    "lead": ("prospecting", "qualification"),
    "opportunity": ("needs_analysis", "proposal", "negotiation"),
    "converted": ("negotiation",),
    "won": ("won",),
    "lost": ("lost",),
    "cancelled": ("lost",),
}


def _opportunity(row: Row) -> dict[str, Any]:
    stages = _STAGES[row["state"]]
    line = next(iter(row["lines."]), None)
    return {
        "name": row["description"] or row["number"],
        "stage": row["saleshub_stage"] if row["saleshub_stage"] in stages else stages[0],
        "amount": money(row["amount"], row["currency."]),
        "created_on": row["start_date"],
        "close_on": row["end_date"],
        "owner": linked(row, "employee", "party", "name") or row["saleshub_owner"],
        "next_step": row["saleshub_next_step"],
        "loss_reason": row["lost_reason"] or None,
        "product_id": hub_id(line["product."]) if line and line["product."] else None,
        "quantity": int(line["quantity"]) if line else None,
    }


def _order(row: Row) -> dict[str, Any]:
    line = next(iter(row["lines."]), None)
    amounts = [one["unit_price"] * int(one["quantity"]) for one in row["lines."] if one["unit_price"] is not None]
    return {
        "product_id": hub_id(line["product."]) if line and line["product."] else None,
        "quantity": int(line["quantity"]) if line else None,
        "amount": money(sum(amounts), row["currency."]) if amounts else None,
        "ordered_on": row["sale_date"],
        "delivery_on": row["shipping_date"],
        "status": row["state"],
    }


ACCOUNT = RowKind(
    Account,
    "party.party",
    ("name", "saleshub_class"),
    lambda row: {"name": row["name"], "customer_class": row["saleshub_class"] or "C"},
    domain=(["saleshub_role", "=", "account"], ["active", "=", True]),
)
CONTACT = RowKind(
    Contact,
    "party.party",
    ("name", "saleshub_title", "saleshub_department", "saleshub_left_on", "email", "phone", "active"),
    lambda row: {
        "name": row["name"],
        "title": row["saleshub_title"],
        "department": row["saleshub_department"],
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "active": row["active"],
        "left_on": row["saleshub_left_on"],
    },
    domain=(["saleshub_role", "=", "person"], ["saleshub_employer", "!=", None]),
    account="saleshub_employer",
    parts=("contact_mechanisms",),
)
OPPORTUNITY = RowKind(
    Opportunity,
    "sale.opportunity",
    (
        *("number", "description", "state", "amount", "currency.code", "start_date", "end_date", "lost_reason"),
        *("saleshub_stage", "saleshub_owner", "saleshub_next_step", "employee.party.name"),
        *("lines.quantity", "lines.product.saleshub_code"),
    ),
    _opportunity,
    domain=(["party", "!=", None],),
    account="party",
    parts=("lines",),
)
SALES_PERSON = RowKind(
    SalesPerson,
    "company.employee",
    ("party.name", "party.email", "supervisor.party.name"),
    lambda row: {
        "name": linked(row, "party", "name"),
        "email": linked(row, "party", "email") or None,
        "manager": linked(row, "supervisor", "party", "name"),
    },
    parts=("party",),
)
PRODUCT = RowKind(
    Product,
    "product.product",
    ("template.name", "template.list_price", "saleshub_currency.code"),
    lambda row: {
        "name": row["template."]["name"],
        "list_price": money(row["template."]["list_price"], row["saleshub_currency."]),
    },
    domain=(["template.salable", "=", True],),
    parts=("template",),
)
STOCK = RowKind(
    StockLine,
    "saleshub.stock",
    ("product.saleshub_code", "warehouse.name", "on_hand", "reserved", "incoming", "incoming_on"),
    lambda row: {
        "product_id": hub_id(row["product."]),
        "warehouse": row["warehouse."]["name"],
        **{name: row[name] for name in ("on_hand", "reserved", "incoming", "incoming_on")},
    },
)
PRICE = RowKind(
    Price,
    "product.price_list.line",
    (
        *("product.saleshub_code", "quantity", "saleshub_price", "saleshub_from", "saleshub_to"),
        *("price_list.saleshub_currency.code", "price_list.company.currency.code"),
    ),
    lambda row: {
        "product_id": hub_id(row["product."]),
        "unit_price": money(
            row["saleshub_price"],
            row["price_list."]["saleshub_currency."] or row["price_list."]["company."]["currency."],
        ),
        "min_quantity": int(row["quantity"] or 1),
        "valid_from": row["saleshub_from"],
        "valid_to": row["saleshub_to"],
    },
    domain=(["product", "!=", None],),
)
ORDER = RowKind(
    Order,
    "sale.sale",
    (
        *("sale_date", "shipping_date", "state", "currency.code"),
        *("lines.quantity", "lines.unit_price", "lines.product.saleshub_code"),
    ),
    _order,
    domain=(["OR", ["state", "in", ["confirmed", "processing", "done"]], ["saleshub_code", "!=", None]],),
    account="party",
    parts=("lines",),
)
CONTRACT = RowKind(
    Contract,
    "sale.subscription",
    ("description", "number", "reference", "start_date", "end_date"),
    lambda row: {
        "title": row["description"] or row["number"],
        "number": row["reference"],
        "starts_on": row["start_date"],
        "ends_on": row["end_date"],
    },
    domain=(["state", "!=", "cancelled"],),
    account="party",
)


def _activity(row: Row) -> dict[str, Any]:
    text = row["text"] or row["subject"]
    return {
        "id": f"tryton-activity-{row['id']}",
        "form": _FORMS.get(row["form"], InteractionKind.NOTE),
        "at": row["at"].replace(tzinfo=UTC),
        "subject": row["subject"],
        "text": text,
        "lang": detect_language(text),
        "author": Author.INTERNAL,
    }


_FORMS = {
    "call": InteractionKind.CALL,
    "meeting": InteractionKind.MEETING,
    "visit": InteractionKind.MEETING,
    "mail": InteractionKind.MAIL,
}
# What people log in Tryton is told as an exchange with the account; the hub's own entries are not told back to it.
ACTIVITY = RowKind(
    Interaction,
    "saleshub.activity",
    ("form", "subject", "text", "at"),
    _activity,
    domain=(["saleshub_keys", "=", None], ["state", "!=", "void"]),
    account="party",
)

KINDS: tuple[RowKind[Any], ...] = (
    *(ACCOUNT, CONTACT, OPPORTUNITY, SALES_PERSON, PRODUCT, STOCK, PRICE, ORDER, CONTRACT),
)
