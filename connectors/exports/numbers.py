"""Numbers and amounts of money as people and programs write them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from core.domain.money import Money

CURRENCIES = {
    "¥": "CNY", "￥": "CNY", "元": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "yuan": "CNY",
    "$": "USD", "us$": "USD", "usd": "USD", "美元": "USD", "美金": "USD", "dollars": "USD", "dollar": "USD",
    "€": "EUR", "eur": "EUR", "欧元": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "英镑": "GBP",
    "jpy": "JPY", "日元": "JPY", "jp¥": "JPY",
    "hk$": "HKD", "hkd": "HKD", "港元": "HKD", "港币": "HKD",
    "s$": "SGD", "sgd": "SGD", "新加坡元": "SGD", "新元": "SGD",
}  # fmt: skip
SCALES = {
    "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "k": 1000, "thousand": 1000,
    "thousands": 1000, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "millions": 10**6, "b": 10**9,
    "bn": 10**9, "billion": 10**9, "billions": 10**9, "mm": 10**6, "mln": 10**6,
}  # fmt: skip
_LONGEST = 18
_LONGEST_CELL = 40
_DIGITS = r"\d(?:[.,'’ ]{0,2}\d)*[.,]?"
_CURRENCY = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−])? ?(?P<before>{_CURRENCY})? ?(?P<inner>[-−])? ?(?P<digits>{_DIGITS}|\.\d+)"
    rf" ?(?P<scale>{_SCALE})? ?(?P<after>{_CURRENCY})? ?(?P<close>\))?",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[^\W\d_]+|[{re.escape('¥￥$€£')}]|(?<!\d)000(?:[ ,]?000)?(?!\d)")
_UNIT = re.compile(rf"(?P<currency>{_CURRENCY})?(?P<scale>{_SCALE})?(?P<after>{_CURRENCY})?", re.IGNORECASE)
_PER = re.compile(r"/|\bper\b|每", re.IGNORECASE)
_JOINING = {"in", "of", "s"}


class NumberError(ValueError):
    """Text that is no number; the message says what it was taken for."""


def decimal_comma_in(values: Iterable[str]) -> bool:
    """Whether a column writes decimals with a comma, shown by values such as `1.234,50` or `12,5`."""
    european = english = 0
    for value in values:
        found = _match(value)
        if found is None:
            continue
        digits = found["digits"].strip()
        last_comma, last_dot = digits.rfind(","), digits.rfind(".")
        if last_comma >= 0 and last_dot >= 0:
            european, english = european + (last_comma > last_dot), english + (last_dot > last_comma)
        elif last_comma >= 0:
            european += digits.count(",") == 1 and len(digits) - last_comma != 4
        elif last_dot >= 0:
            english += digits.count(".") == 1 and len(digits) - last_dot != 4
    return european > english


def parse_number(text: str, *, decimal_comma: bool = False) -> Decimal:
    """The number in `text`, scale words included (`3.2亿` is 320000000); currencies are allowed and dropped.

    Raises NumberError.
    """
    return _parse(text, decimal_comma=decimal_comma).number


def parse_scaled(text: str, scale: int, *, decimal_comma: bool = False) -> Decimal:
    """The number in `text` under a heading in units of `scale`, which counts where the text itself names no scale."""
    amount = _parse(text, decimal_comma=decimal_comma)
    return amount.number if amount.scaled else amount.number * scale


def parse_money(text: str, currency: str, *, scale: int = 1, decimal_comma: bool = False) -> Money:
    """The amount in `text`; `currency` and `scale` count where the text itself names none. Raises NumberError."""
    amount = _parse(text, decimal_comma=decimal_comma)
    number = amount.number if amount.scaled else amount.number * scale
    return Money(amount=number, currency=amount.currency or currency)


def money_hint(text: str) -> tuple[str | None, int]:
    """Currency and scale that a heading or description names, e.g. `USD, millions` → ("USD", 1000000).

    A scale of one or two letters counts only alone or beside a currency: `$K`, but not `e.g. K-12`.
    """
    currency, scale = None, 1
    for part in re.split("[,，;；|]", text):
        words = [word.lower() for word in _WORD.findall(_PER.split(part)[0]) if word.lower() not in _JOINING]
        for index, word in enumerate(words):
            named, factor = _unit(word)
            if len(word) > 2 or not word.isascii() or len(words) == 1 or _beside_currency(words, index):
                scale = factor or scale
            currency = currency or named
    return currency, scale


def _unit(word: str) -> tuple[str | None, int | None]:
    """The currency and the scale in one word such as `usdk` or `万元`; 元整 and the like may follow a Chinese one."""
    if word.startswith("000"):
        return None, 1000 if word == "000" else 10**6
    unit = _UNIT.fullmatch(word) if word[0].isascii() else _UNIT.match(word)
    if unit is None:
        return None, None
    named, scale = unit["currency"] or unit["after"], unit["scale"]
    return CURRENCIES[named.lower()] if named else None, SCALES[scale.lower()] if scale else None


def _beside_currency(words: list[str], index: int) -> bool:
    return any(word in CURRENCIES for word in words[max(0, index - 1) : index + 2])


def named_currency(text: str) -> str | None:
    """The ISO code a currency cell means; three unknown letters are taken as a code."""
    known = CURRENCIES.get(text.strip().lower())
    if known is None and re.fullmatch(r"[A-Za-z]{3}", text.strip()):
        return text.strip().upper()
    return known


class _Amount(NamedTuple):
    """A number with its own scale applied, and the currency it names."""

    number: Decimal
    currency: str | None
    scaled: bool


def _match(text: str) -> re.Match[str] | None:
    """The parts of an amount; nothing longer than any amount is looked at."""
    collapsed = " ".join(text.split())
    return _AMOUNT.fullmatch(collapsed) if len(collapsed) <= _LONGEST_CELL else None


def _parse(text: str, *, decimal_comma: bool) -> _Amount:
    found = _match(text)
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise NumberError(f"“{_short(text)}” is not a number")
    plain = _plain_digits(found["digits"].strip(), decimal_comma=decimal_comma)
    if len(plain.lstrip("0").replace(".", "")) > _LONGEST:
        raise NumberError(f"“{_short(text)}” has more than {_LONGEST} digits")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise NumberError(f"“{_short(text)}” is not a number") from None
    if found["scale"]:
        number *= SCALES[found["scale"].lower()]
    negative = bool(found["open"] or found["inner"]) or found["sign"] in ("-", "−")
    symbol = found["before"] or found["after"]
    named = CURRENCIES[symbol.lower()] if symbol else None
    return _Amount(-number if negative else number, named, found["scale"] is not None)


def _plain_digits(digits: str, *, decimal_comma: bool) -> str:
    """The digits with `.` as decimal mark and no grouping."""
    digits = re.sub(r"['’ ]", "", digits)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        mark = "," if comma > dot else "."
    elif comma >= 0:
        grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", digits) is not None
        mark = "," if decimal_comma or not grouped else "."
    else:
        grouped = re.fullmatch(r"\d{1,3}(\.\d{3})+", digits) is not None
        mark = "," if grouped and (decimal_comma or digits.count(".") > 1) else "."
    other = "." if mark == "," else ","
    return digits.replace(other, "").replace(mark, ".")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
