"""Stretches of days: last week · in the last 5 days · this quarter · since May 3 · in March · 上个月 · 最近三周."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from agents.planning.values.dates import read_dates
from agents.planning.values.durations import AMOUNT, HAN_AMOUNT, parse_amount
from agents.planning.values.found import Found, apart
from agents.planning.values.months import MONTHS, add_months, monday, month_end, quarter_start, safe_date


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included; None is open."""

    first: date | None
    last: date | None


_RECENT = re.compile(
    rf"\b(?:last|past|previous|within the last)\s(?P<amount>{AMOUNT})\s(?P<unit>day|week|month|year)s?\b", re.IGNORECASE
)
_COMING = re.compile(
    rf"\b(?:next|coming|following)\s(?P<amount>{AMOUNT})\s(?P<unit>day|week|month|year)s?\b", re.IGNORECASE
)
_HAN_RECENT = re.compile(
    rf"(?P<way>最近|过去|近|前|未来|今后|接下来)的?(?P<amount>{HAN_AMOUNT})\s?个?(?P<unit>天|周|星期|月|年)"
)
_WHOLE = re.compile(
    r"\b(?P<turn>last|this|next|current|previous)\s(?P<unit>week|month|quarter|year)\b(?! end)", re.IGNORECASE
)
_HAN_WHOLE = re.compile(
    r"(?P<turn>本|这个?|下个?|上个?)(?P<unit>周|星期|月|季度)(?![一二三四五六日末底初])|(?P<year>今年|明年|去年)(?![初底末\d])"
)
_BETWEEN = re.compile(r"(?:between|from|从|自)\s?(?:the\s)?$", re.IGNORECASE)
_AND = re.compile(r"\s?(?:and|to|until|till|through|-|–|到|至|和)\s?(?:the\s)?", re.IGNORECASE)
_FROM = re.compile(r"(?:since|from|after|starting(?: on)?|自从?|从)\s?(?:the\s)?$", re.IGNORECASE)
_UNTIL = re.compile(r"(?:by|before|until|till|no later than|截至|不晚于)\s?(?:the\s)?$", re.IGNORECASE)
_MONTH = re.compile(
    r"\b(?:in|during|of|for|last|this) (?P<name>january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\b(?!\s\d{1,2}(?!\d))(?:,? (?P<year>(?:19|20)\d\d))?"
    r"|(?:(?P<han_year>\d{4})年)?(?<!\d)(?P<number>1[0-2]|[1-9])月份?(?![\d底末初中一二三四五六七八九十])",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "天": 1, "周": 7, "星期": 7}
_MONTHS = {"month": 1, "year": 12, "月": 1, "年": 12}
_TURNS = {
    "last": -1,
    "previous": -1,
    "this": 0,
    "current": 0,
    "next": 1,
    "本": 0,
    "这": 0,
    "上": -1,
    "下": 1,
    "今": 0,
    "明": 1,
    "去": -1,
}


def read_periods(text: str, today: date, *, past: bool = False) -> tuple[Found[Period], ...]:
    """The stretches of days that a text names. The last 5 days end today; a week begins on Monday."""
    found = [*_counted(text, today), *_whole(text, today), *_months(text, today, past)]
    dates = read_dates(text, today, past=past)
    for index, each in enumerate(dates):
        before = text[: each.start]
        following = dates[index + 1] if index + 1 < len(dates) else None
        if following and _BETWEEN.search(before) and _AND.fullmatch(text[each.end : following.start]):
            value = _ordered(each.value, following.value)
            found.append(_span(text, each.start, following.end, value))
        elif _FROM.search(before) or text[each.end :].startswith(("以来", "之后", "以后", "起")):
            found.append(_span(text, each.start, each.end, Period(each.value, None)))
        elif _UNTIL.search(before) or text[each.end :].startswith(("之前", "以前", "前")):
            found.append(_span(text, each.start, each.end, Period(None, each.value)))
    return apart(found)


def _ordered(first: date, last: date) -> Period:
    """Days without a year may have been read a year apart: the first is then of the year before."""
    earlier = safe_date(first.year - 1, first.month, first.day)
    return Period(earlier, last) if first > last and earlier else Period(min(first, last), max(first, last))


def _span(text: str, start: int, end: int, value: Period) -> Found[Period]:
    return Found(value, start, end, text[start:end])


def _counted(text: str, today: date) -> list[Found[Period]]:
    found = []
    for pattern, ahead in ((_RECENT, False), (_COMING, True), (_HAN_RECENT, None)):
        for match in pattern.finditer(text):
            forward = match["way"] in ("未来", "今后", "接下来") if ahead is None else ahead
            unit, amount = match["unit"].casefold(), parse_amount(match["amount"])
            other = _shifted(today, unit, amount if forward else -amount)
            if other is not None:
                found.append(_span(text, match.start(), match.end(), Period(min(today, other), max(today, other))))
    return found


def _shifted(day: date, unit: str, amount: float) -> date | None:
    try:
        return (
            day + timedelta(days=amount * _DAYS[unit])
            if unit in _DAYS
            else add_months(day, int(amount * _MONTHS[unit]))
        )
    except (OverflowError, ValueError):
        return None


def _whole(text: str, today: date) -> list[Found[Period]]:
    found = []
    for pattern in (_WHOLE, _HAN_WHOLE):
        for match in pattern.finditer(text):
            year = match.groupdict().get("year")
            named = "year" if year else match["unit"].casefold()
            word = year or match["turn"].casefold()
            turn = _TURNS.get(word, _TURNS.get(word[0], 0))
            found.append(_span(text, match.start(), match.end(), _calendar(today, named, turn)))
    return found


def _months(text: str, today: date, past: bool) -> list[Found[Period]]:  # noqa: FBT001
    found = []
    for match in _MONTH.finditer(text):
        named = match["name"]
        month = MONTHS.index(named[:3].casefold()) + 1 if named else int(match["number"])
        year = match["year"] or match["han_year"]
        first = date(int(year) if year else today.year, month, 1)
        if not year and past and first > today:
            first = add_months(first, -12)
        elif not year and not past and add_months(month_end(first), 3) < today:
            first = add_months(first, 12)
        found.append(_span(text, match.start(), match.end(), Period(first, month_end(first))))
    return found


def _calendar(today: date, unit: str, turn: int) -> Period:
    if unit in ("week", "周", "星期"):
        first = monday(today) + timedelta(days=7 * turn)
        return Period(first, first + timedelta(days=6))
    if unit in ("month", "月"):
        first = add_months(today.replace(day=1), turn)
        return Period(first, month_end(first))
    if unit in ("quarter", "季度"):
        first = add_months(quarter_start(today), 3 * turn)
        return Period(first, month_end(add_months(first, 2)))
    return Period(date(today.year + turn, 1, 1), date(today.year + turn, 12, 31))
