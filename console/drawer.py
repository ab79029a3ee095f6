"""The drawer that shows where a sentence comes from, one click away from it."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from nicegui import ui

from console.elements import Tag, chip, note
from core.domain.base import Evidence
from core.domain.claims import Claim, ClaimState
from core.domain.views.people import Stakeholder
from hub.rendering.facts import facts_of
from hub.rendering.labels import Labels


class Cites(Protocol):
    """What is shown with sources: their numbers on the page, and those of them that the reader may see, by id."""

    @property
    def labels(self) -> Labels:
        """The words to show them in."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """Number of each source, from 1."""

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The sources."""


class Drawer:
    """One drawer a page; opening it replaces what it showed."""

    def __init__(self, outline: Cites) -> None:
        self._outline = outline
        with ui.dialog().props("position=right full-height") as self._dialog:
            self._panel = Tag("aside", classes="drawer")

    def show_claim(self, claim: Claim) -> None:
        """The claim with each of its sources."""
        labels = self._outline.labels
        with self._opened(claim.text):
            if claim.state is not ClaimState.SUPPORTED:
                chip(labels.name(claim.state), claim.state)
            self._sources(self._found(claim.evidence))

    def show_person(self, person: Stakeholder) -> None:
        """A person's roles and influence, and what shows them."""
        labels = self._outline.labels
        percent = labels.filters["percent"]
        with self._opened(labels.apposition(*filter(None, (person.name, person.title)))):
            chip(labels.name(person.stance), f"stance {person.stance}")
            if not person.active:
                chip(labels("left_company"), "stale")
            share = labels("influence_range", low=person.influence_low, high=person.influence_high)
            note(labels.pair(labels("col_influence"), percent(person.influence, 0) + labels.aside(share)))
            for role, chance in sorted(person.roles.items(), key=lambda item: -item[1]):
                if chance >= 0.05:
                    note(labels.pair(labels.name(role), percent(chance, 0)))
            self._sources(self._found(person.evidence))

    def _found(self, ids: Iterable[str]) -> list[tuple[int | None, Evidence | None]]:
        return [(self._outline.numbers.get(id_), self._outline.evidence.get(id_)) for id_ in ids]

    def _opened(self, title: str) -> Tag:
        self._panel.clear()
        with self._panel:
            close = Tag("button", "×", "close").on("click", self._dialog.close)
            close.props["aria-label"] = self._outline.labels("close")
            Tag("h2", title)
        self._dialog.open()
        return self._panel

    def _sources(self, sources: Iterable[tuple[int | None, Evidence | None]]) -> None:
        labels = self._outline.labels
        found = list(sources)
        Tag("h3", labels("sources_of", count=len(found)) if found else labels("no_sources"))
        for number, evidence in found:
            with ui.element("div").classes("source"):
                Tag("span", str(number) if number else "·", "soft")
                with ui.element("div"):
                    self.source(evidence)

    def source(self, evidence: Evidence | None) -> None:
        """One source: where it is, as of when, and what it says."""
        labels = self._outline.labels
        if evidence is None:
            note(labels("source_hidden"))
            return
        system = labels.name(evidence.source)
        note(labels("source_line", system=system, record=evidence.record, at=evidence.as_of))
        facts = facts_of(labels, evidence)
        with Tag("blockquote", "" if facts else evidence.quote):
            for name, value in facts:
                with ui.element("div"):
                    Tag("span", labels.pair(name, ""), "soft")
                    Tag("span", value)
