"""Numbers, amounts of money and percentages as people and programs write them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

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
    "bn": 10**9, "billion": 10**9, "billions": 10**9,
}  # fmt: skip
_HAN_DIGITS = {char: str(digit) for digit, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_LONGEST = 18
_DIGITS = r"\d[\d.,'’\u00a0\u202f ]*"
_CURRENCY = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−])?\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[-−])?\s*(?P<digits>{_DIGITS}|\.\d+)"
    rf"\s*(?P<scale>{_SCALE})?\s*(?P<after>{_CURRENCY})?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[^\W\d_]+|[{re.escape('¥￥$€£')}]")
_ZHE = re.compile(r"([\d.]+|[〇零一二三四五六七八九]{1,2})\s*折")


class NumberError(ValueError):
    """Text that is no number; the message says what it was taken for."""


def decimal_comma_in(values: Iterable[str]) -> bool:
    """Whether a column writes decimals with a comma, shown by values such as `1.234,50` or `12,5`."""
    european = english = 0
    for value in values:
        found = _AMOUNT.fullmatch(value.strip())
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
    return _parse(text, decimal_comma=decimal_comma)[0]


def parse_money(text: str, currency: str, *, decimal_comma: bool = False) -> Money:
    """The amount in `text`; `currency` counts where the text itself names none. Raises NumberError."""
    number, named = _parse(text, decimal_comma=decimal_comma)
    return Money(amount=number, currency=named or currency)


def parse_percent(text: str, *, of_hundred: bool, decimal_comma: bool = False) -> Decimal:
    """A share as a fraction: `12%` is 0.12, `8折` (pay eight tenths) is 0.2 off.

    A bare number is a percentage when `of_hundred`, else a fraction. Raises NumberError outside 0–1.
    """
    cleaned = text.strip().replace("％", "%")
    if zhe := _ZHE.fullmatch(cleaned):
        share = 1 - _paid_share(zhe[1])
    elif cleaned.endswith("%"):
        share = parse_number(cleaned[:-1], decimal_comma=decimal_comma) / 100
    else:
        share = parse_number(cleaned, decimal_comma=decimal_comma) / (100 if of_hundred else 1)
    if not 0 <= share <= 1:
        raise NumberError(f"“{text}” is outside 0–100 %")
    return share


def money_hint(text: str) -> tuple[str | None, int]:
    """Currency and scale that a heading or description names, e.g. `USD, millions` → ("USD", 1000000)."""
    words = [word.lower() for word in _WORD.findall(text)]
    currency, scale = None, 1
    for word in words:
        rest = word
        if len(word) > 2 or not word.isascii():
            for name, factor in SCALES.items():
                if word == name or (not name.isascii() and word.startswith(name)):
                    scale, rest = factor, word.removeprefix(name)
                    break
        currency = currency or CURRENCIES.get(rest)
    return currency, scale


def named_currency(text: str) -> str | None:
    """The ISO code a currency cell means; three unknown letters are taken as a code."""
    known = CURRENCIES.get(text.strip().lower())
    if known is None and re.fullmatch(r"[A-Za-z]{3}", text.strip()):
        return text.strip().upper()
    return known


def _parse(text: str, *, decimal_comma: bool) -> tuple[Decimal, str | None]:
    found = _AMOUNT.fullmatch(text.strip())
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
    return (-number if negative else number), CURRENCIES[symbol.lower()] if symbol else None


def _plain_digits(digits: str, *, decimal_comma: bool) -> str:
    """The digits with `.` as decimal mark and no grouping."""
    digits = re.sub(r"['’\u00a0\u202f ]", "", digits)
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


def _paid_share(number: str) -> Decimal:
    """What is still paid: 8 → 0.8, 85 → 0.85, 8.5 → 0.85, 九五 → 0.95."""
    digits = "".join(_HAN_DIGITS.get(char, char) for char in number)
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise NumberError(f"“{number}折” is not a discount") from None
    return value / (100 if "." not in digits and len(digits) > 1 else 10)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
