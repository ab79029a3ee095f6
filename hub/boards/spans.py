"""Percentiles, shares and weeks: the arithmetic that all measures have in common."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from core.domain.boards import Week

T = TypeVar("T")

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """The whole weeks that are looked at, the present one last; weeks begin on Monday, 00:00 UTC."""

    now: datetime
    weeks: int

    @property
    def mondays(self) -> list[date]:
        """The days on which the weeks begin."""
        today = self.now.astimezone(UTC).date()
        last = today - timedelta(days=today.weekday())
        return [last - back * _WEEK for back in reversed(range(self.weeks))]

    @property
    def since(self) -> datetime:
        """When the first week begins."""
        return datetime.combine(self.mondays[0], time(), UTC)

    def by_week(
        self, items: Iterable[T], at: Callable[[T], datetime], value: Callable[[Sequence[T]], float | None]
    ) -> tuple[Week, ...]:
        """The value of each week's items; weeks without any have none."""
        found: dict[date, list[T]] = {monday: [] for monday in self.mondays}
        for item in items:
            day = at(item).astimezone(UTC).date()
            monday = day - timedelta(days=day.weekday())
            if monday in found:
                found[monday].append(item)
        return tuple(
            Week(monday=monday, value=value(of_week) if of_week else None, n=len(of_week))
            for monday, of_week in found.items()
        )


def percentile(values: Iterable[float], part: float) -> float | None:
    """The nearest-rank percentile: the smallest value that at least `part` (0–1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else None


def share(items: Iterable[T], test: Callable[[T], bool]) -> float | None:
    """The share of items that pass the test; None without items."""
    results = [test(item) for item in items]
    return sum(results) / len(results) if results else None
