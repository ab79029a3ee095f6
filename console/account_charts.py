"""The options of a customer's drawings. Colours are CSS variables, as in `console.charts`."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from core.domain.interactions import Interaction, InteractionKind
from hub.rendering.labels import Labels

COLOURS = {
    InteractionKind.MAIL: "var(--evaluation)",
    InteractionKind.MEETING: "var(--purchase)",
    InteractionKind.CALL: "var(--consideration)",
    InteractionKind.NOTE: "var(--renewal)",
    InteractionKind.POST: "var(--neutral)",
}
_MONTHS = 18
_MUTED = "var(--muted)"


def contact_options(interactions: Sequence[Interaction], today: date, labels: Labels) -> dict[str, Any]:
    """Exchanges by month and form, over the last year and a half at most, months without any included."""
    months = _months(min((each.at.date() for each in interactions), default=today), today)
    counted = Counter((f"{each.at:%Y-%m}", each.form) for each in interactions)
    forms = [form for form in COLOURS if any(counted[month, form] for month in months)]
    series = [
        {
            "name": labels.name(form),
            "type": "bar",
            "stack": "all",
            "data": [counted[month, form] or None for month in months],
            "itemStyle": {"color": COLOURS[form]},
            "barMaxWidth": 22,
            "emphasis": {"disabled": True},
        }
        for form in forms
    ]
    axis = {"axisTick": {"show": False}, "axisLabel": {"color": _MUTED, "hideOverlap": True}}
    return {
        "animation": False,
        "grid": {"left": 4, "right": 8, "top": 10, "bottom": 2, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": months, "axisLine": {"lineStyle": {"color": "var(--line)"}}, **axis},
        "yAxis": {"type": "value", "minInterval": 1, "splitLine": {"lineStyle": {"color": "var(--line)"}}, **axis},
        "series": series,
    }


def _months(first: date, last: date) -> list[str]:
    """The months from `first` to `last`, the newest only where there are too many."""
    count = (last.year - first.year) * 12 + last.month - first.month
    numbers = range(last.year * 12 + last.month - 1 - min(count, _MONTHS - 1), last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]
