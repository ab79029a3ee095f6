"""Days: 2025-03-01 · 13 December · by the 12th · next Wednesday · end of month · 12月3日 · 下周三 · 月底."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from agents.planning.values.durations import AMOUNT, HAN_AMOUNT, parse_amount
from agents.planning.values.found import Found, apart
from agents.planning.values.months import (
    MONTHS,
    WEEKDAYS,
    add_months,
    monday,
    month_end,
    quarter_start,
    safe_date,
)
from agents.planning.values.numbers import parse_han

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-2]?\d|3[01])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
_NUMBERED = (
    re.compile(rf"(?<!\d){_YEAR}[-/.](?P<month>0?[1-9]|1[0-2])[-/.]{_DAY}(?!\d)"),
    re.compile(rf"(?<![\d./-])(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0?[1-9]|1[0-2])\.{_YEAR}(?!\d)"),
    re.compile(rf"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])/{_DAY}/{_YEAR}(?!\d)"),
    re.compile(rf"(?<![\d./-])(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])/{_YEAR}(?!\d)"),
)
_NAMED = (
    re.compile(rf"\b{_MONTH}\s(?:the\s)?{_DAY}(?:st|nd|rd|th)?\b(?!:\d|%)(?:,?\s{_YEAR}\b)?", re.IGNORECASE),
    re.compile(rf"\b{_DAY}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s{_YEAR}\b)?", re.IGNORECASE),
    re.compile(
        r"(?:(?P<year>\d{4})年|(?P<turn>今年|明年|后年|去年))?(?P<month>1[0-2]|0?[1-9])月\s?(?P<day>[0-2]?\d|3[01])[日号]?(?!\d)"
    ),
)
_HAN_NAMED = re.compile(r"(?:(今年|明年|后年|去年))?([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]")
_THE_DAY = re.compile(
    r"\bthe (?P<day>[0-2]?\d|3[01])(?:st|nd|rd|th)\b(?! (?:of|floor|place|time))"
    r"|(?<![\d月年])(?P<han>[0-2]?\d|3[01])[号日](?![楼线机院])",
    re.IGNORECASE,
)
_WEEKDAYS = re.compile(rf"\b(?:(?P<turn>next|this|last|past|coming|previous)\s)?\b{_WEEKDAY}\b", re.IGNORECASE)
_HAN_WEEKDAYS = re.compile(r"(?P<turn>上上|下下|上|下|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])")
_RELATIVE = (
    (r"\bday after tomorrow\b|后天", 2),
    (r"\bday before yesterday\b|前天", -2),
    (r"\btoday\b|\btonight\b|今天|今日|今晚|当天", 0),
    (r"\btomorrow\b|\btmrw\b|明天|明日|明早|明晚", 1),
    (r"\byesterday\b|昨天|昨日", -1),
    (r"大后天", 3),
    (r"大前天", -3),
)
_AWAY = re.compile(
    rf"\b(?:in (?P<ahead>{AMOUNT}) (?P<unit>day|week|month)s?(?: time)?"
    rf"|(?P<ago>{AMOUNT}) (?P<ago_unit>day|week|month)s? (?P<way>ago|from (?:now|today)|later))\b",
    re.IGNORECASE,
)
_HAN_AWAY = re.compile(rf"({HAN_AMOUNT})\s?个?(天|周|星期|礼拜|月)(之后|以后|后|之前|以前|前)")
_END = re.compile(
    r"\b(?P<edge>end|beginning|start) of (?:the |our )?(?P<turn>this |next |last )?(?P<unit>week|month|quarter|year)\b"
    r"|\b(?P<short>eo[wmqy])\b"
    r"|\b(?P<bare>month|quarter|year)[- ]end\b",
    re.IGNORECASE,
)
_HAN_END = re.compile(r"(?P<turn>本|这个?|下个?|上个?|今|明|去)?(?P<unit>周|月|季度?|年)(?P<edge>末|底|初)")
_BACK = re.compile(
    r"(?:since|from|as of|was|were|did|went|happened|last|on or after)\s(?:the\s)?$|自从?\s?$|从\s?$", re.IGNORECASE
)
_HAN_MONTH_END = re.compile(r"(?<!\d)(?P<month>1[0-2]|0?[1-9])月(?P<edge>底|末|初)")
_TURNS = {
    "next": 1,
    "last": -1,
    "previous": -1,
    "下": 1,
    "上": -1,
    "明": 1,
    "去": -1,
    "今": 0,
    "本": 0,
    "这": 0,
    "this": 0,
}
_GRACE = timedelta(days=30)


def read_dates(text: str, today: date, *, past: bool = False) -> tuple[Found[date], ...]:
    """The days that a text names, said on `today`.

    A day without a year is the next one, counted from a month before today; after “since” and the like, or with
    `past`, the last one. A weekday alone is the coming one, after “since” the last. Impossible days are passed over.
    """
    return apart(
        Found(value, match.start(), match.end(), match[0])
        for reader in (_calendar_days, _weekdays, _relative_days, _edges)
        for match, value in reader(text, today, past)
    )


Reading = Iterator[tuple[re.Match[str], date]]


def _calendar_days(text: str, today: date, past: bool) -> Reading:  # noqa: FBT001
    for pattern in (*_NUMBERED, *_NAMED):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            named = parts["month"]
            month = int(named) if named.isdigit() else MONTHS.index(named[:3].casefold()) + 1
            turn = _TURNS.get((parts.get("turn") or "")[:1])
            year = int(parts["year"]) if parts.get("year") else None if turn is None else today.year + turn
            if (value := _in_year(year, month, int(parts["day"]), today, past or _looks_back(text, match))) is not None:
                yield match, value
    for match in _HAN_NAMED.finditer(text):
        month, day = _small(match[2]), _small(match[3])
        turn = _TURNS.get((match[1] or "")[:1])
        year = None if turn is None else today.year + turn
        if (value := _in_year(year, month, day, today, past)) is not None:
            yield match, value
    for match in _THE_DAY.finditer(text):
        day = int(match["day"] or match["han"])
        step = -1 if past or _looks_back(text, match) else 1
        for months in range(3):
            base = add_months(today.replace(day=1), step * months)
            value = safe_date(base.year, base.month, day)
            if value is not None and (value - today).days * step >= 0:
                yield match, value
                break


def _in_year(year: int | None, month: int, day: int, today: date, past: bool) -> date | None:  # noqa: FBT001
    if year is not None:
        return safe_date(year, month, day)
    order = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    for each in order:
        value = safe_date(each, month, day)
        if value is not None and (value <= today if past else value >= today - _GRACE):
            return value
    return None


def _looks_back(text: str, match: re.Match[str]) -> bool:
    return bool(_BACK.search(text[max(0, match.start() - 20) : match.start()])) or text[match.end() :].startswith(
        ("以来", "起至今", "至今")
    )


def _weekdays(text: str, today: date, past: bool) -> Reading:  # noqa: FBT001
    for match in _WEEKDAYS.finditer(text):
        if match["weekday"] in ("sat", "sun", "mon", "wed", "may", "fri", "thu"):
            continue
        day = WEEKDAYS.index(match["weekday"][:3].casefold())
        turn = (match["turn"] or "").casefold()
        ahead = (day - today.weekday()) % 7
        if turn in ("last", "past", "previous") or (not turn and (past or _looks_back(text, match))):
            yield match, today - timedelta(days=(today.weekday() - day) % 7 or 7)
        elif turn == "next":
            yield match, monday(today) + timedelta(days=7 + day)
        elif turn == "this":
            yield match, today + timedelta(days=ahead)
        else:
            yield match, today + timedelta(days=ahead or 7)
    for match in _HAN_WEEKDAYS.finditer(text):
        day = "一二三四五六日".find(match["weekday"].replace("天", "日"))
        turn = match["turn"] or ""
        if turn:
            weeks = len(turn) * _TURNS[turn[0]]
            yield match, monday(today) + timedelta(days=7 * weeks + day)
        elif past:
            yield match, today - timedelta(days=(today.weekday() - day) % 7 or 7)
        else:
            yield match, today + timedelta(days=(day - today.weekday()) % 7 or 7)


def _relative_days(text: str, today: date, _past: bool) -> Reading:  # noqa: FBT001
    for pattern, days in _RELATIVE:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield match, today + timedelta(days=days)
    for match in _AWAY.finditer(text):
        amount, unit = match["ahead"] or match["ago"], (match["unit"] or match["ago_unit"]).casefold()
        back = (match["way"] or "").casefold() == "ago"
        if (value := _away(today, parse_amount(amount), unit, back=back)) is not None:
            yield match, value
    for match in _HAN_AWAY.finditer(text):
        unit = {"天": "day", "月": "month"}.get(match[2], "week")
        if (value := _away(today, parse_amount(match[1]), unit, back=match[3].endswith("前"))) is not None:
            yield match, value


def _away(today: date, amount: float, unit: str, *, back: bool) -> date | None:
    sign = -1 if back else 1
    try:
        if unit == "month":
            return add_months(today, sign * int(amount))
        return today + sign * timedelta(days=amount * (7 if unit == "week" else 1))
    except (OverflowError, ValueError):
        return None


_SPANS: dict[str, Callable[[date, int], tuple[date, date]]] = {
    "week": lambda day, turn: (monday(day) + timedelta(days=7 * turn), monday(day) + timedelta(days=7 * turn + 4)),
    "month": lambda day, turn: (add_months(day.replace(day=1), turn), month_end(add_months(day.replace(day=1), turn))),
    "quarter": lambda day, turn: (
        add_months(quarter_start(day), 3 * turn),
        month_end(add_months(quarter_start(day), 3 * turn + 2)),
    ),
    "year": lambda day, turn: (date(day.year + turn, 1, 1), date(day.year + turn, 12, 31)),
}
_UNITS = {
    "w": "week",
    "m": "month",
    "q": "quarter",
    "y": "year",
    "周": "week",
    "月": "month",
    "季": "quarter",
    "年": "year",
}


def _edges(text: str, today: date, _past: bool) -> Reading:  # noqa: FBT001
    for match in _END.finditer(text):
        unit = match["unit"] or match["bare"] or _UNITS[match["short"][-1].casefold()]
        first, last = _SPANS[unit.casefold()](today, _TURNS[(match["turn"] or "this").strip().casefold()])
        yield match, last if (match["edge"] or "end").casefold() == "end" else first
    for match in _HAN_END.finditer(text):
        turn = _TURNS[(match["turn"] or "本")[0]]
        first, last = _SPANS[_UNITS[match["unit"][0]]](today, turn)
        yield match, first if match["edge"] == "初" else last

    for match in _HAN_MONTH_END.finditer(text):
        first = date(today.year, int(match["month"]), 1)
        if month_end(first) < today - _GRACE:
            first = add_months(first, 12)
        yield match, first if match["edge"] == "初" else month_end(first)


def _small(numeral: str) -> int:
    return parse_han(numeral) or 0
