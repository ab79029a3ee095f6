"""Prices and discounts that a person writes into a sentence, held against what policy allows."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from core.domain.base import Frozen
from core.domain.views.operations import Quote
from core.text import split_sentences

_CURRENCIES = {
    "SGD": r"(?<![a-z])SGD(?![a-z])|新加坡元",
    "HKD": r"(?<![a-z])HKD(?![a-z])|港元|港币",
    "JPY": r"(?<![a-z])JPY(?![a-z])|yen\b|日元",
    "USD": r"(?<![a-z])USD(?![a-z])|US\$|\$|dollars?\b|美元",
    "EUR": r"(?<![a-z])EUR(?![a-z])|€|euros?\b|欧元",
    "GBP": r"(?<![a-z])GBP(?![a-z])|£|pounds?\b|英镑",
    "CNY": r"(?<![a-z])CNY(?![a-z])|(?<![a-z])RMB(?![a-z])|¥|yuan\b|人民币|元",
}
_CURRENCY = "|".join(_CURRENCIES.values())
_SCALES = {"百": 100, "千": 1000, "k": 1000, "thousand": 1000, "万": 10**4, "million": 10**6, "亿": 10**8}
_HAN = "〇零一二两三四五六七八九十百千万亿"
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_PRICE = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?P<number>(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|[{_HAN}]+)"
    rf"\s?(?P<scale>[百千万亿]|k\b|thousand|million)?\s?(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)
_ABOUT_DISCOUNT = re.compile(r"discount|\boff\b|\bless\b|rebate|reduc|cheaper|折|优惠|降价|让利|返利", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s?(?:%|per ?cent\b)|百分之\s?(\d+(?:\.\d+)?)", re.IGNORECASE)
_TENTHS = re.compile(rf"(\d+(?:\.\d+)?|[{_HAN}]+)\s?折(?!扣)")


class NamedPrice(Frozen):
    """An amount as written; None when it is not written in digits."""

    text: str
    amount: Decimal | None
    currency: str


def named_prices(text: str) -> list[NamedPrice]:
    """The amounts of money in a text, in order."""
    found = []
    for match in _PRICE.finditer(unicodedata.normalize("NFKC", text)):
        unit = match["before"] or match["after"]
        if unit is None:
            continue
        currency = next(code for code, names in _CURRENCIES.items() if re.fullmatch(names, unit, re.IGNORECASE))
        number, scale = match["number"].replace(",", ""), _SCALES.get((match["scale"] or "").lower(), 1)
        amount = Decimal(number) * scale if number[0].isascii() else None
        found.append(NamedPrice(text=match[0].strip(), amount=amount, currency=currency))
    return found


def named_discounts(text: str) -> list[tuple[str, Decimal | None]]:
    """The discounts in a text as written, with the fraction each comes to; None when it cannot be read.

    A share counts in a sentence that speaks of a discount; 九折 and 8.5折 say what is left to pay.
    """
    found: list[tuple[str, Decimal | None]] = []
    for sentence in split_sentences(unicodedata.normalize("NFKC", text)):
        if not _ABOUT_DISCOUNT.search(sentence):
            continue
        found += [(match[0], Decimal(match[1] or match[2]) / 100) for match in _SHARE.finditer(sentence)]
        found += [(match[0], _off(match[1])) for match in _TENTHS.finditer(sentence)]
    return found


def _off(left: str) -> Decimal | None:
    """The discount of 8.5折, 85折 or 八五折."""
    digits = left.translate(_DIGITS)
    if not re.fullmatch(r"\d\.\d+|\d{1,2}", digits):
        return None
    return 1 - Decimal(digits) / (10 if "." in digits or len(digits) == 1 else 100)


def price_outside_policy(text: str, known: str, quotes: Iterable[Quote]) -> str | None:
    """The first price or discount in `text` that `known` does not name and no quote bears out; None when all are fine.

    A quote bears out a unit price from the lowest that approval may allow up to the list price, the same times its
    quantity, and a discount up to the largest that approval may allow.
    """
    offered = tuple(quotes)
    prices = {(price.amount, price.currency) for price in named_prices(known) if price.amount is not None}
    for price in named_prices(text):
        if (price.amount, price.currency) not in prices and not any(_bears(quote, price) for quote in offered):
            return price.text
    discounts = {share for _text, share in named_discounts(known) if share is not None}
    most = max((quote.max_discount_approved for quote in offered if quote.limits_known), default=Decimal(0))
    for written, share in named_discounts(text):
        if share is None or (share not in discounts and share > most):
            return written
    return None


def _bears(quote: Quote, price: NamedPrice) -> bool:
    if price.amount is None or price.currency != quote.unit_price.currency:
        return False
    least, most = quote.floor_approved.amount, quote.unit_price.amount
    return any(least * times <= price.amount <= most * times for times in (1, quote.quantity))
