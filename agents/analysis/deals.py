"""Open deals: which leads, and how much of each product they are likely to need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import plausible_money
from core.domain.products import Product

# Beyond this a figure is a slip of the keyboard, not a deal; it is treated as not given.
LARGEST_QUANTITY = 10**9

_EARLY = (PipelineStage.PROSPECTING, PipelineStage.QUALIFICATION)


@dataclass(frozen=True, slots=True)
class Need:
    """Pieces of one product over the deals that count, 0 when none says how many; `leading` is the largest that asks.

    `estimated` says that at least one deal had no quantity and was counted by its amount at list price.
    """

    product_id: str
    quantity: int
    estimated: bool
    leading: Opportunity
    deals: tuple[Opportunity, ...]


def plausible_quantity(quantity: int | None) -> int | None:
    """The quantity if it can be ordered, else None."""
    return quantity if quantity is not None and 0 < quantity <= LARGEST_QUANTITY else None


def open_deals(opportunities: Iterable[Opportunity]) -> tuple[Opportunity, ...]:
    """Open opportunities, the largest first; without an amount (or a known currency) after those, by closing date."""
    return tuple(sorted((deal for deal in opportunities if deal.stage.is_open), key=_rank))


def likely_needs(deals: Iterable[Opportunity], catalogue: Mapping[str, Product]) -> tuple[Need, ...]:
    """What the open deals need of each product, in the order of `deals`.

    Quantities are added up whole, not weighted by chance: stock has to hold when a deal comes in. Deals in prospecting
    or qualification count only for a product that no later deal asks for.
    """
    by_product: dict[str, list[Opportunity]] = {}
    for deal in deals:
        if deal.product_id:
            by_product.setdefault(deal.product_id, []).append(deal)
    return tuple(_need(product_id, asking, catalogue.get(product_id)) for product_id, asking in by_product.items())


def _need(product_id: str, asking: list[Opportunity], product: Product | None) -> Need:
    counted = [deal for deal in asking if deal.stage not in _EARLY] or asking
    sized = [(deal, *_pieces(deal, product)) for deal in counted]
    known = [(deal, pieces, guessed) for deal, pieces, guessed in sized if pieces]
    total = min(sum(pieces for _, pieces, _ in known), LARGEST_QUANTITY)
    deals = tuple(deal for deal, _, _ in known)
    return Need(product_id, total, any(guessed for _, _, guessed in known), asking[0], deals or (asking[0],))


def _pieces(deal: Opportunity, product: Product | None) -> tuple[int, bool]:
    quantity = plausible_quantity(deal.quantity)
    if quantity is not None:
        return quantity, False
    amount, price = plausible_money(deal.amount), plausible_money(product.list_price if product else None)
    if amount is None or price is None or amount.currency != price.currency:
        return 0, True
    pieces = int((amount.amount / price.amount).to_integral_value(ROUND_HALF_UP))
    return max(1, min(pieces, LARGEST_QUANTITY)), True


def pieces_of(deal: Opportunity, product: Product | None) -> int:
    """The quantity of one deal, estimated from its amount where it is not given; at least 1."""
    return max(1, _pieces(deal, product)[0])


def _rank(deal: Opportunity) -> tuple[bool, Decimal, date, str]:
    money = plausible_money(deal.amount)
    amount = money.in_cny() if money else None
    return amount is None, -(amount or Decimal(0)), deal.close_on or date.max, deal.id
