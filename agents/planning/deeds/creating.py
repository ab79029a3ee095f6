"""The arguments of a new record."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from agents.planning.deeds.catalogue import Kind
from agents.planning.deeds.changing import spelled
from agents.planning.deeds.lexicon import Verb
from agents.planning.deeds.looking import Lookups, times_of
from agents.planning.deeds.people import Person
from agents.planning.deeds.selecting import named_in, says
from agents.planning.deeds.wish import Wish
from agents.planning.spec import Parameter
from agents.planning.values import read_dates, read_durations, read_periods, read_times

_FREE_SLOT = re.compile(r"\b(?:first|next|earliest) free slot\b", re.IGNORECASE)
_UNLESS = re.compile(
    r"\b(?:haven't|have not|hasn't)\b.*\bin the last\b|\bin the last\b.*\bif not\b", re.IGNORECASE | re.DOTALL
)
_CATCH_UP = re.compile(r"\bcatch[- ]up\b", re.IGNORECASE)
# Meetings stay within these hours.
OPENS, CLOSES = time(9), time(18)


def already_met(wish: Wish, kind: Kind, people: Sequence[Person], lookups: Lookups) -> bool:
    """Whether the request holds only if there was no such record lately, and there was."""
    if not _UNLESS.search(wish.plain):
        return False
    spans = [
        each for each in read_periods(wish.plain, wish.now.date(), past=True) if each.value.last == wish.now.date()
    ]
    if not spans or not people or not kind.spans or spans[0].value.first is None:
        return True
    days = (wish.now.date() - spans[0].value.first).days
    bounds = (wish.now - timedelta(days=days), wish.now)
    return bool(lookups.records(kind, {"query": people[0].address}, kind.spans[0], bounds))


def new_record(wish: Wish, kind: Kind, people: Sequence[Person], lookups: Lookups) -> dict[str, str] | None:
    """What the new record says; None when something that it needs is not said."""
    tool = kind.acts[Verb.CREATE]
    arguments: dict[str, str] = {}
    for parameter in tool.arguments:
        value = _value(wish, kind, parameter, people, lookups)
        if value is not None:
            arguments[parameter.name] = value
    needed = {each.name for each in tool.required} or {each.name for each in tool.arguments}
    return arguments if needed <= set(arguments) else None


def _value(wish: Wish, kind: Kind, parameter: Parameter, people: Sequence[Person], lookups: Lookups) -> str | None:
    name = parameter.name
    if name in (f"{kind.noun}_name", "name", "title"):
        return _title(wish)
    if parameter.enum:
        return next((str(value) for value in parameter.enum if says(wish.plain, str(value))), None)
    if "mail" in name:
        # The record's own address is not that of somebody who is to have to do with it.
        if name.startswith(kind.noun):
            return None
        return people[-1].address if len({one.address for one in people}) == 1 else None
    if parameter.format is not None or "duration" in name:
        return _timed(wish, kind, parameter, lookups)
    return _listed(wish, kind, name, lookups)


def _timed(wish: Wish, kind: Kind, parameter: Parameter, lookups: Lookups) -> str | None:
    """When the record is, or how long it takes."""
    lasting = _lasting(wish)
    if parameter.format == "date-time":
        start = _start(wish, kind, lookups, lasting)
        return None if start is None else str(start)
    if parameter.format == "date":
        dates = read_dates(wish.plain, wish.now.date())
        return str(dates[0].value) if dates and parameter.required else None
    if lasting is None:
        return None
    return f"{lasting / timedelta(minutes=1):g}" if "minute" in parameter.description.casefold() else str(lasting)


def _title(wish: Wish) -> str | None:
    if wish.called:
        return wish.called.value
    if quoted := wish.quote_after("called|named|titled|entitled"):
        return quoted
    if len(wish.quotes) == 1:
        return wish.quotes[0].value
    return named_in(wish.plain) or ("catch-up" if _CATCH_UP.search(wish.plain) else None)


def _listed(wish: Wish, kind: Kind, name: str, lookups: Lookups) -> str | None:
    """A value that the request says and some record has."""
    if kind.find is None or name not in {each.name for each in kind.find.arguments}:
        return None
    words = re.findall(r"[\w'-]+", wish.plain)
    for length in (3, 2, 1):
        for place in range(len(words) - length + 1):
            said = " ".join(words[place : place + length])
            if len(said) > 3 and (value := spelled(said, name, kind, lookups)):
                return value
    return None


def _lasting(wish: Wish) -> timedelta | None:
    spans = [each for each in read_durations(wish.plain) if each.value < timedelta(days=1)]
    return spans[0].value if spans else None


def _start(wish: Wish, kind: Kind, lookups: Lookups, lasting: timedelta | None) -> datetime | None:
    dates = read_dates(wish.plain, wish.now.date())
    if not dates:
        return None
    if _FREE_SLOT.search(wish.plain):
        return _free(kind, lookups, datetime.combine(dates[-1].value, OPENS), lasting) if lasting else None
    times = read_times(wish.plain)
    return datetime.combine(dates[0].value, times[0].value) if times else None


def _free(kind: Kind, lookups: Lookups, day: datetime, lasting: timedelta) -> datetime | None:
    """The first time from `day` on within working hours that no record takes, in the next two weeks."""
    for ahead in range(14):
        start = day + timedelta(days=ahead)
        closes = datetime.combine(start.date(), CLOSES)
        span = kind.spans[0] if kind.spans else None
        taken = lookups.records(
            kind, {}, span, (datetime.combine(start.date(), time.min), datetime.combine(start.date(), time.max))
        )
        for record in sorted(taken, key=lambda one: str(next(iter(times_of(one).values()), ""))):
            begins = next(iter(times_of(record).values()), None)
            if begins is None:
                continue
            if begins - start >= lasting:
                break
            minutes = next((float(str(value)) for name, value in record.items() if "duration" in name), 60.0)
            start = max(start, begins + timedelta(minutes=minutes))
        if start + lasting <= closes:
            return start
    return None
