"""The side panel of the chat page: what a sentence of an answer rests on, verbatim."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from nicegui import ui

from console.chat_words import HUB, ChatWords, numbers_of
from console.elements import Tag, chip, note
from core.domain.base import Evidence, System
from core.domain.chat import Answer, Source, Statement
from core.domain.claims import ClaimState
from hub.rendering.facts import facts_of

_SYSTEMS = set(System)
# Only the quote is read from the evidence made for it.
_NO_TIME = datetime.min.replace(tzinfo=UTC)


class SourcesPanel:
    """One panel a page; it stays beside the conversation until it is closed."""

    def __init__(self, words: ChatWords) -> None:
        self._words = words
        self._panel = Tag("aside", classes="sources").props("tabindex=-1")
        self._panel.props["aria-label"] = words.say("sources")
        self._from: ui.element | None = None

    def show(self, answer: Answer, statement: Statement, opener: ui.element) -> None:
        """What the sentence rests on, then the answer's other sources; `opener` has the focus again at the end."""
        say, numbers = self._words.say, numbers_of(answer)
        mine = [source for source in _by_number(answer, numbers) if source.id in statement.sources]
        others = [source for source in _by_number(answer, numbers) if source.id not in statement.sources]
        self._from = opener
        self._panel.clear()
        with self._panel:
            with Tag("header"):
                Tag("h2", say("sources_of", count=len(mine)))
                close = Tag("button", "×", "close").on("click", self.close)
                close.props["aria-label"] = say("close_sources")
            Tag("p", statement.text, "claim")
            with ui.element("div").classes("meta"):
                chip(self._words.agent(statement.agent), "plain")
                if statement.state is not ClaimState.SUPPORTED:
                    chip(self._words.names.name(statement.state), statement.state)
            for source in mine:
                self._source(numbers[source.id], source)
            if others:
                with Tag("details"):
                    Tag("summary", say("all_sources"))
                    for source in others:
                        self._source(numbers[source.id], source)
        self._panel.classes("open")
        ui.run_javascript(f"getHtmlElement({self._panel.id}).focus()")

    def close(self) -> None:
        """Put it away."""
        opener, self._from = self._from, None
        if opener is not None and not opener.is_deleted:
            # Before the button that was pressed is gone, with which NiceGUI would lose the page.
            ui.run_javascript(f"getHtmlElement({opener.id})?.focus()")
        self._panel.classes(remove="open")
        self._panel.clear()

    def _source(self, number: int, source: Source) -> None:
        with Tag("section", classes="cited"):
            with Tag("h3"):
                Tag("span", str(number), "number")
                Tag("span", self._words.system(source.system))
            if source.system == HUB:
                Tag("a", self._words.say("open_effect")).props["href"] = f"/effects/{quote(source.record, safe='')}"
            else:
                note(self._words.say("record", id=source.record))
            facts = self._facts(source)
            if not facts:
                Tag("blockquote", source.quote)
                return
            with Tag("dl"):
                for name, value in facts:
                    Tag("dt", name)
                    Tag("dd", value)

    def _facts(self, source: Source) -> list[tuple[str, str]]:
        if source.system not in _SYSTEMS:
            return []
        system = System(source.system)
        evidence = Evidence(id=source.id, source=system, record=source.record, as_of=_NO_TIME, quote=source.quote)
        return facts_of(self._words.names, evidence)


def _by_number(answer: Answer, numbers: dict[str, int]) -> Sequence[Source]:
    return sorted((source for source in answer.sources if source.id in numbers), key=lambda one: numbers[one.id])
