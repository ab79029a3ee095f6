"""What pre-reviews would take in a year, with and without the hub: a simulation under stated assumptions."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from core.domain.base import Frozen
from core.domain.contracts import Department
from hub.simulation.assumptions import WAYS, Assumptions, Way
from hub.simulation.departments import Cycle, Spent, YearOfReviews
from hub.simulation.draws import draw_year

# Upper ends of the histogram's bars, in hours.
_BARS = (2, 4, 6, 8, 12, 16, 24, 32, 40, 60)
_HOUR = timedelta(hours=1)
_WITHIN = 8


class TimeSpent(Frozen):
    """Where a department's working hours went, on average per review.

    `share_in_time` is the part of the reviews for which the department itself took no more than 8 working hours; the
    time in which it waited for an answer is not its own.
    """

    department: Department
    waiting_hours: float
    working_hours: float
    asked_back_hours: float
    share_in_time: float


class Bar(Frozen):
    """How many requests took more working hours than the bar before, and no more than `up_to` (None: no end)."""

    up_to: int | None
    requests: int


class Spread(Frozen):
    """Cycle times by one clock: quantiles in hours, and the share of requests done within 8 hours."""

    p50_hours: float
    p90_hours: float
    share_within_8h: float


class CycleTimes(Spread):
    """Cycle times of one way of working, from the request to the last decision.

    All hours are working hours of the reviewers' calendar, as the departments' due time is; only `elapsed` counts by
    the clock on the wall, nights and weekends included. `between_hours` is what preparing and handing over took on
    average.
    """

    elapsed: Spread
    between_hours: float
    departments: tuple[TimeSpent, ...]
    histogram: tuple[Bar, ...]


class Simulation(Frozen):
    """The same year in three ways of working, and what was assumed."""

    requests: int
    seed: int
    year: int
    note: str = (
        "A simulation under assumptions, not a measurement. Hours are working hours of the reviewers’ calendar; "
        "those under “elapsed” run day and night."
    )
    with_hub: CycleTimes
    hub_in_sequence: CycleTimes
    without_hub: CycleTimes
    assumptions: Assumptions
    ways: dict[str, Way]


def simulate(requests: int, seed: int, year: int, assumed: Assumptions | None = None) -> Simulation:
    """Play a year of `requests` in every way of working; the same arguments give the same result."""
    assumed = assumed or Assumptions()
    drawn = draw_year(requests, seed, year, assumed)
    times = {name: _times(YearOfReviews(drawn, way, assumed).run()) for name, way in WAYS.items()}
    return Simulation(requests=requests, seed=seed, year=year, assumptions=assumed, ways=WAYS, **times)


def _times(cycles: Sequence[Cycle]) -> CycleTimes:
    elapsed = sorted(cycle.elapsed / _HOUR for cycle in cycles)
    worked = sorted(cycle.worked / _HOUR for cycle in cycles)
    return CycleTimes(
        **_spread(worked).model_dump(),
        elapsed=_spread(elapsed),
        between_hours=_mean([cycle.between for cycle in cycles]),
        departments=tuple(_spent([cycle.spent[place] for cycle in cycles]) for place in range(len(cycles[0].spent))),
        histogram=_histogram(worked),
    )


def _spread(hours: Sequence[float]) -> Spread:
    """The figures of hours that are in order."""
    return Spread(p50_hours=_rank(hours, 0.5), p90_hours=_rank(hours, 0.9), share_within_8h=_share(hours))


def _spent(reviews: Sequence[Spent]) -> TimeSpent:
    def mean(part: Callable[[Spent], timedelta]) -> float:
        return _mean([part(review) for review in reviews])

    return TimeSpent(
        department=reviews[0].department,
        waiting_hours=mean(lambda review: review.waiting),
        working_hours=mean(lambda review: review.working),
        asked_back_hours=mean(lambda review: review.asked),
        share_in_time=_share([(review.waiting + review.working) / _HOUR for review in reviews]),
    )


def _rank(ordered: Sequence[float], part: float) -> float:
    """The nearest-rank quantile: the smallest value that at least that part of the values does not exceed."""
    return round(ordered[max(0, math.ceil(part * len(ordered)) - 1)], 2)


def _share(hours: Sequence[float]) -> float:
    return round(sum(each <= _WITHIN for each in hours) / len(hours), 4)


def _mean(spans: Sequence[timedelta]) -> float:
    return round(sum(spans, timedelta()) / _HOUR / len(spans), 2)


def _histogram(hours: Sequence[float]) -> tuple[Bar, ...]:
    upto = [sum(each <= end for each in hours) for end in _BARS] + [len(hours)]
    counts = [here - before for before, here in zip([0, *upto], upto, strict=False)]
    return tuple(Bar(up_to=end, requests=count) for end, count in zip((*_BARS, None), counts, strict=True))
