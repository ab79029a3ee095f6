"""Working time: which hours of which days count, per region.

Public holidays and China's make-up working days at weekends come from the `holidays` package.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator

from core.domain.base import Frozen
from core.policy.decision import PolicyError
from core.text import normalise_name

_CALENDARS = Path(__file__).parent / "tables" / "calendars.json"
# No country closes longer than this; a calendar without a working day for so long is a mistake.
_LONGEST_CLOSURE = timedelta(days=60)
Span = tuple[datetime, datetime]


class Opening(Frozen):
    """Hours of one day by the local clock, the end not included."""

    start: time
    end: time

    @model_validator(mode="after")
    def _forwards(self) -> "Opening":
        if self.start.tzinfo or self.end.tzinfo or self.start >= self.end:
            raise ValueError("opening hours are local times, the start before the end")
        return self


class Calendar(Frozen):
    """When people of a region work.

    `country` is an ISO 3166 code and `subdivision` a part of it as the `holidays` package names them; without a country
    there are no holidays. `weekdays` count from Monday, 0. The same `hours` hold every working day, by the clock of
    `zone` (IANA name).
    """

    name: str
    zone: str
    country: str | None = None
    subdivision: str | None = None
    weekdays: frozenset[int] = Field(default=frozenset(range(5)), min_length=1)
    hours: tuple[Opening, ...] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{zone} is not an IANA time zone") from error
        return zone

    @model_validator(mode="after")
    def _possible(self) -> "Calendar":
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are numbers from 0, Monday, to 6, Sunday")
        if any(one.end > next_one.start for one, next_one in zip(self.hours, self.hours[1:], strict=False)):
            raise ValueError("opening hours are in order and do not overlap")
        if self.country is not None:
            _special_days(self.country, self.subdivision, 2026)
        return self


class RegionCalendar(Calendar):
    """A calendar with the names of the regions where it holds."""

    regions: tuple[str, ...] = Field(min_length=1)


class CalendarTable(Frozen):
    """The calendars as shipped; `default` is the name of the one for every other region."""

    version: int
    default: str
    calendars: tuple[RegionCalendar, ...] = Field(min_length=1)


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two moments; none when `end` is not after `start`.

    Both carry a time zone. An hour that the clock skips or repeats counts as it passes.
    """
    first, last = _utc(start), _utc(end)
    total = timedelta()
    if last <= first:
        return total
    for opens, closes in _spans_from(calendar, first):
        if opens >= last:
            break
        total += min(closes, last) - max(opens, first)
    return total


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The first moment, in UTC, by which `amount` of working time has passed since `start`.

    Nothing to wait for is over at `start` itself. ValueError for a negative amount.
    """
    first = _utc(start)
    if amount < timedelta():
        raise ValueError("working time to add is not negative")
    if not amount:
        return first
    left = amount
    for opens, closes in _spans_from(calendar, first):
        begins = max(opens, first)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    raise AssertionError("a calendar has no last day")


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether people work on that local day."""
    if calendar.country is None:
        return day.weekday() in calendar.weekdays
    off, made_up = _special_days(calendar.country, calendar.subdivision, day.year)
    return day in made_up or (day.weekday() in calendar.weekdays and day not in off)


def calendar_of(region: str | None) -> Calendar:
    """The calendar of a sales region, named in English or Chinese; the default one for a region unknown to the table.

    Raises PolicyError when the table cannot be read.
    """
    table = load_calendars()
    return _by_region(table).get(normalise_name(region or ""), _default(table))


@cache
def load_calendars(path: Path = _CALENDARS) -> CalendarTable:
    """Read a table of calendars; PolicyError when it cannot be read or its default is none of them."""
    try:
        table = CalendarTable.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise PolicyError(f"{path.name}: {error}") from error
    _default(table)
    return table


def _default(table: CalendarTable) -> Calendar:
    for calendar in table.calendars:
        if calendar.name == table.default:
            return calendar
    raise PolicyError(f"calendars: the default “{table.default}” is none of the calendars")


@lru_cache(maxsize=8)
def _by_region(table: CalendarTable) -> dict[str, Calendar]:
    return {normalise_name(region): calendar for calendar in table.calendars for region in calendar.regions}


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no working time")
    return moment.astimezone(UTC)


def _spans_from(calendar: Calendar, moment: datetime) -> Iterator[Span]:
    """Working spans in order, from the first that ends after `moment` (UTC) on, without end."""
    day = moment.astimezone(ZoneInfo(calendar.zone)).date()
    worked = day
    while day - worked < _LONGEST_CLOSURE:
        for span in _spans_of(calendar, day):
            worked = day
            if span[1] > moment:
                yield span
        day += timedelta(days=1)
    raise PolicyError(f"calendar {calendar.name}: nobody works for {_LONGEST_CLOSURE.days} days from {worked}")


@lru_cache(maxsize=8192)
def _spans_of(calendar: Calendar, day: date) -> tuple[Span, ...]:
    if not is_working_day(calendar, day):
        return ()
    zone = ZoneInfo(calendar.zone)
    spans: list[Span] = []
    for opening in calendar.hours:
        opens, closes = (datetime.combine(day, clock, zone).astimezone(UTC) for clock in (opening.start, opening.end))
        # Where the clock jumps forward, a time that does not exist may fall behind the one after it.
        opens = max(opens, spans[-1][1]) if spans else opens
        if opens < closes:
            spans.append((opens, closes))
    return tuple(spans)


@lru_cache(maxsize=256)
def _special_days(country: str, subdivision: str | None, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays of a year, and days at weekends on which people work instead."""
    # Loaded on first use: only deadlines need it.
    import holidays  # noqa: PLC0415

    try:
        days = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
    except NotImplementedError as error:
        raise ValueError(f"no holidays are known for {country} {subdivision or ''}") from error
    return frozenset(days), frozenset(day for day in days.weekend_workdays if day.year == year)
