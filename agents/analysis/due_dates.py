"""Dates that a sentence names as a limit: "by 15 March", "3月15日之前"."""

import re
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_LIMIT = r"\b(?:by|before|until|till|no later than|not later than|due(?: on)?|deadline(?: is| of|:)?)(?: the)? "
_NAMED = (
    re.compile(
        _LIMIT + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? " + _MONTH.replace("(", "(?P<month>", 1), re.IGNORECASE
    ),
    re.compile(_LIMIT + _MONTH.replace("(", "(?P<month>", 1) + r" (?P<day>\d{1,2})(?!\d)", re.IGNORECASE),
)
_ISO = re.compile(_LIMIT + r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.IGNORECASE)
_HAN = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?(?:之前|以前|前|截止|到期)")
_HAN_FIRST = re.compile(
    r"(?:截止|最晚|最迟|不晚于).{0,4}?(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)
_DIGIT = re.compile(r"\d")
_PATTERNS = (*_NAMED, _ISO, _HAN, _HAN_FIRST)


def days_until_due(text: str, on: date) -> int | None:
    """Days from `on` to the first limit named, negative when past; None when none is named.

    A date without a year is the next one from a month before `on` onwards. Impossible dates are passed over.
    """
    if not _DIGIT.search(text):
        return None
    for pattern in _PATTERNS:
        match = pattern.search(text)
        due = match and _date(match.groupdict(), on)
        if due:
            return (due - on).days
    return None


def _date(parts: dict[str, str | None], on: date) -> date | None:
    named = str(parts["month"])
    month = int(named) if named.isdigit() else _MONTHS[named[:3].casefold()]
    day, year = int(parts["day"] or 0), parts.get("year")
    years = (int(year),) if year else (on.year, min(on.year + 1, date.max.year))
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year or found >= on - timedelta(days=30):
            return found
    return None
