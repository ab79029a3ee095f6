"""Options of the ECharts drawings. Colours are CSS variables, so that light and dark need no redrawing."""

from collections.abc import Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from core.domain.boards import Measure, Unit
from core.domain.views.people import InfluenceMap, TieKind
from core.domain.views.stage import BuyingStage, StageView
from hub.rendering.figures import WIDTH, Dot, InfluenceFigure, draw_influence
from hub.rendering.labels import Labels
from hub.rendering.measures import MeasureWords

_LINE = {TieKind.REPORTS_TO: "solid", TieKind.WRITES_TO: "dashed", TieKind.MEETS: "dotted"}
NARROW = 340
_LABEL_CHARS = 13
_HALO = {"textBorderColor": "var(--paper)", "textBorderWidth": 3}
_MUTED = "var(--muted)"


def influence_options(view: InfluenceMap, labels: Labels) -> dict[str, Any]:
    """The influence map as a graph; nodes of people carry their id in `value`, rings around them are silent.

    On a narrow screen people stand in more and shorter rows.
    """
    wide, narrow = draw_influence(view), draw_influence(view, NARROW)
    shown = {dot.person.id for dot in wide.dots}
    links = [
        {
            "source": tie.source,
            "target": tie.target,
            "lineStyle": {"type": _LINE[tie.kind], "width": 1 + min(tie.weight, 3)},
        }
        for tie in view.ties
        if {tie.source, tie.target} <= shown
    ]
    series = {
        "type": "graph",
        "layout": "none",
        "preserveAspect": "contain",
        "left": "9%",
        "right": "9%",
        "top": 44,
        "bottom": 84,
        "data": _nodes(wide, labels),
        "links": links,
        "lineStyle": {"color": _MUTED, "opacity": 0.5, "curveness": 0.12},
        "emphasis": {"focus": "adjacency", "lineStyle": {"width": 3}},
        "blur": {"itemStyle": {"opacity": 0.25}},
    }
    return {
        "baseOption": {"animation": False, "series": [series]},
        "media": [
            {"query": {"maxWidth": 560}, "option": {"series": [{"data": _nodes(narrow, labels), "links": links}]}},
            {"option": {"series": [{"data": series["data"], "links": links}]}},
        ],
    }


def influence_rows(view: InfluenceMap) -> tuple[int, int]:
    """How many rows of people the map has, wide and narrow."""
    wide, narrow = (len({dot.y for dot in draw_influence(view, width).dots}) for width in (WIDTH, NARROW))
    return wide, narrow


def _nodes(figure: InfluenceFigure, labels: Labels) -> list[dict[str, Any]]:
    return [*map(_ring, figure.dots), *(_person(dot, labels) for dot in figure.dots)]


def stage_options(view: StageView, labels: Labels) -> dict[str, Any] | None:
    """Shares of the stages over time, stacked; None when there are not two different times to show."""
    if len(view.history) < 2 or view.history[0].at == view.history[-1].at:
        return None
    stages = list(BuyingStage)
    series = [
        {
            "name": labels.name(stage),
            "type": "line",
            "stack": "shares",
            "symbol": "none",
            "lineStyle": {"width": 0},
            "itemStyle": {"color": f"var(--{stage})"},
            "areaStyle": {"color": f"var(--{stage})", "opacity": 1},
            "emphasis": {"disabled": True},
            "data": [
                [point.at.isoformat(), round(point.distribution.get(stage, 0) * 100, 1)] for point in view.history
            ],
        }
        for stage in stages
    ]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 28},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"lineStyle": {"color": _MUTED}}},
        "xAxis": {
            "type": "time",
            "axisLabel": {"color": _MUTED, "hideOverlap": True},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "yAxis": {"type": "value", "max": 100, "show": False},
        "series": series,
    }


def trend_options(measure: Measure, words: MeasureWords) -> dict[str, Any]:
    """A measure by week as bars, weeks without items left empty, with its target as a line."""
    factor = 100 if measure.unit is Unit.SHARE else 1
    days = [f"{week.monday:%m-%d}" for week in measure.weeks]
    values = [None if week.value is None else round(week.value * factor, 2) for week in measure.weeks]
    bars: dict[str, Any] = {
        "type": "bar",
        "name": words.name(measure),
        "data": values,
        "barMaxWidth": 26,
        "itemStyle": {"color": "var(--accent)", "borderRadius": [3, 3, 0, 0]},
        "emphasis": {"disabled": True},
    }
    highest = max((value for value in values if value is not None), default=0.0)
    axis: dict[str, Any] = {"type": "value", "min": 0, "splitNumber": 3, "axisLabel": {"color": _MUTED}}
    axis["splitLine"] = {"lineStyle": {"color": "var(--line)"}}
    if measure.unit is Unit.SHARE:
        axis |= {"max": 100, "axisLabel": {"color": _MUTED, "formatter": "{value}%"}}
    # A target far above everything would flatten the bars to nothing; then its value beside the figure must do.
    if measure.target is not None and measure.target.value * factor <= max(highest * 4, 1):
        target = round(measure.target.value * factor, 2)
        bars["markLine"] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": "var(--medium)", "type": "dashed", "width": 1.5},
            # On a ground of its own, as it may stand before a bar.
            "label": {
                "color": "var(--medium)",
                "backgroundColor": "var(--card)",
                "padding": [2, 4],
                "position": "insideEndTop",
                "formatter": words.target(measure),
            },
            "data": [{"yAxis": target}],
        }
        axis["max"] = 100 if measure.unit is Unit.SHARE else round(max(highest, target) * 1.15, 1)
    category = {"type": "category", "data": days, "axisTick": {"show": False}}
    category |= {
        "axisLabel": {"color": _MUTED, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "var(--line)"}},
    }
    return {
        "animation": False,
        "grid": {"left": 4, "right": 12, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": category,
        "yAxis": axis,
        "series": [bars],
    }


def spend_options(days: Sequence[date], costs: Sequence[float], name: str) -> dict[str, Any]:
    """What was spent each day as bars."""
    category = {"type": "category", "data": [f"{day:%m-%d}" for day in days], "axisTick": {"show": False}}
    category |= {
        "axisLabel": {"color": _MUTED, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "var(--line)"}},
    }
    return {
        "animation": False,
        "grid": {"left": 4, "right": 12, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": category,
        "yAxis": {
            "type": "value",
            "min": 0,
            "splitNumber": 3,
            "axisLabel": {"color": _MUTED},
            "splitLine": {"lineStyle": {"color": "var(--line)"}},
        },
        "series": [
            {
                "type": "bar",
                "name": name,
                "data": [round(cost, 6) for cost in costs],
                "barMaxWidth": 26,
                "itemStyle": {"color": "var(--accent)", "borderRadius": [3, 3, 0, 0]},
                "emphasis": {"disabled": True},
            }
        ],
    }


def _ring(dot: Dot) -> dict[str, Any]:
    return {
        "id": f"ring {dot.person.id}",
        "x": dot.x,
        "y": dot.y,
        "symbolSize": 2 * dot.r_high,
        "silent": True,
        "itemStyle": {"color": f"var(--{dot.person.stance})", "opacity": 0.22},
        "label": {"show": False},
    }


def _person(dot: Dot, labels: Labels) -> dict[str, Any]:
    role = labels.name(dot.person.main_role) if dot.person.main_role else ""
    lines = [*_lines("name", dot.person.name), *_lines("role", role)]
    return {
        "id": dot.person.id,
        "name": dot.person.name,
        "value": dot.person.id,
        "x": dot.x,
        "y": dot.y,
        "symbolSize": 2 * dot.r,
        "itemStyle": {
            "color": f"var(--{dot.person.stance})",
            "opacity": 1 if dot.person.active else 0.4,
        },
        "emphasis": {"itemStyle": {"color": f"var(--{dot.person.stance})"}},
        "label": {
            "show": True,
            "position": "bottom",
            "distance": 4 + dot.r_high - dot.r,
            "formatter": "\n".join(lines),
            "rich": {
                "name": {**_HALO, "color": "var(--ink)", "fontSize": 13, "fontWeight": 650, "lineHeight": 18},
                "role": {**_HALO, "color": _MUTED, "fontSize": 11.5, "lineHeight": 15},
            },
        },
    }


def _lines(style: str, text: str) -> list[str]:
    """A label's lines; braces and bars, which ECharts reads as its own, are replaced."""
    plain = text.translate(str.maketrans("{}|", "()/"))
    return [f"{{{style}|{line}}}" for line in wrap(plain, _LABEL_CHARS)]
