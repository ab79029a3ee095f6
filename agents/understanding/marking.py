"""A message with one sign for each name and value, so that its wording is judged apart from what it is about."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from agents.planning.values.dates import read_dates
from agents.planning.values.durations import read_durations
from agents.planning.values.found import Found
from agents.planning.values.money import read_money
from agents.planning.values.months import MONTHS, add_months, month_end
from agents.planning.values.numbers import read_numbers
from agents.planning.values.percents import read_percents
from agents.planning.values.periods import Period, read_periods
from agents.planning.values.written import read_addresses
from agents.understanding.mentions import Mention, find_mentions
from agents.understanding.message import QUOTED
from agents.understanding.names import Kind, Names
from agents.understanding.unknown import find_codes, find_unknown
from core.domain.money import Money


class Sort(StrEnum):
    """What kind of value a sign stands for."""

    DAY = "day"
    SPAN = "span"
    LASTING = "lasting"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    MAIL = "mail"
    PHONE = "phone"
    QUOTE = "quote"
    CODE = "code"
    UNKNOWN = "unknown"


Value = date | Period | timedelta | Decimal | Money | str

SIGNS: dict[Kind | Sort, str] = {
    Kind.ACCOUNT: "\ue001",
    Kind.DEAL: "\ue002",
    Kind.CONTACT: "\ue003",
    Kind.PRODUCT: "\ue004",
    Kind.SELLER: "\ue005",
    Kind.COMPETITOR: "\ue006",
    Sort.DAY: "\ue007",
    Sort.SPAN: "\ue007",
    Sort.LASTING: "\ue008",
    Sort.NUMBER: "\ue009",
    Sort.SHARE: "\ue00a",
    Sort.MONEY: "\ue00b",
    Sort.MAIL: "\ue00c",
    Sort.PHONE: "\ue00d",
    Sort.QUOTE: QUOTED,
    Sort.CODE: "\ue00e",
    Sort.UNKNOWN: "\ue010",
}
# Numerals that count nothing: 看一下, 一起, 哪一个, "the last one", "one moment".
_NO_NUMBER = re.compile(
    r"[一两](?=[下些起样直共般定切旦向则边次点家位封条份项段部篇首句本种期面]|方面|个(?!月|点))|[唯统哪每同第之万下上]一(?=[下步次个位家封])?"
    r"|千万(?=别|不)"
    r"|\bone\b(?! (?:of|unit|piece|pc|month|week|day)\b)|(?<=\bq)\d\b|百分之百|三包|二期|一期|四号线|万一",
    re.IGNORECASE,
)
# "since February", "by June": a month alone, as far as the readers of periods leave it.
_SINCE_MONTH = re.compile(
    r"\b(?P<way>since|from|after|by|before|until|till|through)\s(?:the\s)?(?P<edge>end of |mid "
    r"|middle of )?(?P<month>january|february"
    r"|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov"
    r"|dec)\b(?!\.?\s\d)",
    re.IGNORECASE,
)
_BACKWARD = frozenset({"since", "from", "after"})
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d ()-]{6,18}\d(?![\w-])")


@dataclass(frozen=True, slots=True)
class Sign:
    """One name or value: where it stands in the text, and at which place of the marked text."""

    sort: Kind | Sort
    start: int
    end: int
    at: int
    mention: Mention | None = None
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """`text` as it was read, `marked` with signs; `origin[i]` is where `marked[i]` began in the text."""

    text: str
    marked: str
    signs: tuple[Sign, ...]
    origin: tuple[int, ...]

    def between(self, start: int, end: int) -> tuple[Sign, ...]:
        """The signs in `marked[start:end]`."""
        return tuple(sign for sign in self.signs if start <= sign.at < end)

    def words(self, start: int, end: int) -> str:
        """What was said in `marked[start:end]`."""
        return self.text[self.origin[start] : self.origin[end]]


def mark(text: str, names: Names, today: date, usual: Collection[str]) -> Marked:
    """Names first, the longest of them; then the values that are said beside them."""
    spans: list[tuple[int, int, Kind | Sort, Mention | None, Value | None]] = []

    def free(start: int, end: int) -> bool:
        return not any(start < other[1] and other[0] < end for other in spans)

    for place, char in enumerate(text):
        if char == QUOTED:
            spans.append((place, place + 1, Sort.QUOTE, None, None))
    spans += [
        (each.start, each.end, each.kind, each, None)
        for each in find_mentions(text, names, usual)
        if free(each.start, each.end)
    ]
    codes = [(start, end) for start, end in find_codes(text) if free(start, end)]
    spans += [(start, end, Sort.CODE, None, text[start:end]) for start, end in codes]
    products = {start for start, _end, sort, *_ in spans if sort is Kind.PRODUCT}
    for sort, found in _values(text, today, products):
        if free(found.start, found.end):
            spans.append((found.start, found.end, sort, None, found.value))
    for start, end in find_unknown(text, [span[:2] for span in spans]):
        spans.append((start, end, Sort.UNKNOWN, None, text[start:end]))
    return _replaced(text, sorted(spans, key=lambda span: span[0]))


def _values(text: str, today: date, products: Collection[int]) -> list[tuple[Sort, Found[Value]]]:
    """All values of a text, those first that win where two stand on the same characters."""
    read: list[tuple[Sort, Found[Value]]] = [(Sort.MAIL, each) for each in read_addresses(text)]  # type: ignore[misc]
    days = read_dates(text, today)
    read += [(Sort.DAY, each) for each in days]  # type: ignore[misc]
    read += [(Sort.MONEY, each) for each in read_money(text)]  # type: ignore[misc]
    read += [(Sort.SHARE, each) for each in read_percents(text)]  # type: ignore[misc]
    read += [(Sort.SPAN, each) for each in _months(text, today)]  # type: ignore[misc]
    read += [(Sort.SPAN, each) for each in read_periods(text, today)]  # type: ignore[misc]
    for match in _PHONE.finditer(text):
        if sum(map(str.isdigit, match.group())) > 6:
            read.append((Sort.PHONE, Found(match.group(), match.start(), match.end(), match.group())))
    read += [(Sort.LASTING, each) for each in read_durations(text)]  # type: ignore[misc]
    idle = [match.span() for match in _NO_NUMBER.finditer(text)]
    for number in read_numbers(text):
        place = number.end + len(text[number.end :]) - len(text[number.end :].lstrip())
        # "one RC-12" counts, "that one" does not.
        if place in products or not any(start <= number.start and number.end <= end for start, end in idle):
            read.append((Sort.NUMBER, number))  # type: ignore[arg-type]
    return read


def _months(text: str, today: date) -> list[Found[Period]]:
    found = []
    for match in _SINCE_MONTH.finditer(text):
        month = MONTHS.index(match["month"][:3].casefold()) + 1
        back = match["way"].casefold() in _BACKWARD
        first = date(today.year, month, 1)
        if back and first > today:
            first = add_months(first, -12)
        elif not back and month_end(first) < today:
            first = add_months(first, 12)
        value = Period(first, None) if back else Period(None, month_end(first))
        start = match.start("edge") if match["edge"] else match.start("month")
        found.append(Found(value, start, match.end(), text[start : match.end()]))
    return found


def _replaced(text: str, spans: list[tuple[int, int, Kind | Sort, Mention | None, Value | None]]) -> Marked:
    marked: list[str] = []
    origin: list[int] = []
    signs: list[Sign] = []
    place = 0
    for start, end, sort, mention, value in spans:
        marked += text[place:start]
        origin += range(place, start)
        signs.append(Sign(sort, start, end, len(marked), mention, value))
        marked.append(SIGNS[sort])
        origin.append(start)
        place = end
    marked += text[place:]
    origin += range(place, len(text) + 1)
    return Marked(text, "".join(marked), tuple(signs), tuple(origin))
