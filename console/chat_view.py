"""The conversation itself: what was asked and answered, the question being answered now, and the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

import structlog
from nicegui import background_tasks, ui

from console.chat_answer import AnswerView
from console.chat_composer import Composer
from console.chat_live import LiveTurn, draw_question
from console.chat_sources import SourcesPanel
from console.chat_words import ChatWords
from console.elements import Tag
from console.proposal_card import ProposalCard, load_cards
from console.session import Session
from core.domain.accounts import Account
from core.domain.chat import Answer
from core.domain.chat_events import Began, Done
from core.errors import HubError
from core.language import Lang
from hub.chat.asking import ThreadDetail, ask, get_thread

log = structlog.get_logger()

_LOOK_AGAIN_S = 1.0
_HEADING = 80
# Who asks looks for what comes next, wherever they were reading: the reversed log ends at 0.
_ASKED = "getHtmlElement({log}).scrollTop = 0;"
# A long answer is read from its question on, unless the reader has gone elsewhere meanwhile.
_READ = """
const log = getHtmlElement({log});
if (log.scrollTop > -120) log.querySelector(".turn:last-child").scrollIntoView({{block: "start"}});
"""


class ChatView:
    """One thread, or one that is yet to begin; `changed` is told the thread in which something was said."""

    def __init__(
        self,
        session: Session,
        words: ChatWords,
        detail: ThreadDetail | None,
        account: Account | None,
        changed: Callable[[str], Awaitable[None]],
    ) -> None:
        self._session = session
        self._words = words
        self._detail = detail
        self._account = account
        self._changed = changed
        self._thread = detail.thread.id if detail else None
        self._task: asyncio.Task[None] | None = None
        self._is_gone = False

    def build(self, panel: SourcesPanel, heading: Tag, examples: Sequence[str], cards: dict[str, ProposalCard]) -> None:
        """Draw what there is; `heading` is that of the page, `cards` are those of all proposals in the thread."""
        self._heading = heading
        self._answers = AnswerView(self._words, panel, self.send)
        ui.context.client.on_delete(self._leave)
        turns = self._detail.turns if self._detail else ()
        going = self._detail.answering if self._detail else None
        with Tag("div", classes="log").props("role=log aria-live=polite tabindex=0") as self._log:
            self._turns = ui.element("div").classes("turns")
        self._log.props["aria-label"] = self._words.say("log")
        with self._turns:
            self._welcome: ui.element | None = None
            if not turns and not going:
                self._greet(examples)
            for turn in turns:
                with Tag("article", classes="turn"):
                    draw_question(self._words, turn.question)
                    with ui.element("div").classes("answer"):
                        self._answers.draw(turn.question, turn.answer, cards)
        self._composer = Composer(self._words.say, self.send, self.stop)
        self._composer.build()
        if going:
            self._await_other(going)

    def _greet(self, examples: Sequence[str]) -> None:
        say = self._words.say
        with ui.element("div").classes("welcome") as self._welcome:
            Tag("h1", say("hello_account", account=self._account.name) if self._account else say("hello"))
            Tag("p", say("hello_hint"), "soft")
            if examples:
                Tag("h2", say("examples"))
            with ui.element("div").classes("examples"):
                for example in examples:
                    Tag("button", example, "example").on("click", lambda text=example: self.send(text))

    async def send(self, question: str, lang: Lang | None = None) -> None:
        """Ask a question, to be answered in `lang` or its own language; nothing happens while one is being answered."""
        question = question.strip()
        if not question or self._task is not None:
            return
        if self._welcome is not None:
            self._welcome.delete()
            self._welcome = None
            self._heading.text = question if len(question) <= _HEADING else f"{question[:_HEADING]}…"
            self._heading.set_visibility(True)
        with self._turns:
            live = LiveTurn(self._words, question)
            live.build()
            ui.run_javascript(_ASKED.format(log=self._log.id))
        self._composer.wait()
        self._task = background_tasks.create(self._answer(live, lang), name="answering")

    async def stop(self) -> None:
        """Stop what is being answered; what was said so far stays."""
        if self._task is not None:
            self._composer.stopping()
            self._task.cancel()

    def _leave(self) -> None:
        # The answer goes on without a page, to be found in its thread.
        self._is_gone = True

    async def _answer(self, live: LiveTurn, lang: Lang | None) -> None:
        """One question from its first event to its answer, or to the reason why there is none."""
        answer: Answer | None = None
        problem, remedy = self._words.say("failed"), self._words.say("failed_text")
        try:
            answer = await self._follow(live, lang)
        except asyncio.CancelledError:
            answer = await self._kept(live.question)
            problem, remedy = self._words.say("stopped"), self._words.say("stopped_text")
        except HubError as error:
            told = self._session.told(error)
            problem, remedy = told.problem, told.remedy
        except Exception:
            log.exception("not_answered")
        cards = await asyncio.to_thread(self._cards, answer) if answer else {}
        self._task = None
        if self._is_gone:
            return
        with self._log:
            if answer is None:
                live.fail(problem, remedy, lambda: self._retry(live, lang))
            else:
                with live.finish():
                    self._answers.draw(live.question, answer, cards)
                ui.run_javascript(_READ.format(log=self._log.id))
            self._composer.ready()
            if self._thread:
                await self._changed(self._thread)

    async def _follow(self, live: LiveTurn, lang: Lang | None) -> Answer:
        session, account = self._session, self._account.id if self._account else None
        events = ask(
            session.platform, session.caller, live.question, thread=self._thread, lang=lang, account_id=account
        )
        async with aclosing(events) as told:
            async for event in told:
                if isinstance(event, Done):
                    return event.answer
                if isinstance(event, Began):
                    await self._begin(event.thread)
                elif not self._is_gone:
                    with self._log:
                        live.show(event)
        raise AssertionError("a question ended without an answer")

    async def _begin(self, thread: str) -> None:
        is_new, self._thread, self._account = self._thread is None, thread, None
        if is_new and not self._is_gone:
            with self._log:
                # The address of the thread, so that loading the page again comes back to it.
                ui.run_javascript(f"history.replaceState(history.state, '', '/chat/{thread}')")
                await self._changed(thread)

    async def _kept(self, question: str) -> Answer | None:
        """What is on record of a question that was stopped."""
        if self._thread is None:
            return None
        detail = await asyncio.to_thread(get_thread, self._session.platform, self._session.caller, self._thread)
        last = detail.turns[-1] if detail.turns else None
        return last.answer if last and last.question == question else None

    async def _retry(self, live: LiveTurn, lang: Lang | None) -> None:
        live.remove()
        await self.send(live.question, lang)

    def _cards(self, answer: Answer) -> dict[str, ProposalCard]:
        return load_cards(self._session, self._words, [answer])

    def _await_other(self, question: str) -> None:
        """A question of this thread is being answered for another page; its answer is shown once it is there."""
        with self._turns:
            live = LiveTurn(self._words, question)
            live.build()
        self._composer.wait(self._words.say("still_answering"))
        thread = self._thread or ""

        async def look() -> None:
            platform, caller = self._session.platform, self._session.caller
            detail = await asyncio.to_thread(get_thread, platform, caller, thread)
            if detail.answering is None:
                timer.cancel()
                ui.navigate.reload()

        timer = ui.timer(_LOOK_AGAIN_S, look)
