"""Spans of time: 30 minutes · 1.5 hours · two weeks · 三天 · 半小时 · 5-day."""

import re
from datetime import timedelta
from decimal import Decimal

from agents.planning.values.found import Found, apart
from agents.planning.values.numbers import HAN, parse_han, parse_words

_UNITS = {
    "minute": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
    "second": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1),
    "月": timedelta(days=30),
    "年": timedelta(days=365),
}
AMOUNT = (
    r"\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty|forty|ninety|half an?"
)
UNIT = r"minute|min|hour|hr|day|week|month|year|second"
_ENGLISH = re.compile(rf"\b({AMOUNT})[ -]?({UNIT})s?\b", re.IGNORECASE)
HAN_AMOUNT = rf"\d+(?:\.\d+)?|[{HAN}]+|半"
HAN_UNIT = "分钟|小时|钟头|星期|礼拜|个月|天|周|年"
_HAN = re.compile(rf"({HAN_AMOUNT})\s?个?(半)?({HAN_UNIT})(?![一二三四五六日末底初度])")


def read_durations(text: str) -> tuple[Found[timedelta], ...]:
    """The spans of time of a text; a month counts 30 days, a year 365."""
    found = [
        Found(parse_amount(match[1]) * unit_of(match[2]), match.start(), match.end(), match[0])
        for match in _ENGLISH.finditer(text)
    ]
    for match in _HAN.finditer(text):
        amount = parse_amount(match[1]) + (0.5 if match[2] else 0)
        # 2024年 is a date, not a span.
        if match[3] == "年" and amount > 100:
            continue
        found.append(Found(amount * unit_of(match[3]), match.start(), match.end(), match[0]))
    return apart(found)


def parse_amount(amount: str) -> float:
    """The number that stands before a unit."""
    folded = amount.casefold()
    if folded in ("half a", "half an", "半"):
        return 0.5
    if folded in ("a", "an"):
        return 1
    if folded[0].isascii() and folded[0].isdigit():
        return float(Decimal(folded))
    return float(parse_words(folded) or 0) if folded.isascii() else float(parse_han(folded) or 0)


def unit_of(name: str) -> timedelta:
    """The length of a unit by its English or Chinese name."""
    return _UNITS[name.casefold().removeprefix("个")]
