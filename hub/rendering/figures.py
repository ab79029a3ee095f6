"""The geometry of the page's drawings, in SVG user units; the templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.views.people import InfluenceMap, Stakeholder, Tie, TieKind
from core.domain.views.stage import BuyingStage, StageView

WIDTH = 720
_PEOPLE = 12
_NAME_WIDTH = 160
_ROW_HEIGHT = 132
_TOP = 58
_SMALLEST, _GROWTH = 10, 26
_SIDE_BEND = 46
_STAGE_HEIGHT = 150


@dataclass(frozen=True)
class Dot:
    """A person: the disc has radius `r`, the ring around it spans `r_low` to `r_high`, the 80 % interval."""

    person: Stakeholder
    x: float
    y: float
    r: float
    r_low: float
    r_high: float

    @property
    def initials(self) -> str:
        """Two letters of a Latin name, the first character of a Chinese one."""
        words = self.person.name.split()
        if not words or not words[0][0].isascii():
            return self.person.name[:1]
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


@dataclass(frozen=True)
class Link:
    """A tie as an SVG path of stroke width `width`."""

    path: str
    kind: TieKind
    width: float


@dataclass(frozen=True)
class InfluenceFigure:
    """The influence map: the more influential, the higher up; within a row, near those they are tied to."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Band:
    """The share of one stage over time, as a closed SVG path."""

    stage: BuyingStage
    path: str


@dataclass(frozen=True)
class StageFigure:
    """How the stage distribution changed: stacked bands, time from left to right."""

    width: int
    height: int
    bands: tuple[Band, ...]
    first_at: datetime
    last_at: datetime


def draw_influence(view: InfluenceMap, width: int = WIDTH) -> InfluenceFigure:
    """Lay out the most influential people in rows; the same map and width always give the same drawing."""
    people = sorted(view.people, key=lambda person: (-person.influence, person.name))[:_PEOPLE]
    places: dict[str, tuple[float, float]] = {}
    for row, members in enumerate(_rows(people, max(1, width // _NAME_WIDTH))):
        ordered = sorted(members, key=lambda person: _pull(person, view.ties, places) or width / 2)
        for column, person in enumerate(ordered):
            x = width * (column + 0.5) / len(ordered)
            # Rows of equal length are staggered, so that ties between rows do not run through labels.
            sway = (-1) ** row * width / 32 if len(ordered) > 1 else 0
            places[person.id] = (x + sway, _TOP + row * _ROW_HEIGHT)
    dots = tuple(_dot(person, *places[person.id]) for person in people)
    links = tuple(_link(tie, places) for tie in view.ties if tie.source in places and tie.target in places)
    rows = len({y for _x, y in places.values()})
    return InfluenceFigure(width, rows * _ROW_HEIGHT, dots, links)


def draw_stages(view: StageView) -> StageFigure | None:
    """The stage distribution over time; None when there are fewer than two different times."""
    points = view.history
    if len(points) < 2 or points[0].at == points[-1].at:
        return None
    start, end = points[0].at, points[-1].at
    xs = [round(WIDTH * ((point.at - start) / (end - start)), 1) for point in points]
    floor = [0.0] * len(points)
    bands = []
    for stage in BuyingStage:
        shares = [point.distribution.get(stage, 0.0) for point in points]
        top = [low + share for low, share in zip(floor, shares, strict=True)]
        edge = [*zip(xs, top, strict=True), *reversed(list(zip(xs, floor, strict=True)))]
        path = "M" + "L".join(f"{x},{_STAGE_HEIGHT * (1 - share):.1f}" for x, share in edge) + "Z"
        bands.append(Band(stage, path))
        floor = top
    return StageFigure(WIDTH, _STAGE_HEIGHT, tuple(bands), start, end)


def _rows(people: Sequence[Stakeholder], per_row: int) -> list[Sequence[Stakeholder]]:
    if not people:
        return []
    count = max(-(-len(people) // per_row), 2 if len(people) > 2 else 1)
    base, more = divmod(len(people), count)
    sizes = [base + (row >= count - more) for row in range(count)]
    starts = [sum(sizes[:row]) for row in range(count)]
    return [people[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _pull(person: Stakeholder, ties: Sequence[Tie], places: dict[str, tuple[float, float]]) -> float | None:
    others = [
        places[other][0]
        for tie in ties
        for one, other in ((tie.source, tie.target), (tie.target, tie.source))
        if one == person.id and other in places
    ]
    return sum(others) / len(others) if others else None


def _dot(person: Stakeholder, x: float, y: float) -> Dot:
    low, mid, high = (
        round(_SMALLEST + _GROWTH * share, 1)
        for share in (person.influence_low, person.influence, person.influence_high)
    )
    return Dot(person, round(x, 1), y, mid, low, high)


def _link(tie: Tie, places: dict[str, tuple[float, float]]) -> Link:
    (x1, y1), (x2, y2) = places[tie.source], places[tie.target]
    # Within a row the tie bows upwards, past whoever stands between the two.
    bend = _SIDE_BEND if y1 == y2 else 0
    path = f"M{x1:.1f},{y1:.1f}Q{(x1 + x2) / 2:.1f},{(y1 + y2) / 2 - bend:.1f} {x2:.1f},{y2:.1f}"
    return Link(path, tie.kind, round(1.2 + min(tie.weight, 4) * 0.4, 1))
