"""The review cycle, by department and by reason of delay."""

from collections.abc import Sequence

from core.domain.boards import Measure, MeasureName, Row, Target, Unit
from hub.boards.spans import Span, percentile
from hub.reviews.cycle_times import Cycle, CycleTimes, ReviewTimes


def measure_cycles(times: CycleTimes, span: Span) -> Measure:
    """Working hours from the package to a department's decision, the 90th percentile; weeks are those of decisions."""
    decided = [each for each in times.reviews if each.decided_at is not None]

    def p90(items: Sequence[ReviewTimes]) -> float | None:
        return percentile((each.cycle for each in items), 0.9)

    overall = times.overall
    return Measure(
        name=MeasureName.REVIEW_CYCLE,
        unit=Unit.HOURS,
        value=overall.p90,
        n=overall.decided,
        target=Target(value=times.within),
        figures={**_figures(overall), "open": overall.reviews - overall.decided},
        weeks=span.by_week(decided, lambda each: each.decided_at or span.now, p90),
        by={
            "department": tuple(map(_row, times.departments)),
            "reason": tuple(_row(cycle) for cycle in times.reasons if cycle.reviews),
        },
    )


def _row(cycle: Cycle) -> Row:
    return Row(key=cycle.group, n=cycle.decided, value=cycle.p90, figures=_figures(cycle))


def _figures(cycle: Cycle) -> dict[str, float | None]:
    return {
        "p50": cycle.p50,
        "waiting": cycle.waiting,
        "working": cycle.working,
        "share_within": cycle.share_within,
    }
