"""Dates and times as exports write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.domain.base import Frozen

EARLIEST_YEAR = 1990
YEARS_AHEAD = 15
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_SERIALS = range(32_874, 60_000)

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_DAY_NAME = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-.]+)?([a-z]{3,9})\.?[\s\-]+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
)
_CLOCK = re.compile(r"(?:T|\s+|\s*,\s*)\d{1,2}:\d{2}.*$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateError(ValueError):
    """Text that is no date, or a date that cannot be meant."""


@dataclass(frozen=True, slots=True)
class DayOrder:
    """How a column writes `03/04/2026`; `certain` when at least one of its values shows it."""

    day_first: bool
    certain: bool


class DateRange(Frozen):
    """The dates that are believed, both ends included."""

    first: date
    last: date

    @classmethod
    def around(cls, today: date) -> "DateRange":
        """From 1990 to fifteen years after `today`."""
        return cls(first=date(EARLIEST_YEAR, 1, 1), last=today + timedelta(days=round(365.25 * YEARS_AHEAD)))


def day_order_of(values: Iterable[str], *, month_first_country: bool) -> DayOrder:
    """The order a column uses: the majority of values only one order fits, else the country's habit."""
    day_first = month_first = 0
    for value in values:
        found = _YEAR_LAST.fullmatch(_CLOCK.sub("", value.strip()))
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        day_first += first > 12 or found[2] == "."
        month_first += second > 12 >= first and found[2] != "."
    if day_first == month_first:
        return DayOrder(day_first=not month_first_country, certain=False)
    return DayOrder(day_first=day_first > month_first, certain=True)


def is_ambiguous(value: str) -> bool:
    """Whether day and month of `value` could be swapped and give another date."""
    found = _YEAR_LAST.fullmatch(_CLOCK.sub("", value.strip()))
    return (
        found is not None and found[2] != "." and int(found[1]) <= 12 and int(found[3]) <= 12 and found[1] != found[3]
    )


def parse_date(text: str, believed: DateRange, *, day_first: bool = True) -> date:
    """The date in `text`; a time of day after it is dropped. Raises DateError."""
    cleaned = _CLOCK.sub("", text.strip())
    parts = _parts(cleaned, day_first=day_first)
    if parts is None:
        if cleaned.isdecimal() and int(cleaned) in _EXCEL_SERIALS:
            return within(_EXCEL_EPOCH + timedelta(days=int(cleaned)), believed)
        raise DateError(f"“{text[:40]}” is not a date")
    try:
        found = date(*parts)
    except ValueError:
        raise DateError(f"“{text[:40]}” is not a date of the calendar") from None
    return within(found, believed)


def parse_instant(text: str, believed: DateRange, *, need_zone: bool) -> datetime:
    """An ISO 8601 date and time; without a zone it is read as UTC, or refused when `need_zone`. Raises DateError."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        if need_zone:
            raise DateError(f"“{text[:40]}” is not an ISO 8601 time") from None
        day = parse_date(text, believed)
        found = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if found.tzinfo is None:
        if need_zone:
            raise DateError(f"“{text[:40]}” has no time zone")
        found = found.replace(tzinfo=UTC)
    within(found.date(), believed)
    return found


def within(found: date, believed: DateRange) -> date:
    """`found`, unless nobody can mean it. Raises DateError."""
    if found < believed.first or found > believed.last:
        raise DateError(f"{found.isoformat()} is not between {believed.first.year} and {believed.last.isoformat()}")
    return found


def _parts(text: str, *, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day, by the first form that fits."""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _COMPACT.fullmatch(text)) and int(found[2]) <= 12:
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        dotted = found[2] == "."
        return (year, second, first) if day_first or dotted else (year, first, second)
    if found := _DAY_NAME.fullmatch(text.lower()):
        day, month = found[1] or found[3], found[2][:3]
        if day and month in _MONTHS:
            return int(found[4]), _MONTHS.index(month) + 1, int(day)
    return None
