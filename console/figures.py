"""Drawings with what belongs to them: the influence map with its people, the buying stage over time."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from console.charts import influence_options, influence_rows, stage_options
from console.elements import Tag
from console.tables import show_people
from core.domain.views.people import InfluenceMap, Stakeholder, Stance, TieKind
from core.domain.views.stage import BuyingStage, StageView
from hub.rendering.labels import Labels


def show_influence(labels: Labels, given: InfluenceMap, opened: Callable[[Stakeholder], None]) -> None:
    """The map, its legend, and the people as a table; a click on a person opens them."""
    people = {person.id: person for person in given.people}

    def open_person(event: Any) -> None:
        if (person := people.get(str(event.value))) is not None:
            opened(person)

    wide, narrow = influence_rows(given)
    chart = ui.echart(influence_options(given, labels), on_point_click=open_person, renderer="svg")
    chart.classes("network").style(f"--rows: {wide}; --narrow-rows: {narrow}").props("role=img")
    chart.props["aria-label"] = labels("section_influence_map")
    with ui.element("div").classes("legend"):
        for stance in Stance:
            with Tag("span", classes=stance):
                Tag("i")
                Tag("span", labels.name(stance))
        for tie in TieKind:
            with Tag("span"):
                Tag("i", classes=f"tie {tie}")
                Tag("span", labels.name(tie))
        Tag("span", labels("interval_note"))
    show_people(labels, given.people, opened)


def show_stage_history(labels: Labels, given: StageView) -> None:
    """How the shares of the buying stages changed; nothing while there are not two times to show."""
    options = stage_options(given, labels)
    if options is None:
        return
    Tag("h3", labels("stage_history"))
    chart = ui.echart(options, renderer="svg").classes("trend").props("role=img")
    chart.props["aria-label"] = labels("stage_history")
    with ui.element("div").classes("legend"):
        for stage in BuyingStage:
            with Tag("span"):
                Tag("i", classes="sq").style(f"background: var(--{stage})")
                Tag("span", labels.name(stage))
