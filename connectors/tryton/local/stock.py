"""Loads stock lines as the stock moves that make them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.tryton.local.shelf import Shelf, Values, rights
from core.domain.products import StockLine


async def load_stock(shelf: Shelf, records: Sequence[StockLine], more: Sequence[Values]) -> None:
    """What is on hand comes from a correction, what is reserved is assigned to customers, the rest is on its way."""
    await shelf.know_products(one.product_id for one in records)
    lines, there, held, coming = [], [], [], []
    for one, extra in zip(records, more, strict=True):
        place = await shelf.warehouse(one.warehouse)
        product, storage = shelf.products[one.product_id], place["storage_location"]
        lines.append({**rights(one), **extra, "product": product, "warehouse": place["id"]})
        there += _moves(shelf, product, one.on_hand, shelf.lost_found, storage)
        held += _moves(shelf, product, one.reserved, storage, shelf.customer, priced=True)
        coming += _moves(
            shelf, product, one.incoming, shelf.supplier, storage, priced=True, planned_date=one.incoming_on
        )
    await shelf.create("saleshub.stock", lines)
    if done := await shelf.create("stock.move", there):
        await shelf.call("stock.move.do", done)
    if assigned := await shelf.create("stock.move", held):
        await shelf.call("saleshub.loading.write_rows", "stock.move", assigned, {"state": "assigned"})
    await shelf.create("stock.move", coming)


def _moves(
    shelf: Shelf, product: int, pieces: int, source: int, target: int, *, priced: bool = False, **values: Any
) -> list[Values]:
    """At most one move; `priced` where Tryton asks for a price because the goods change their owner."""
    if not pieces:
        return []
    price = {"unit_price": Decimal(0), "currency": shelf.currencies["CNY"]} if priced else {}
    places = {"from_location": source, "to_location": target, "company": shelf.company}
    return [{"product": product, "unit": shelf.unit, "quantity": float(pieces), **places, **price, **values}]
