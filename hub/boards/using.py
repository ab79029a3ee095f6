"""Adoption and self-service: what people do with what the hub offers."""

from collections.abc import Sequence

from core.domain.boards import Answered, Asked, Followed, Measure, MeasureName, Row, Target, Unit
from core.domain.chat import AnswerStatus
from core.domain.effects import EffectStatus
from core.identity import Role
from hub.boards.spans import Span, percentile, share

# An effect that went further has been everything before it: one that was sent or undone had been approved.
_APPROVED = (
    EffectStatus.APPROVED,
    EffectStatus.SENT,
    EffectStatus.CONFIRMED,
    EffectStatus.DEAD,
    EffectStatus.COMPENSATED,
)
_REFUSED = (EffectStatus.REJECTED, EffectStatus.EXPIRED, EffectStatus.WITHDRAWN)


def measure_adoption(packages: Sequence[Followed], span: Span) -> Measure:
    """The share of packages from which at least one write was proposed.

    What people follow without writing it anywhere is not on record, and so not measured.
    """

    def followed(items: Sequence[Followed]) -> float | None:
        return share(items, lambda each: bool(each.effects))

    def count(statuses: Sequence[EffectStatus]) -> int:
        return sum(each.effects.get(status, 0) for each in packages for status in statuses)

    proposed = count(tuple(EffectStatus))
    steps = {
        "recommended": sum(each.recommended for each in packages),
        "proposed": proposed,
        "approved": count(_APPROVED),
        "confirmed": count((EffectStatus.CONFIRMED,)),
        "refused": count(_REFUSED),
    }
    return Measure(
        name=MeasureName.ADOPTION,
        unit=Unit.SHARE,
        value=followed(packages),
        n=len(packages),
        figures={"confirmed_share": steps["confirmed"] / proposed if proposed else None},
        weeks=span.by_week(packages, lambda each: each.at, followed),
        by={"step": tuple(Row(key=key, n=number) for key, number in steps.items())},
    )


def measure_self_service(
    questions: Sequence[Answered], visits: Sequence[Asked], at_least: float, span: Span
) -> Measure:
    """The share of questions in chat that were answered at once: not asked back, declined or stopped."""

    def answered(items: Sequence[Answered]) -> float | None:
        return share(items, lambda each: each.status is AnswerStatus.ANSWERED)

    good = [each for each in questions if each.status is AnswerStatus.ANSWERED]
    return Measure(
        name=MeasureName.SELF_SERVICE,
        unit=Unit.SHARE,
        value=answered(questions),
        n=len(questions),
        target=Target(value=at_least, at_least=True),
        monitored=True,
        figures={
            "without_model": share(good, lambda each: each.model_calls == 0),
            "seconds_p50": percentile((each.seconds for each in good), 0.5),
            "own_visits": share(visits, lambda each: Role.REP in each.roles),
            "visits": len(visits),
        },
        weeks=span.by_week(questions, lambda each: each.at, answered),
        by={
            "outcome": tuple(
                Row(
                    key=status.value,
                    n=sum(each.status is status for each in questions),
                    value=share(questions, lambda each, status=status: each.status is status),  # type: ignore[misc]
                )
                for status in AnswerStatus
            )
        },
    )
