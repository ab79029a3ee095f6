"""Tryton as the ERP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from connectors.tryton.kinds import ORDER, PRICE, STOCK
from connectors.tryton.rows import by_id
from connectors.tryton.source import TrytonSource
from core.domain.deals import Order
from core.domain.products import Price, PricingRule, StockLine
from core.identity import Caller
from core.ports.reading import Reading
from core.ports.systems import Erp


@dataclass(frozen=True, slots=True)
class TrytonErp:
    """Stock from stock moves, prices from price lists, orders from sales; `rules` holds the rest."""

    source: TrytonSource
    rules: Erp

    async def stock(self, caller: Caller, product_ids: Sequence[str]) -> Reading[StockLine]:
        """Stock lines of the products, one per warehouse."""
        return await self.source.read(caller, STOCK, _of(product_ids))

    async def prices(self, caller: Caller, product_ids: Sequence[str]) -> Reading[Price]:
        """Price list entries of the products, also past and future ones."""
        return await self.source.read(caller, PRICE, _of(product_ids))

    async def pricing_rules(self, caller: Caller) -> Reading[PricingRule]:
        """How far prices may go down; the company's own table, kept by the hub."""
        return await self.rules.pricing_rules(caller)

    async def orders(self, caller: Caller, account_id: str) -> Reading[Order]:
        """Orders of the account, oldest first; undated ones last."""
        return await self.source.read(
            caller,
            ORDER,
            by_id(account_id, "party"),
            order=lambda one: (one.ordered_on or one.delivery_on or date.max, one.id),
        )


def _of(product_ids: Sequence[str]) -> list[object]:
    if not product_ids:
        return [["id", "<", 0]]
    return [["OR", *(by_id(id_, "product") for id_ in product_ids)]]
