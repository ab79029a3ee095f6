"""Plots of what is measured day by day, and the conditions under which they are wanted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agents.planning.deeds.looking import Lookups
from agents.planning.deeds.wish import Wish
from agents.planning.spec import Parameter, ToolSchema
from agents.planning.values import read_dates, read_numbers, read_percents, read_periods
from agents.planning.words import terms

_SHAPES = {"distribution": "histogram", "trend": "line"}
_MOST = re.compile(r"\bmost (?:popular|common|frequent)\b|\bbiggest\b", re.IGNORECASE)
_LEAST = re.compile(r"\bleast (?:popular|common|frequent)\b|\bsmallest\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|provided|unless|only when|as long as|in case|more|less|fewer|higher|lower|greater|above|below|grew)\b"
    r"|\bever\b|^(?:was|is|did|were|are|has|have|should)\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(more|less|fewer|greater|higher|lower|above|below|over|under)\b(?: than)?\s*$", re.IGNORECASE)
_GREW = re.compile(r"\bgrew by more than\b|\bgrown by more than\b", re.IGNORECASE)
_THAN = re.compile(r"\b(?P<side>more|less|fewer)\b(?! than \d)[^.?!]*?\bthan\b(?P<than>(?:\s\w+){1,3})", re.IGNORECASE)
_LOWER = re.compile(r"\b(?:lower|less|below|down)\b", re.IGNORECASE)
_PREVIOUS = re.compile(r"\bprevious\b|\bthe week before\b", re.IGNORECASE)
_LESS = frozenset({"less", "fewer", "lower", "below", "under"})


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be plotted, and the tool with the arguments that gives its value day by day."""

    value: str
    start: int
    tool: ToolSchema
    arguments: Mapping[str, str]


Plot = tuple[str, dict[str, str]]


def plan_plots(wish: Wish, tools: Sequence[ToolSchema], lookups: Lookups) -> list[Plot]:
    """The plots that are wanted; none when the condition for them does not hold, or what is wanted is not clear."""
    plotter = next((tool for tool in tools if _value_of(tool) and _shape_of(tool)), None)
    if plotter is None:
        return []
    value, shape = _value_of(plotter), _shape_of(plotter)
    days = _days(wish)
    kind = _shape(wish.plain, shape) if shape else None
    if value is None or kind is None or days is None:
        return []
    series = [tool for tool in tools if tool is not plotter and len(_bounds(tool)) == 2]
    measures = _measures(wish.plain, value, series)
    extreme = _most_or_least(wish.plain, value, series)
    if extreme is not None:
        measures = [_extreme(extreme, days, lookups, least=bool(_LEAST.search(wish.plain)))]
    if not measures or not _holds(wish, measures, days, lookups):
        return []
    first, last = (each.name for each in _bounds(plotter))
    return [
        (plotter.name, {first: str(days[0]), last: str(days[1]), value.name: measure.value, shape.name: kind})
        for measure in measures
        if shape is not None
    ]


def _value_of(tool: ToolSchema) -> Parameter | None:
    return next(
        (each for each in tool.arguments if each.enum and "plot" in each.name and "type" not in each.name), None
    )


def _shape_of(tool: ToolSchema) -> Parameter | None:
    return next((each for each in tool.arguments if "line" in each.enum or "bar" in each.enum), None)


def _bounds(tool: ToolSchema) -> list[Parameter]:
    return [each for each in tool.arguments if each.format in ("date", "date-time")][:2]


def _shape(text: str, shape: Parameter) -> str | None:
    for word in re.findall(r"[a-z]+", text.casefold()):
        for known in (word, word.removesuffix("s"), _SHAPES.get(word, "")):
            if known in shape.enum:
                return known
    # What is measured day by day is a line unless said otherwise.
    return "line" if "line" in shape.enum else None


def _days(wish: Wish) -> tuple[date, date] | None:
    """The first and the last day that the plot is about; the last one that is over when none is said."""
    today = wish.now.date()
    ended = today - timedelta(days=1)
    dates = read_dates(wish.plain, today, past=True)
    if _PREVIOUS.search(wish.plain) and dates:
        later = max(each.value for each in dates)
        return later - timedelta(days=7), later
    for period in read_periods(wish.plain, today, past=True):
        first, last = period.value.first, period.value.last
        if first is not None:
            return first, min(last or ended, ended)
    if not dates:
        return None
    since = re.search(r"\b(?:since|from)\b|\bthan\b", wish.plain, re.IGNORECASE)
    return dates[0].value, ended if since else dates[0].value


def _measures(text: str, value: Parameter, series: Sequence[ToolSchema]) -> list[Measure]:
    """What the text names, in its order."""
    words = [(match.start(), term) for match in re.finditer(r"[A-Za-z]+", text) for term in terms(match[0])]
    found: dict[str, tuple[int, int]] = {}
    common = {
        term
        for one in map(str, value.enum)
        for term in terms(one)
        if sum(term in terms(other) for other in map(str, value.enum)) > 2
    }
    for one in map(str, value.enum):
        own = [term for term in terms(one) if term not in common] or list(terms(one))
        places = [start for start, term in words if term in own]
        matched = len({term for _start, term in words if term in own})
        if matched == len(own) or matched >= 2:
            found[one] = (places[0], matched)
    measures = [(start, one) for one, (start, _count) in found.items()]
    return [measure for start, one in sorted(measures) if (measure := _measure(one, start, common, series)) is not None]


def _measure(value: str, start: int, common: set[str], series: Sequence[ToolSchema]) -> Measure | None:
    """The tool that measures a value: the one whose name, or listed value, has most of its words."""
    own = set(terms(value)) - common or set(terms(value))
    best: tuple[int, Measure] | None = None
    for tool in series:
        arguments: dict[str, str] = {}
        shared = len(own & set(terms(tool.name)))
        for each in tool.arguments:
            chosen = next((str(one) for one in each.enum if own <= set(terms(str(one)))), None)
            if chosen is not None:
                arguments[each.name] = chosen
                shared += len(own) + 1
        if shared and (best is None or shared > best[0]):
            best = (shared, Measure(value, start, tool, arguments))
    return best[1] if best else None


def _most_or_least(text: str, value: Parameter, series: Sequence[ToolSchema]) -> list[Measure] | None:
    """All measures of which the most or the least is meant: those of the tool whose listed argument the text names."""
    if not (_MOST.search(text) or _LEAST.search(text)):
        return None
    said = set(terms(text))
    tool = next(
        (one for one in series if any(each.enum and set(terms(each.name)) <= said for each in one.arguments)), None
    )
    if tool is None:
        return None
    listed = next(each for each in tool.arguments if each.enum)
    return [
        Measure(str(one), 0, tool, {listed.name: str(choice)})
        for choice in listed.enum
        for one in value.enum
        if set(terms(str(choice))) <= set(terms(str(one)))
    ]


def _extreme(measures: list[Measure], days: tuple[date, date], lookups: Lookups, *, least: bool) -> Measure:
    totals = [sum(_series(measure, days, lookups).values()) for measure in measures]
    return measures[totals.index(min(totals) if least else max(totals))]


def _series(measure: Measure, days: tuple[date, date], lookups: Lookups) -> dict[str, float]:
    first, last = (each.name for each in _bounds(measure.tool))
    answer: Any = lookups.ask(measure.tool.name, {**measure.arguments, first: str(days[0]), last: str(days[1])})
    if not isinstance(answer, Mapping):
        return {}
    return {str(day): float(number) for day, number in answer.items() if isinstance(number, int | float)}


def _holds(wish: Wish, measures: list[Measure], days: tuple[date, date], lookups: Lookups) -> bool:
    """Whether the condition in the request holds; true when there is none, not when it is not understood."""
    text = wish.plain
    if not _CONDITION.search(text):
        return True
    if len(measures) == 2:
        return _outdoes(text, measures, days, lookups)
    series = _series(measures[0], days, lookups)
    if percents := read_percents(text):
        growth, least = _growth(series, days), float(percents[0].value)
        return growth is not None and (-growth if _LOWER.search(text) else growth) > least
    for number in read_numbers(text):
        if side := _MORE.search(text[: number.start]):
            limit, less = float(number.value), side[1].casefold() in _LESS
            return any(value < limit if less else value > limit for value in series.values())
    return False


def _outdoes(text: str, measures: list[Measure], days: tuple[date, date], lookups: Lookups) -> bool:
    """Whether one of two measures grew by more than the other, or is more in all."""
    if _GREW.search(text):
        ahead, behind = (_growth(_series(measure, days, lookups), days) for measure in measures)
        return ahead is not None and behind is not None and ahead > behind
    than = _THAN.search(text)
    if than is None:
        return False
    first, second = (sum(_series(one, days, lookups).values()) for one in _compared(than["than"], measures))
    return first > second if than["side"].casefold() == "more" else first < second


def _compared(after: str, measures: list[Measure]) -> tuple[Measure, Measure]:
    """The two measures in the order of the comparison: the second is the one named after “than”."""
    said = set(terms(after))
    return (measures[1], measures[0]) if set(terms(measures[0].value)) & said else (measures[0], measures[1])


def _growth(series: Mapping[str, float], days: tuple[date, date]) -> float | None:
    """From the first to the last day, as a fraction; None when that cannot be said."""
    first, last = series.get(str(days[0])), series.get(str(days[1]))
    return None if not first or last is None else (last - first) / first
