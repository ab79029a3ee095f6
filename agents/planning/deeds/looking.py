"""Looking records up: everything that a search has, however few it gives at a time."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from agents.planning.deeds.catalogue import Kind, Span

Look: TypeAlias = Callable[[str, Mapping[str, Any]], Any]
Record: TypeAlias = Mapping[str, Any]

# A search that does not say how many records it gives at most is taken for cut at this many.
_CUT = 5
# How far before and after now records are looked for when the request sets no bounds, and how often at most.
_REACH = timedelta(days=1100)
_MOST_LOOKS = 400


class Lookups:
    """Searches through the tools, each asked once."""

    def __init__(self, look: Look, now: datetime) -> None:
        self._look = look
        self._now = now
        self._known: dict[tuple[Any, ...], Any] = {}

    def ask(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """What a reading tool answers; None when it refuses, or was asked too often."""
        key = (tool, *sorted(arguments.items()))
        if key not in self._known and len(self._known) < _MOST_LOOKS:
            self._known[key] = self._look(tool, arguments)
        return self._known.get(key)

    def records(self, kind: Kind, arguments: Mapping[str, Any], span: Span | None, bounds: "Bounds") -> list[Record]:
        """All records that a search finds within bounds, by halving the time searched whenever it may have been cut."""
        if kind.find is None:
            return []
        if span is None:
            return _as_records(self.ask(kind.find.name, arguments))
        first = bounds[0] or self._now - _REACH
        last = bounds[1] or self._now + _REACH
        limited = {**arguments, **_limits(span, bounds[0], bounds[1])}
        found = _as_records(self.ask(kind.find.name, limited))
        if len(found) < (kind.most or _CUT):
            return found
        return self._halved(kind, arguments, span, (first, last))

    def _halved(
        self, kind: Kind, arguments: Mapping[str, Any], span: Span, bounds: tuple[datetime, datetime]
    ) -> list[Record]:
        first, last = bounds
        found = _as_records(self.ask(kind.find.name, {**arguments, **_limits(span, first, last)})) if kind.find else []
        step = timedelta(days=1) if span.low.format == "date" else timedelta(minutes=1)
        if len(found) < (kind.most or _CUT) or last - first < step:
            return found
        middle = first + (last - first) / 2
        middle = datetime.combine(middle.date(), datetime.min.time()) if step.days else middle.replace(microsecond=0)
        middle = max(first, middle)
        before = self._halved(kind, arguments, span, (first, middle))
        after = self._halved(kind, arguments, span, (middle + (step if step.days else timedelta(seconds=1)), last))
        keyed = {str(record.get(kind.key)): record for record in (*before, *after)}
        return list(keyed.values())


Bounds: TypeAlias = tuple[datetime | None, datetime | None]


def _limits(span: Span, first: datetime | None, last: datetime | None) -> dict[str, str]:
    limits = {}
    for parameter, value in ((span.low, first), (span.high, last)):
        if value is not None:
            limits[parameter.name] = str(value.date() if parameter.format == "date" else value.replace(microsecond=0))
    return limits


def _as_records(answer: Any) -> list[Record]:
    return [each for each in answer if isinstance(each, Mapping)] if isinstance(answer, list | tuple) else []


def when(value: Any) -> datetime | None:
    """The moment that a field says, a day's midnight when it says a day; None when it says none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def times_of(record: Record) -> dict[str, datetime]:
    """The fields of a record that say a day or a moment."""
    return {name: at for name, value in record.items() if "-" in str(value) and (at := when(value)) is not None}
