"""Plain HTML elements. Text given to them is shown as text, whatever it contains."""

from collections.abc import Iterable, Sequence

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Tag(TextElement):
    """An element with a tag name of its own, optional text, and children when used as a context."""

    def __init__(self, name: str, text: str = "", classes: str = "") -> None:
        super().__init__(tag=name, text=text)
        self.classes(classes)


def chip(text: str, kind: str = "") -> None:
    """A small coloured word: a state or a severity."""
    Tag("span", text, f"chip {kind}")


def note(text: str) -> None:
    """A quiet line."""
    Tag("p", text, "soft")


def table(head: Sequence[str], figures: Iterable[int] = ()) -> tuple[Tag, frozenset[int]]:
    """A table with its head; rows are added with `row`. Columns in `figures` are set right."""
    right = frozenset(figures)
    # Where it is wider than the screen, the keyboard moves it, too.
    with ui.element("div").classes("scroll").props("tabindex=0"), Tag("table") as made:
        with Tag("thead"), Tag("tr"):
            for place, name in enumerate(head):
                Tag("th", name, "n" if place in right else "").props("scope=col")
        body = Tag("tbody")
    made.classes("wide" if len(head) > 3 else "")
    return body, right


def row(of: tuple[Tag, frozenset[int]], *cells: str | tuple[str, str]) -> None:
    """A row of text cells; a pair is a cell's text and its classes."""
    body, right = of
    with body, Tag("tr"):
        for place, cell in enumerate(cells):
            text, classes = cell if isinstance(cell, tuple) else (cell, "")
            Tag("td", text, f"{'n ' if place in right else ''}{classes}")
