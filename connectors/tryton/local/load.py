"""Loads records of the hub into a Tryton database, so that the hub reads them back as they were."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from connectors.tryton.client import TrytonClient
from connectors.tryton.local.shelf import Shelf, Values, rights
from connectors.tryton.local.stock import load_stock
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.products import Price, Product, StockLine

R = TypeVar("R", bound=Record)

_STATES = {
    **dict.fromkeys((PipelineStage.PROSPECTING, PipelineStage.QUALIFICATION), "lead"),
    **dict.fromkeys((PipelineStage.NEEDS_ANALYSIS, PipelineStage.PROPOSAL, PipelineStage.NEGOTIATION), "opportunity"),
    PipelineStage.WON: "won",
    PipelineStage.LOST: "lost",
}


async def load_records(client: TrytonClient, records: Sequence[Record]) -> None:
    """Create what Tryton can hold of the records (other kinds are left out), in a database that has none of them."""
    shelf = await Shelf(client).open()
    for kind, load in _LOADERS:
        if found := [record for record in records if isinstance(record, kind)]:
            await load(shelf, found)


def _more(record: Record, *mapped: str, **kept: Any) -> Values:
    """The record's fields that have no place in Tryton, and those `kept` aside because their place does not fit."""
    without = {*mapped, "id", "region", "audience", "account_id"}
    rest = record.model_dump(mode="json", exclude=without, exclude_defaults=True)
    told = {**rest, **kept}
    return {"saleshub_more": json.dumps(told, ensure_ascii=False) if told else None}


async def _sales_people(shelf: Shelf, records: list[SalesPerson]) -> None:
    people = await shelf.create(
        "party.party", ({"name": one.name, "saleshub_role": "none", **_reach(one.email, None)} for one in records)
    )
    await shelf.create(
        "company.employee",
        (
            {"party": party, "company": shelf.company, **rights(one), **_more(one, "name", "email")}
            for one, party in zip(records, people, strict=True)
        ),
    )


async def _accounts(shelf: Shelf, records: list[Account]) -> None:
    made = await shelf.create(
        "party.party",
        (
            {
                **rights(one),
                **_more(one, "name", "customer_class"),
                "name": one.name,
                "saleshub_role": "account",
                "saleshub_class": one.customer_class,
                "addresses": [["create", [{}]]],
            }
            for one in records
        ),
    )
    shelf.parties.update(zip((one.id for one in records), made, strict=True))


async def _products(shelf: Shelf, records: list[Product]) -> None:
    products = []
    for one in records:
        price = one.list_price
        template = {"name": one.name, "code": one.id, "salable": True, "list_price": price.amount if price else None}
        currency = {"saleshub_currency": shelf.currencies[price.currency]} if price else {}
        product = {**rights(one), **currency, **_more(one, "name", "list_price")}
        products.append((template, product))
    await shelf.make_products(products)


async def _contacts(shelf: Shelf, records: list[Contact]) -> None:
    await shelf.know_parties(one.account_id for one in records)
    mapped = ("name", "title", "department", "email", "phone", "active", "left_on")
    await shelf.create(
        "party.party",
        (
            {
                **rights(one),
                **_more(one, *mapped),
                "name": one.name,
                "saleshub_role": "person",
                "saleshub_employer": shelf.parties[one.account_id],
                "saleshub_title": one.title,
                "saleshub_department": one.department,
                "saleshub_left_on": one.left_on,
                "active": one.active,
                **_reach(one.email, one.phone),
            }
            for one in records
        ),
    )


def _reach(email: str | None, phone: str | None) -> Values:
    told = [{"type": kind, "value": value} for kind, value in (("email", email), ("phone", phone)) if value]
    return {"contact_mechanisms": [["create", told]]} if told else {}


async def _opportunities(shelf: Shelf, records: list[Opportunity]) -> None:
    await shelf.know_parties(one.account_id for one in records)
    await shelf.know_products(one.product_id for one in records)
    await shelf.create("sale.opportunity", [_opportunity(shelf, one) for one in records])


def _opportunity(shelf: Shelf, one: Opportunity) -> Values:
    mapped = ["name", "stage", "amount", "close_on", "owner", "next_step", "loss_reason"]
    values = {
        "party": shelf.parties[one.account_id],
        "description": one.name,
        "state": _STATES[one.stage],
        "saleshub_stage": one.stage.value,
        "amount": one.amount.amount if one.amount else None,
        "end_date": one.close_on,
        "saleshub_owner": one.owner,
        "saleshub_next_step": one.next_step,
        "lost_reason": one.loss_reason,
    }
    if one.amount:
        values["currency"] = shelf.currencies[one.amount.currency]
    if one.product_id and one.quantity:
        mapped += ["product_id", "quantity"]
        line = {"product": shelf.products[one.product_id], "quantity": one.quantity, "unit": shelf.unit}
        values["lines"] = [["create", [line]]]
    kept = {} if one.created_on else {"created_on": None}
    if one.created_on:
        values["start_date"] = one.created_on
        mapped.append("created_on")
    return {**rights(one), **values, **_more(one, *mapped, **kept)}


async def _prices(shelf: Shelf, records: list[Price]) -> None:
    await shelf.know_products(one.product_id for one in records)
    lists = {one.unit_price.currency: await shelf.price_list(one.unit_price.currency) for one in records}
    await shelf.create(
        "product.price_list.line",
        (
            {
                **rights(one),
                "price_list": lists[one.unit_price.currency],
                "product": shelf.products[one.product_id],
                "quantity": float(one.min_quantity),
                "formula": str(one.unit_price.amount),
                "saleshub_from": one.valid_from,
                "saleshub_to": one.valid_to,
            }
            for one in records
        ),
    )


async def _orders(shelf: Shelf, records: list[Order]) -> None:
    await shelf.know_parties(one.account_id for one in records)
    await shelf.know_products(one.product_id for one in records)
    await shelf.create("sale.sale", [_order(shelf, one) for one in records])


def _order(shelf: Shelf, one: Order) -> Values:
    price = one.amount.amount / one.quantity if one.amount and one.quantity else None
    fits = price is not None and price == round(price, 4) and one.product_id
    lines = {"product": shelf.products[one.product_id], "unit": shelf.unit} if one.product_id else {}
    values = {
        "party": shelf.parties[one.account_id],
        "sale_date": one.ordered_on,
        "shipping_date": one.delivery_on,
        "currency": shelf.currencies[one.amount.currency] if one.amount else None,
        "reference": one.id,
        "lines": [["create", [{**lines, "quantity": float(one.quantity or 0), "unit_price": price}]]] if fits else None,
    }
    kept = {"status": one.status}
    mapped = ["ordered_on", "delivery_on", *(("product_id", "quantity", "amount") if fits else ())]
    return {**rights(one), **{k: v for k, v in values.items() if v is not None}, **_more(one, *mapped, **kept)}


async def _contracts(shelf: Shelf, records: list[Contract]) -> None:
    await shelf.know_parties(one.account_id for one in records)
    await shelf.create("sale.subscription", [_contract(shelf, one) for one in records])


def _contract(shelf: Shelf, one: Contract) -> Values:
    starts = one.starts_on or one.signed_on or one.ends_on
    kept = {} if one.starts_on else {"starts_on": None}
    values = {
        "party": shelf.parties[one.account_id],
        "description": one.title,
        "reference": one.number,
        "end_date": one.ends_on,
        "invoice_recurrence": shelf.recurrence,
        "start_date": starts or shelf.today,
    }
    return {**rights(one), **values, **_more(one, "title", "number", "starts_on", "ends_on", **kept)}


async def _stock(shelf: Shelf, records: list[StockLine]) -> None:
    await load_stock(shelf, records, [_more(one, *_STOCK_FIELDS) for one in records])


_STOCK_FIELDS = ("product_id", "warehouse", "on_hand", "reserved", "incoming", "incoming_on")
_LOADERS: tuple[tuple[type[Any], Callable[[Shelf, list[Any]], Awaitable[None]]], ...] = (
    (SalesPerson, _sales_people),
    (Account, _accounts),
    (Product, _products),
    (Contact, _contacts),
    (Opportunity, _opportunities),
    (Price, _prices),
    (StockLine, _stock),
    (Order, _orders),
    (Contract, _contracts),
)
