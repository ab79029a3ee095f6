"""How fresh the data is, and how rules change."""

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


def measure_process(published: Sequence[PublishedPolicy], within: timedelta, span: Span) -> Measure:
    """Days from when a change of a rule is wanted to when it holds: not measurable, as the first is not on record.

    What is on record stands beside it: the days between two versions of one policy table, the later published within
    the span, as the median. That is no time a change took, so it is not compared with `within`; a first version follows
    nothing and is only counted.
    """
    by_name: dict[str, list[PublishedPolicy]] = {}
    for version in sorted(published, key=lambda each: each.version):
        by_name.setdefault(version.name, []).append(version)
    changes = [
        (new.name, (new.published_at - old.published_at) / _DAY)
        for versions in by_name.values()
        for old, new in pairwise(versions)
        if new.published_at >= span.since
    ]

    def median(items: Sequence[tuple[str, float]]) -> float | None:
        return percentile((days for _name, days in items), 0.5)

    return Measure(
        name=MeasureName.PROCESS_CHANGE,
        unit=Unit.DAYS,
        value=None,
        n=0,
        target=Target(value=within / _DAY),
        monitored=True,
        measurable=False,
        figures={
            "published": sum(each.published_at >= span.since for each in published),
            "between_days": median(changes),
        },
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
