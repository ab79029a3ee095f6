"""A question while it is being answered: which specialists are at it, and the words that are there already."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from console.chat_words import ChatWords
from console.elements import Tag
from core.domain.chat_events import Step, StepState, Words


def draw_question(words: ChatWords, question: str) -> None:
    """What the person asked."""
    with ui.element("div").classes("asked"):
        Tag("h2", words.say("you"), "unseen")
        Tag("p", question)


class LiveTurn:
    """One turn of the conversation, from its question on."""

    def __init__(self, words: ChatWords, question: str) -> None:
        self.question = question
        self._words = words
        self._steps: dict[tuple[str, str], Tag] = {}

    def build(self) -> None:
        """Draw the question, and that it is being read."""
        self._turn = Tag("article", classes="turn")
        with self._turn:
            draw_question(self._words, self.question)
            self._answer = ui.element("div").classes("answer").props("aria-busy=true")
        with self._answer:
            self._list = Tag("ul", classes="checks").props(f'aria-label="{self._words.say("steps")}"')
            with self._list:
                self._reading = Tag("li", self._words.say("thinking"), "started")
            self._text = Tag("p", classes="lines streaming")

    def show(self, event: Step | Words) -> None:
        """Show what happened."""
        if isinstance(event, Words):
            self._text.text += event.text
            return
        self._reading.set_visibility(False)
        key = (event.agent, event.tool)
        if key not in self._steps or (event.state is StepState.STARTED and "started" not in self._steps[key].classes):
            with self._list:
                self._steps[key] = Tag("li")
        topic, state = self._words.topic(event.tool), self._words.value(event.state)
        self._steps[key].text = self._words.say("step", topic=topic, state=state)
        self._steps[key].classes(event.state.value, remove=" ".join(StepState))

    def finish(self) -> ui.element:
        """Take away what was shown on the way; the place for the answer."""
        self._answer.clear()
        self._answer.props("aria-busy=false")
        return self._answer

    def fail(self, problem: str, remedy: str, again: Callable[[], Awaitable[None]]) -> None:
        """Say that there is no answer, and why."""
        with self.finish(), ui.element("div").classes("gaps").props("role=alert"):
            Tag("strong", problem)
            Tag("p", remedy)
            Tag("button", self._words.say("again"), "tool again").on("click", again)

    def remove(self) -> None:
        """Take the turn away."""
        self._turn.delete()
