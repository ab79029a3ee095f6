"""How long pre-reviews take, split into waiting and working, in hours of work and by the wall clock."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from core.domain.base import Frozen
from core.domain.contracts import Department
from core.domain.reviews import DelayReason, Review, ReviewEvent, ReviewEventKind, ReviewStatus, ReviewTask
from core.identity import Caller
from core.policy.calendar import Calendar, calendar_of, working_time
from db.store import Session
from db.writing import batches
from hub.installation import Platform
from hub.reviews.changing import HUB

_MOST = 100_000
_NOT_TOUCHED = frozenset(
    {ReviewEventKind.OPENED, ReviewEventKind.DELEGATED, ReviewEventKind.DELAY_NOTED, ReviewEventKind.ANSWERED}
)


class Phase(StrEnum):
    """What a review’s time goes into: waiting for earlier departments, for a start, for an answer; or work."""

    TURN = "turn"
    START = "start"
    ANSWER = "answer"
    WORK = "work"


class ReviewTimes(Frozen):
    """One review's hours by phase: by the region's working calendar, and elapsed; an open one is counted until now."""

    review_id: str
    run_id: str
    department: Department
    status: ReviewStatus
    reasons: tuple[DelayReason, ...]
    hours: dict[Phase, float]
    elapsed_hours: dict[Phase, float]
    decided_at: AwareDatetime | None = None

    @property
    def cycle(self) -> float:
        """Working hours from the package to the decision, all waiting included."""
        return sum(self.hours.values())


class Cycle(Frozen):
    """Times of a group of reviews, in hours; those that are not decided count in `reviews` alone.

    `p50` and `p90` are of the working hours from the package to the decision (`elapsed_*`: by the wall clock), nearest
    rank; `waiting` and `working` are means of working hours; `share_within` is the share decided within the time that
    the settings give. None without decided reviews.
    """

    group: str
    reviews: int
    decided: int
    p50: float | None
    p90: float | None
    elapsed_p50: float | None
    elapsed_p90: float | None
    waiting: float | None
    working: float | None
    share_within: float | None


class CycleTimes(Frozen):
    """Times of all reviews the caller may see, of packages requested since `since`; `within` is in working hours.

    A review counts once under each reason its department noted, `none` without any.
    """

    since: datetime | None
    within: float
    overall: Cycle
    departments: tuple[Cycle, ...]
    reasons: tuple[Cycle, ...]
    reviews: tuple[ReviewTimes, ...]


def cycle_times(
    platform: Platform, caller: Caller, since: datetime | None = None, *, whole: bool = False
) -> CycleTimes:
    """Measure the reviews the caller may see; with `whole`, for sums alone, those of every department."""
    with platform.store.read() as unit:
        tasks = unit.reviews.list(caller, over=True, since=since, whole=whole, limit=_MOST)
        measured = _measure_all(unit, caller.tenant, tasks, platform.clock.now())
    within = platform.settings.review_within / timedelta(hours=1)
    departments = {times.department for times in measured}
    reasons = {reason for times in measured for reason in times.reasons}
    return CycleTimes(
        since=since,
        within=within,
        overall=_cycle("all", measured, within),
        departments=tuple(
            _cycle(one.value, [times for times in measured if times.department is one], within)
            for one in Department
            if one in departments
        ),
        reasons=(
            *(
                _cycle(one.value, [times for times in measured if one in times.reasons], within)
                for one in DelayReason
                if one in reasons
            ),
            _cycle("none", [times for times in measured if not times.reasons], within),
        ),
        reviews=tuple(measured),
    )


def measure_review(
    review: Review, events: Sequence[ReviewEvent], made_at: datetime, now: datetime, calendar: Calendar
) -> ReviewTimes:
    """One review's times, from when its package was made until it was decided, or `now`."""
    spans = list(_spans(review, events, made_at, now))
    hour = timedelta(hours=1)
    hours, elapsed = dict.fromkeys(Phase, 0.0), dict.fromkeys(Phase, 0.0)
    for phase, start, end in spans:
        hours[phase] += working_time(calendar, start, end) / hour
        elapsed[phase] += max(end - start, timedelta()) / hour
    noted = {DelayReason(event.body["reason"]) for event in events if event.kind is ReviewEventKind.DELAY_NOTED}
    return ReviewTimes(
        review_id=review.id,
        run_id=review.run_id,
        department=review.department,
        status=review.status,
        reasons=tuple(sorted(noted)),
        hours=hours,
        elapsed_hours=elapsed,
        decided_at=review.decided_at,
    )


def _spans(
    review: Review, events: Sequence[ReviewEvent], made_at: datetime, now: datetime
) -> Iterable[tuple[Phase, datetime, datetime]]:
    end = review.decided_at or now
    opened = review.opened_at or end
    yield Phase.TURN, made_at, opened
    phase, since = Phase.START, opened
    for event in events:
        following = _next_phase(phase, event)
        if following is not phase:
            yield phase, since, event.at
            phase, since = following, event.at
    yield phase, since, end


def _next_phase(phase: Phase, event: ReviewEvent) -> Phase:
    if event.kind is ReviewEventKind.ASKED:
        return Phase.ANSWER
    if event.kind is ReviewEventKind.ANSWERED:
        return Phase.WORK
    touched = event.actor != HUB and event.kind not in _NOT_TOUCHED
    return Phase.WORK if phase is Phase.START and touched else phase


def _measure_all(unit: Session, tenant: str, tasks: Sequence[ReviewTask], now: datetime) -> list[ReviewTimes]:
    events: dict[str, list[ReviewEvent]] = {}
    for batch in batches([task.review.id for task in tasks]):
        for event in unit.reviews.events(tenant, batch):
            events.setdefault(event.review_id, []).append(event)
    accounts = {task.account_id for task in tasks}
    calendars = {account: calendar_of(unit.reviews.region(tenant, account)) for account in accounts}
    return [
        measure_review(
            task.review, events.get(task.review.id, []), task.made_at or now, now, calendars[task.account_id]
        )
        for task in tasks
    ]


def _cycle(group: str, measured: Sequence[ReviewTimes], within: float) -> Cycle:
    decided = [times for times in measured if times.status.is_over]
    cycles = sorted(times.cycle for times in decided)
    elapsed = sorted(sum(times.elapsed_hours.values()) for times in decided)
    working = [times.hours[Phase.WORK] for times in decided]
    return Cycle(
        group=group,
        reviews=len(measured),
        decided=len(decided),
        p50=_rank(cycles, 0.5),
        p90=_rank(cycles, 0.9),
        elapsed_p50=_rank(elapsed, 0.5),
        elapsed_p90=_rank(elapsed, 0.9),
        waiting=_mean([cycle - work for cycle, work in zip((t.cycle for t in decided), working, strict=True)]),
        working=_mean(working),
        share_within=_mean([float(cycle <= within) for cycle in cycles]),
    )


def _rank(values: Sequence[float], part: float) -> float | None:
    """The nearest-rank percentile of values in order."""
    return values[max(0, math.ceil(part * len(values)) - 1)] if values else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
