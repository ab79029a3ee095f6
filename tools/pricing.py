"""Amounts and prices as given, against what the systems and policy say; shared by the write tools."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_UP, Decimal, localcontext
from typing import Annotated

from pydantic import Field

from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.domain.effects import Verdict
from core.domain.money import Money
from core.domain.payloads import QuoteLine
from core.domain.products import Price, PricingRule, Product
from core.errors import InvalidInputError
from core.policy.countries import currency_of
from core.policy.decision import PolicyError
from core.policy.list_price import find_list_price
from core.policy.pricing import PriceBounds, price_bounds, price_within

Amount = Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 12, decimal_places=2)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
# Finer than any price list; an effective discount is rounded up to it, so that it never looks smaller than it is.
_PRECISION = Decimal("0.000001")


def money_of(amount: Decimal, currency: str | None, account: Account, deal: Opportunity | None = None) -> Money:
    """The amount in the currency given, else in that of the deal, else in that of the account's country."""
    known = currency or (deal.amount.currency if deal and deal.amount else None) or currency_of(account.country)
    if known is None:
        raise InvalidInputError(
            "it is not known in which currency this is", field="currency", remedy="Give it as a code such as EUR."
        )
    return Money(amount=amount, currency=known)


def list_price_in(
    product: Product,
    quantity: int,
    currency: str | None,
    prices: Sequence[Price],
    *,
    strict: bool,
    today: date,
    field: str,
) -> Money:
    """The unit list price for the quantity, in `currency` if there is one; `strict` takes no other.

    Prices are never converted, so one quote has one currency. Raises InvalidInputError when there is no such price.
    """
    wanted = [currency] if currency else []
    listed = find_list_price(product.id, quantity, currencies=wanted, prices=prices, product=product, today=today)
    if listed is None:
        raise InvalidInputError(
            f"{product.name} ({product.id}) has no list price", field=field, remedy="Enter one in the price list."
        )
    if strict and listed.unit_price.currency != currency:
        raise InvalidInputError(
            f"{product.name} ({product.id}) is listed in {listed.unit_price.currency}, not in {currency}; "
            "a quote has one currency",
            field=field,
            remedy="Write one quote per currency.",
        )
    return listed.unit_price


def bounds_for(rules: tuple[PricingRule, ...], product: Product, account: Account, quantity: int) -> PriceBounds:
    """How far the price may go down; InvalidInputError when a rule cannot be applied: then nothing may be quoted."""
    try:
        return price_bounds(rules, product.family, account.customer_class, quantity)
    except PolicyError as error:
        raise InvalidInputError(
            f"the pricing rules cannot be applied ({error})", field="lines", remedy="Correct the pricing rules first."
        ) from error


def priced_line(
    product: Product,
    quantity: int,
    listed: Money,
    bounds: PriceBounds,
    *,
    unit_price: Decimal | None,
    discount: Decimal | None,
    field: str,
) -> tuple[QuoteLine, Verdict]:
    """The line, and whether its price needs approval; InvalidInputError for a price below what approval may allow.

    The discount of a line is computed from its price and the list price, whatever was said.
    """
    price = unit_price if unit_price is not None else _less(listed, discount or Decimal(0), bounds)
    effective = Decimal(0)
    if price is not None:
        with localcontext(prec=60):
            effective = max(Decimal(0), 1 - price / listed.amount).quantize(_PRECISION, ROUND_UP)
    verdict = price_within(listed, effective, bounds).verdict
    if price is None or verdict is Verdict.FORBIDDEN:
        most = (bounds.max_discount_approved * 100).normalize()
        floor = price_within(listed, bounds.max_discount_approved, bounds).unit_price or listed
        raise InvalidInputError(
            f"{product.name} ({product.id}) may not be sold below {floor.currency} {floor.amount:f} a piece",
            field=field,
            remedy=f"Give a discount of at most {most:f}% of the list price.",
        )
    unit = Money(amount=price, currency=listed.currency)
    line = QuoteLine(product_id=product.id, quantity=quantity, unit_price=unit, discount=effective.normalize())
    return line, verdict


def _less(listed: Money, discount: Decimal, bounds: PriceBounds) -> Decimal | None:
    priced = price_within(listed, discount, bounds).unit_price
    return priced.amount if priced else None
