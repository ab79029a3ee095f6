"""An answer on the screen: who says what, on which records, what is proposed, and what can be done next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from nicegui import ui

from console.chat_sources import SourcesPanel
from console.chat_words import HUB, ChatWords, numbers_of, plain_text
from console.elements import Tag, chip, note
from console.proposal_card import ProposalCard, effects_of
from core.domain.chat import Answer, AnswerStatus, Reason, Statement
from core.domain.claims import ClaimState
from core.language import Lang

_MARKS = 4
_CHIPS = {AnswerStatus.CLARIFY: "plain", AnswerStatus.REFUSED: "medium", AnswerStatus.STOPPED: "medium"}
# What may well come out differently the next time.
_PASSING = frozenset(
    {
        *(Reason.SOURCE_DOWN, Reason.MODEL_FAILED, Reason.CANCELLED, Reason.REPEATING, Reason.DEPTH),
        *(Reason.BUDGET_CALLS, Reason.BUDGET_TOKENS, Reason.BUDGET_TIME),
    }
)


@dataclass(frozen=True)
class AnswerView:
    """Draws answers of one page; `send` asks a further question."""

    words: ChatWords
    panel: SourcesPanel
    send: Callable[[str, Lang | None], Awaitable[None]]

    def draw(self, question: str, answer: Answer, cards: Mapping[str, ProposalCard]) -> None:
        """Draw an answer with its proposals; what leads on, the style sheet hides in all but the last turn."""
        numbers = numbers_of(answer)
        if not answer.statements:
            Tag("p", answer.answer, "lines")
        # The hub's own word needs no name unless specialists have spoken, too.
        is_alone = all(statement.agent == HUB for statement in answer.statements)
        for agent, said in groupby(answer.statements, key=lambda statement: statement.agent):
            with ui.element("div").classes("part alone" if is_alone else "part"):
                if not is_alone:
                    Tag("span", self.words.agent(agent), "who")
                with ui.element("div"):
                    for statement in said:
                        self._statement(answer, statement, numbers)
        for id_ in effects_of(answer):
            card = cards.get(id_)
            # Of effects that an answer only tells of, those wait for the reader which can be decided here.
            if card is not None and (id_ in answer.proposals or card.can_decide):
                card.build()
            elif card is None and id_ in answer.proposals:
                note(self.words.say("gone"))
        if answer.choices:
            with ui.element("div").classes("choices"):
                for choice in answer.choices:
                    button = Tag("button", choice.label, "choice")
                    # A name or a date tells no language; the conversation goes on in its own.
                    button.on("click", lambda message=choice.message: self.send(message, answer.lang))
        self._foot(question, answer)

    def _statement(self, answer: Answer, statement: Statement, numbers: Mapping[str, int]) -> None:
        cited = [id_ for id_ in statement.sources if id_ in numbers]
        by_id = {source.id: source for source in answer.sources}
        with Tag("p", classes="lines"):
            Tag("span", statement.text)
            if statement.state is not ClaimState.SUPPORTED and statement.agent != HUB:
                Tag("span", self.words.names.name(statement.state), f"state {statement.state}")
            shown = cited if len(cited) <= _MARKS else cited[: _MARKS - 1]
            for id_ in shown:
                self._mark(answer, statement, str(numbers[id_]), self.words.source(numbers[id_], by_id[id_]))
            if len(shown) < len(cited):
                told = self.words.say("sources_of", count=len(cited))
                self._mark(answer, statement, f"+{len(cited) - len(shown)}", told)

    def _mark(self, answer: Answer, statement: Statement, text: str, told: str) -> None:
        mark = Tag("button", text, "mark")
        mark.on("click", lambda: self.panel.show(answer, statement, mark))
        mark.props["aria-label"] = mark.props["title"] = told

    def _foot(self, question: str, answer: Answer) -> None:
        say = self.words.say
        with ui.element("div").classes("foot"):
            if answer.status is not AnswerStatus.ANSWERED:
                told = self.words.value(answer.status)
                reason = self.words.value(answer.reason) if answer.reason else None
                chip(" · ".join(filter(None, (told, reason))), _CHIPS[answer.status])
            Tag("span", self.words.cost(answer), "soft")
            Tag("span", classes="grow")
            if answer.reason in _PASSING:
                Tag("button", say("again"), "tool again").on("click", lambda: self.send(question, answer.lang))
            Tag("button", say("copy"), "tool").on("click", lambda: self._copy(answer))

    def _copy(self, answer: Answer) -> None:
        ui.clipboard.write(plain_text(self.words, answer))
        ui.notify(self.words.say("copied"))
