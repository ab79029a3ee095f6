"""The list price that applies: the right currency, the right quantity, valid on the day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.accounts import Account
from core.domain.deals import Opportunity, Order
from core.domain.money import Money, plausible_money
from core.domain.products import Price, Product
from core.policy.countries import currency_of


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A unit list price and the record it stands in; `expired_on` when only outdated list entries exist."""

    unit_price: Money
    source: Price | Product
    valid_to: date | None = None
    expired_on: date | None = None


def preferred_currencies(
    account: Account, deal: Opportunity, deals: Iterable[Opportunity], orders: Iterable[Order]
) -> tuple[str, ...]:
    """Currencies to quote in: the deal's own, that of the account's country, then those it used most."""
    amounts = [*(deal.amount for deal in deals), *(order.amount for order in orders)]
    used = Counter(amount.currency for amount in amounts if amount)
    own = [deal.amount.currency] if deal.amount else []
    home = currency_of(account.country)
    ranked = sorted(used, key=lambda currency: (-used[currency], currency))
    return tuple(dict.fromkeys([*own, *([home] if home else []), *ranked]))


def find_list_price(
    product_id: str,
    quantity: int,
    *,
    currencies: Iterable[str],
    prices: Iterable[Price],
    product: Product | None,
    today: date,
) -> ListPrice | None:
    """The price for `quantity` pieces in the first currency that has one; None when there is none at all.

    In each currency a valid price list entry comes before the catalogue; currencies nobody asked for come last.
    Prices are never converted.
    """
    entries = [price for price in prices if price.product_id == product_id and plausible_money(price.unit_price)]
    fitting = [price for price in entries if price.min_quantity <= quantity]
    valid = [price for price in fitting if _is_valid(price, today)]
    catalogue = plausible_money(product.list_price if product else None)
    wanted = list(currencies)
    others = sorted({price.unit_price.currency for price in valid} - set(wanted))
    if catalogue and catalogue.currency not in (*wanted, *others):
        others.append(catalogue.currency)
    for currency in (*wanted, *others):
        listed = [price for price in valid if price.unit_price.currency == currency]
        if listed:
            best = max(listed, key=_precedence)
            return ListPrice(best.unit_price, best, valid_to=best.valid_to)
        if product and catalogue and catalogue.currency == currency:
            return ListPrice(catalogue, product, expired_on=last_expiry(fitting, today))
    return None


def last_expiry(prices: Iterable[Price], today: date) -> date | None:
    """The latest day on which an entry ended before `today`."""
    return max((price.valid_to for price in prices if price.valid_to and price.valid_to < today), default=None)


def _is_valid(price: Price, today: date) -> bool:
    return (price.valid_from is None or price.valid_from <= today) and (
        price.valid_to is None or today <= price.valid_to
    )


def _precedence(price: Price) -> tuple[int, date, object, str]:
    # Between entries of one day the dearer one: a price may be lowered later, hardly raised.
    return price.min_quantity, price.valid_from or date.min, price.unit_price.amount, price.id
