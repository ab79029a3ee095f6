"""How long something still has, or how long it should have been over."""

from datetime import timedelta

from console.elements import Tag
from hub.rendering.labels import Labels

_SOON = timedelta(hours=1)


def due_clock(say: Labels, left: timedelta, *, overdue: bool, worked: bool = False) -> None:
    """The time left, in working time where it is `worked`; `say` has the words of reviews."""
    kind = "late" if overdue else "soon" if left <= _SOON else ""
    phrase = "clock_over" if overdue else "clock_worked" if worked else "clock_left"
    Tag("p", say(phrase, time=span_words(say, abs(left))), f"clock {kind}")


def span_words(say: Labels, span: timedelta) -> str:
    """A span of time to the minute; from a day on, to the hour."""
    minutes = int(span.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return say("span_days", days=days, hours=hours)
    return say("span_hours", hours=hours, minutes=minutes) if hours else say("span_minutes", minutes=minutes)
