"""How money, dates, numbers and lists are written in the two languages.

Figures stay exact and in digits (never 万 or "1.2 million"), so that code can find each of them again in a text
that a model reworded.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from jinja2 import Undefined

from core.domain.money import Money
from core.language import Lang

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_CURRENCIES_ZH = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "HKD": "港元",
    "SGD": "新加坡元",
}

Filter = Callable[..., str]


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"expected a number, got {type(value).__name__}")
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(f"expected a finite number, got {value}")
    return exact


def _digits(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def number(value: object, places: int = 2) -> str:
    """Digits with thousands separators, rounded half up to `places` decimals, trailing zeros dropped."""
    return _digits(_decimal(value), places)


def percent(value: object, places: int = 1) -> str:
    """A fraction as a percentage: 0.153 becomes `15.3%`."""
    return f"{_digits(_decimal(value) * 100, places)}%"


def money(value: object, lang: Lang) -> str:
    """`CNY 1,250.50` or `1,250.50 元`; a whole amount has no decimals."""
    if not isinstance(value, Money):
        raise TypeError(f"expected Money, got {type(value).__name__}")
    cents = value.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    digits = f"{cents:,f}".removesuffix(".00")
    if lang is Lang.ZH:
        return f"{digits} {_CURRENCIES_ZH.get(value.currency, value.currency)}"
    return f"{value.currency} {digits}"


def day(value: object, lang: Lang) -> str:
    """`12 March 2026` or `2026年3月12日`, for a date or for a moment in its own zone."""
    if not isinstance(value, date):
        raise TypeError(f"expected a date, got {type(value).__name__}")
    if lang is Lang.ZH:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: object, lang: Lang) -> str:
    """The day, the time to the minute and the zone; a moment without a zone is refused."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("expected a datetime with a zone")
    clock = f"{value:%H:%M} {value.tzname()}"
    return f"{day(value, lang)} {clock}" if lang is Lang.ZH else f"{day(value, lang)}, {clock}"


def listing(values: Iterable[object], lang: Lang) -> str:
    """`a, b and c` or `甲、乙和丙`; an empty list is refused, because the sentence around it would be wrong."""
    return _joined(values, ("、", "和") if lang is Lang.ZH else (", ", " and "))


def either(values: Iterable[object], lang: Lang) -> str:
    """`a, b or c` or `甲、乙还是丙`: names to choose from; an empty list is refused."""
    return _joined(values, ("、", "还是") if lang is Lang.ZH else (", ", " or "))


def _joined(values: Iterable[object], marks: tuple[str, str]) -> str:
    if isinstance(values, str):
        raise TypeError("expected several names, got one string")
    names = [plain(value) for value in values]
    if not names:
        raise ValueError("nothing to list: guard the sentence with an if")
    *head, last = (str(name) for name in names)
    if not head:
        return last
    comma, conjunction = marks
    return comma.join(head) + conjunction + last


def plain(value: object) -> object:
    """Let only text and whole numbers through unformatted: `None`, floats and dates would read as code."""
    if isinstance(value, str | Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a {type(value).__name__} needs a filter before it is printed")


def build_filters(lang: Lang) -> dict[str, Filter]:
    """The filters of one language, by the name used in templates."""
    return {
        "money": lambda value: money(value, lang),
        "date": lambda value: day(value, lang),
        "moment": lambda value: moment(value, lang),
        "percent": percent,
        "number": number,
        "listing": lambda values: listing(values, lang),
        "either": lambda values: either(values, lang),
    }
