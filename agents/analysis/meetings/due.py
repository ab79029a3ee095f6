"""The day by which something promised in a meeting is due."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from agents.planning.values import read_dates, read_periods
from agents.planning.values.durations import AMOUNT, HAN_AMOUNT, parse_amount
from agents.planning.values.months import add_months

_WITHIN = re.compile(rf"\bwithin (?:the next )?({AMOUNT}) (?:working )?(day|week|month)s?\b", re.IGNORECASE)
_HAN_WITHIN = re.compile(rf"({HAN_AMOUNT})\s?个?(?:工作日|(天|周|星期|礼拜|月))(?:之|以)?内")
_TODAY = re.compile(r"\bthis (?:afternoon|evening|morning)\b|(?<![明后周])[上下]午|今早|会后|散会后", re.IGNORECASE)
_LIMIT = re.compile(r"(?:\b(?:by|before|until|till|than|on|due|deadline)(?: the)?|截止|最[晚迟]|在)\s*$", re.IGNORECASE)
_PAST_LIMIT = re.compile(r"\s*(?:之前|以前|前|截止|完成)")


@dataclass(frozen=True, slots=True)
class Due:
    """The day, None when the meeting's date is needed and not known, and the words that name it."""

    on: date | None
    said: str


def find_due(text: str, held_on: date | None) -> Due | None:
    """The first day that stands as a limit, else the first that is not past; None when none is named.

    A stretch such as “next week” is due on its last working day. “Within three days” counts from the meeting.
    """
    # Without the meeting's date only the words can be told; any day serves to find them.
    base = held_on or date(2000, 1, 3)
    found = [(one.start, one.end, one.value) for one in read_dates(text, base) if one.value >= base]
    found += _spans(text, base)
    if not found and (match := _TODAY.search(text)):
        found.append((match.start(), match.end(), base))
    if not found:
        return None
    limits = [one for one in found if _LIMIT.search(text[: one[0]]) or _PAST_LIMIT.match(text, one[1])]
    start, end, day = min(limits or found)
    return Due(day if held_on or re.search(r"(?:19|20)\d\d", text[start:end]) else None, text[start:end])


def _spans(text: str, base: date) -> list[tuple[int, int, date]]:
    """Spans that end something: weeks, months and years as a whole, and “within …”."""
    found = []
    for one in read_periods(text, base):
        last = one.value.last
        if one.value.first is not None and last is not None and last >= base and one.value.first != last:
            week = (last - one.value.first).days == 6
            found.append((one.start, one.end, last - timedelta(days=2) if week else last))
    for pattern in (_WITHIN, _HAN_WITHIN):
        for match in pattern.finditer(text):
            amount, unit = parse_amount(match[1]), (match[2] or "day").casefold()
            day = _after(base, amount, unit)
            if day is not None:
                found.append((match.start(), match.end(), day))
    return found


def _after(base: date, amount: float, unit: str) -> date | None:
    try:
        if unit in ("month", "月"):
            return add_months(base, int(amount))
        return base + timedelta(days=amount * (1 if unit in ("day", "天") else 7))
    except (OverflowError, ValueError):
        return None
