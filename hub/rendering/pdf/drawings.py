"""The influence map, the stages and their history as drawings."""

import re
from datetime import datetime
from typing import Literal

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Polygon, Rect, String

from core.domain.views.people import InfluenceMap, TieKind
from core.domain.views.stage import BuyingStage, StageView
from hub.rendering.figures import Dot, Link, draw_influence, draw_stages
from hub.rendering.labels import Labels
from hub.rendering.pdf.letters import font_of
from hub.rendering.pdf.sheet import WIDTH, Sheet, colours

_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_DASHES = {TieKind.WRITES_TO: [6, 4], TieKind.MEETS: [1, 5]}
_BAR, _BARS_WIDTH, _NAME_WIDTH = 15.0, 230.0, 92.0


def influence_drawing(view: InfluenceMap, labels: Labels, sheet: Sheet) -> Drawing:
    """The map as on the page: discs for influence, rings for its range, lines for ties."""
    figure = draw_influence(view)
    scale = WIDTH / figure.width
    drawing = Drawing(WIDTH, figure.height * scale)
    # The page counts downwards, paper upwards.
    group = Group(transform=(scale, 0, 0, scale, 0, 0))
    for link in figure.links:
        group.add(_link(link, figure.height))
    for dot in figure.dots:
        for shape in _dot(dot, figure.height, labels, sheet):
            group.add(shape)
    drawing.add(group)
    return drawing


def stage_bars(view: StageView, shares: list[tuple[BuyingStage, float]], labels: Labels, sheet: Sheet) -> Drawing:
    """How likely each stage is."""
    shade, height = colours(), _BAR * len(shares)
    drawing = Drawing(WIDTH, height)
    for place, (stage, share) in enumerate(shares):
        y = height - (place + 1) * _BAR + 4
        name, percent = labels.name(stage), labels.filters["percent"](share, 0)
        bold = stage is view.likeliest
        drawing.add(String(0, y, name, fontName=font_of(name, sheet.chinese, bold=bold), fontSize=8.6))
        for width, colour in ((_BARS_WIDTH, "soft"), (_BARS_WIDTH * share, stage.value)):
            bar = Rect(_NAME_WIDTH, y - 1, width, 8)
            bar.fillColor, bar.strokeColor = shade[colour], None
            drawing.add(bar)
        end = _NAME_WIDTH + _BARS_WIDTH + 8
        drawing.add(String(end, y, percent, fontName=font_of(percent, sheet.chinese, bold=bold), fontSize=8.6))
    return drawing


def stage_history(view: StageView, labels: Labels, sheet: Sheet) -> Drawing | None:
    """How the stages changed over time; None when there is no time to show."""
    figure = draw_stages(view)
    if figure is None:
        return None
    shade, scale, foot = colours(), WIDTH / figure.width, 14.0
    drawing = Drawing(WIDTH, figure.height * scale + foot)
    for band in figure.bands:
        numbers = [float(number) for number in _NUMBERS.findall(band.path)]
        points: list[float] = []
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            points += [x * scale, (figure.height - y) * scale + foot]
        drawing.add(Polygon(points, fillColor=shade[band.stage.value], strokeColor=None))
    ends: tuple[tuple[float, datetime, Literal["start", "end"]], ...]
    ends = ((0, figure.first_at, "start"), (WIDTH, figure.last_at, "end"))
    for x, at, anchor in ends:
        text = labels.filters["date"](at)
        font = font_of(text, sheet.chinese)
        drawing.add(String(x, 3, text, fontName=font, fontSize=8, textAnchor=anchor, fillColor=shade["muted"]))
    return drawing


def _link(link: Link, height: float) -> Path:
    x1, y1, cx, cy, x2, y2 = (float(number) for number in _NUMBERS.findall(link.path))
    y1, cy, y2 = height - y1, height - cy, height - y2
    path = Path(fillColor=None, strokeColor=colours()["muted"], strokeWidth=link.width, strokeOpacity=0.45)
    if link.kind in _DASHES:
        path.strokeDashArray = _DASHES[link.kind]
    path.moveTo(x1, y1)
    # A quadratic curve as the cubic one that paper knows.
    path.curveTo(x1 + 2 / 3 * (cx - x1), y1 + 2 / 3 * (cy - y1), x2 + 2 / 3 * (cx - x2), y2 + 2 / 3 * (cy - y2), x2, y2)
    return path


def _dot(dot: Dot, height: float, labels: Labels, sheet: Sheet) -> list[Circle | String]:
    shade, y = colours(), height - dot.y
    own = shade[dot.person.stance.value]
    role = labels.name(dot.person.main_role) if dot.person.main_role else ""
    below = y - dot.r_high - 15

    def text(what: str, at: float, size: float, colour: str, *, bold: bool = False) -> String:
        font = font_of(what, sheet.chinese, bold=bold)
        return String(dot.x, at, what, fontName=font, fontSize=size, textAnchor="middle", fillColor=shade[colour])

    return [
        Circle(dot.x, y, dot.r_high, fillColor=shade["paper"], strokeColor=None),
        Circle(dot.x, y, dot.r_high, fillColor=own, fillOpacity=0.22, strokeColor=own, strokeDashArray=[2, 3]),
        Circle(dot.x, y, dot.r, fillColor=own, strokeColor=None),
        text(dot.initials, y - 5, 13, "card", bold=True),
        text(dot.person.name[:28], below, 14, "ink", bold=True),
        text(role, below - 16, 12, "muted"),
    ]
