"""How fresh the data is, and how long rules stay before they change."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from core.domain.boards import Fed, Measure, MeasureName, Row, Target, Unit
from core.domain.policies import PublishedPolicy
from hub.boards.spans import Span, percentile, share

_DAY = timedelta(days=1)


def measure_freshness(fed: Sequence[Fed], stale_after: timedelta, span: Span) -> Measure:
    """The share of the kinds of records, by system, that came in within `stale_after`; a state, so without weeks."""
    limit = stale_after / _DAY

    def days(each: Fed) -> float:
        return (span.now - each.last_good_at) / _DAY

    return Measure(
        name=MeasureName.DATA_FRESHNESS,
        unit=Unit.SHARE,
        value=share(fed, lambda each: days(each) <= limit),
        n=len(fed),
        target=Target(value=1.0, at_least=True),
        monitored=True,
        figures={"oldest_days": max(map(days, fed), default=None), "limit_days": limit},
        by={
            "feed": tuple(
                Row(key=f"{each.system}/{each.kind}", n=each.records, value=days(each))
                for each in sorted(fed, key=days, reverse=True)
            )
        },
    )


def measure_process(published: Sequence[PublishedPolicy], span: Span) -> Measure:
    """Days between two versions of one policy table, the later published within the span, as the median.

    When a change was first wanted is not on record; a first version follows nothing and is only counted.
    """
    by_name: dict[str, list[PublishedPolicy]] = {}
    for version in sorted(published, key=lambda each: each.version):
        by_name.setdefault(version.name, []).append(version)
    changes = [
        (new.name, new.published_at, (new.published_at - old.published_at) / _DAY)
        for versions in by_name.values()
        for old, new in pairwise(versions)
        if new.published_at >= span.since
    ]

    def median(items: Sequence[tuple[str, object, float]]) -> float | None:
        return percentile((days for _name, _at, days in items), 0.5)

    return Measure(
        name=MeasureName.PROCESS_CHANGE,
        unit=Unit.DAYS,
        value=median(changes),
        n=len(changes),
        monitored=True,
        figures={"published": sum(each.published_at >= span.since for each in published)},
        weeks=span.by_week(changes, lambda each: each[1], median),
        by={
            "table": tuple(
                Row(
                    key=name,
                    n=len(versions),
                    value=median([each for each in changes if each[0] == name]),
                    figures={"in_force_days": (span.now - versions[-1].published_at) / _DAY},
                )
                for name, versions in sorted(by_name.items())
            )
        },
    )
