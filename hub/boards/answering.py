"""Response time and package time."""

from collections.abc import Sequence
from datetime import timedelta

from core.domain.boards import Asked, Measure, MeasureName, Row, Target, Unit
from hub.boards.spans import Span, percentile, share

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def measure_response(asked: Sequence[Asked], within: timedelta, span: Span) -> Measure:
    """Hours from a visit request or customer's message to its first answer, as the 90th percentile.

    What still waits counts with the time it has waited so far; what failed or was set aside as needing no answer is
    counted apart.
    """
    counted = [each for each in asked if not each.dropped]

    def hours(each: Asked) -> float:
        return ((each.answered_at or span.now) - each.at) / _HOUR

    def p90(items: Sequence[Asked]) -> float | None:
        return percentile(map(hours, items), 0.9)

    limit = within / _HOUR

    def figures(items: Sequence[Asked]) -> dict[str, float | None]:
        # Who asked a moment ago may still be answered in time.
        judged = [each for each in items if each.answered_at or hours(each) > limit]
        return {
            "p50": percentile(map(hours, items), 0.5),
            "share_within": share(judged, lambda each: hours(each) <= limit),
            "waiting": sum(each.answered_at is None for each in items),
        }

    kinds = {kind: [each for each in counted if each.kind == kind] for kind in ("visit", "message")}
    return Measure(
        name=MeasureName.RESPONSE_TIME,
        unit=Unit.HOURS,
        value=p90(counted),
        n=len(counted),
        target=Target(value=limit),
        monitored=True,
        figures={**figures(counted), "dropped": len(asked) - len(counted)},
        weeks=span.by_week(counted, lambda each: each.at, p90),
        by={
            "request": tuple(
                Row(key=kind, n=len(items), value=p90(items), figures=figures(items)) for kind, items in kinds.items()
            )
        },
    )


def measure_packages(visits: Sequence[Asked], within: timedelta, span: Span) -> Measure:
    """Minutes from a visit request to its package, of those that have one, as the 90th percentile."""
    made = [each for each in visits if each.answered_at is not None]

    def minutes(each: Asked) -> float:
        assert each.answered_at is not None  # noqa: S101
        return (each.answered_at - each.at) / _MINUTE

    def p90(items: Sequence[Asked]) -> float | None:
        return percentile(map(minutes, items), 0.9)

    limit = within / _MINUTE
    return Measure(
        name=MeasureName.PACKAGE_TIME,
        unit=Unit.MINUTES,
        value=p90(made),
        n=len(made),
        target=Target(value=limit),
        figures={
            "p50": percentile(map(minutes, made), 0.5),
            "share_within": share(made, lambda each: minutes(each) <= limit),
            "failed": sum(each.dropped for each in visits),
        },
        weeks=span.by_week(made, lambda each: each.at, p90),
    )
