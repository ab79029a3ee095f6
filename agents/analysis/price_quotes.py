"""Prices inside policy for what the open deals need."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from agents.analysis.deals import Need, pieces_of
from core.domain.accounts import Account
from core.domain.deals import Opportunity, Order
from core.domain.effects import Verdict
from core.domain.money import Money
from core.domain.products import Price, PricingRule, Product
from core.domain.views.operations import PriceBasis, Quote
from core.policy.list_price import ListPrice, find_list_price, preferred_currencies
from core.policy.pricing import BoundedPrice, PriceBounds, price_bounds, price_within

_MOST_ASKED = Decimal(10)


def build_quotes(
    needs: Iterable[Need],
    *,
    account: Account,
    prices: tuple[Price, ...],
    rules: tuple[PricingRule, ...] | None,
    own_rules: bool,
    catalogue: Mapping[str, Product],
    names: Mapping[str, str],
    deals: tuple[Opportunity, ...],
    orders: tuple[Order, ...],
    today: date,
    chinese: bool,
) -> tuple[Quote, ...]:
    """One quote per needed product that has a list price, at the quantity of its leading deal.

    `own_rules` says whether the rules are records that can be cited; `rules` are None when they are not known. Raises
    PolicyError when a rule cannot be applied.
    """
    quotes = []
    for need in needs:
        product = catalogue.get(need.product_id)
        deal = need.leading
        quantity = pieces_of(deal, product)
        currencies = preferred_currencies(account, deal, deals, orders)
        listed = find_list_price(
            need.product_id, quantity, currencies=currencies, prices=prices, product=product, today=today
        )
        if listed is None:
            continue
        # Without its catalogue entry the family is unknown, and a rule for "any" might be too generous.
        bounds = None
        if rules is not None and product is not None:
            bounds = price_bounds(rules, product.family, account.customer_class, quantity)
        cited = [listed.source.evidence_id, deal.evidence_id]
        cited += [rule.evidence_id for rule in rules or () if own_rules and bounds and rule.id in bounds.rules]
        quotes.append(
            _quote(names[need.product_id], need, quantity, listed=listed, limits=bounds, cited=cited, chinese=chinese)
        )
    return tuple(quotes)


def _quote(
    name: str,
    need: Need,
    quantity: int,
    *,
    listed: ListPrice,
    limits: PriceBounds | None,
    cited: list[str],
    chinese: bool,
) -> Quote:
    bounds = limits or PriceBounds()
    return Quote(
        product_id=need.product_id,
        product=name,
        quantity=quantity,
        unit_price=listed.unit_price,
        max_discount_rep=bounds.max_discount_rep,
        max_discount_approved=bounds.max_discount_approved,
        floor_rep=_floor(listed.unit_price, bounds.max_discount_rep, bounds),
        floor_approved=_floor(listed.unit_price, bounds.max_discount_approved, bounds),
        asked_discount=asked_discount(need.leading) if limits else None,
        play=(bounds.play_zh if chinese else None) or bounds.play,
        basis=PriceBasis.PRICE_LIST if isinstance(listed.source, Price) else PriceBasis.CATALOGUE,
        valid_to=listed.valid_to,
        expired_on=listed.expired_on,
        opportunity_id=need.leading.id,
        limits_known=limits is not None,
        evidence=tuple(dict.fromkeys(cited)),
    )


def offered_price(quote: Quote) -> BoundedPrice:
    """The price to offer: what was asked where policy allows it, the list price when nothing was asked.

    Against a discount that nobody may approve, the counter-offer is what a rep may give.
    """
    bounds = PriceBounds(max_discount_rep=quote.max_discount_rep, max_discount_approved=quote.max_discount_approved)
    priced = price_within(quote.unit_price, quote.asked_discount or Decimal(0), bounds)
    if priced.verdict is Verdict.FORBIDDEN:
        priced = price_within(quote.unit_price, bounds.max_discount_rep, bounds)
    return priced


def asked_discount(deal: Opportunity) -> Decimal | None:
    """The discount the deal asks for, at most 1,000 % (a slip, but one that must be refused); None without one."""
    return min(deal.discount, _MOST_ASKED) if deal.discount is not None and deal.discount > 0 else None


def _floor(listed: Money, discount: Decimal, bounds: PriceBounds) -> Money:
    return price_within(listed, discount, bounds).unit_price or listed
