"""One question, from its words to an answer on record: understood, planned, answered, and never left half done."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog

from agents.answers.spec import Asking
from agents.spec import AgentInput
from agents.understanding.dialogue import Focus
from agents.understanding.name_forms import fold
from agents.understanding.names import Names
from core.domain.chat import Answer, Reason
from core.domain.chat_events import Began, ChatEvent, Done
from core.errors import HubError
from core.identity import Caller
from core.language import Lang, detect_language
from core.model_settings import ModelRole
from graphs.chat.graph import run_turn
from graphs.chat.outcomes import conclude
from graphs.chat.reading import TurnReader
from graphs.chat.state import Assistant, ChatContext, Outcome, Said
from hub.chat.proposing import InHand
from hub.chat.toolbox import build_toolbox
from hub.chat.turns import (
    LEASE,
    REMEMBERED,
    OpenTurn,
    clean_earlier,
    clean_question,
    end_turn,
    extend_turn,
    leave_turn,
    open_turn,
    subject_of,
)
from hub.installation import Platform
from hub.spending import TenantPurse, open_purse
from tools.spec import ToolContext

log = structlog.get_logger()

_MOST_CALLS = 16
_MOST_ROUNDS = 4


@asynccontextmanager
async def answering(
    platform: Platform,
    caller: Caller,
    question: str,
    *,
    thread: str | None,
    lang: Lang | None,
    account_id: str | None,
    earlier: Sequence[str],
) -> AsyncIterator[AsyncIterator[ChatEvent]]:
    """The events of a question while it is answered; see `hub.chat.asking.ask`.

    Leaving the block before the last event stops the answer. The work goes on in a task of its own, which puts on
    record what was said even when whoever asked is cancelled with all that they await.
    """
    await asyncio.to_thread(getattr, platform, "models")
    turn = await asyncio.to_thread(open_turn, platform, caller, clean_question(question), thread, account_id)
    work = _Answering(platform, caller, turn, lang, clean_earlier(earlier, REMEMBERED))
    task = asyncio.create_task(work.run())
    platform.chat.running.add(task)
    task.add_done_callback(platform.chat.running.discard)
    try:
        yield work.events()
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not work.begun:
            await work.leave()


class _Answering:
    """The work on one question."""

    def __init__(
        self, platform: Platform, caller: Caller, turn: OpenTurn, lang: Lang | None, earlier: list[str]
    ) -> None:
        self._platform = platform
        self._caller = caller
        self._turn = turn
        self._wanted = lang
        self._earlier = earlier or list(turn.before)
        self._began = time.perf_counter()
        self._told: asyncio.Queue[ChatEvent | BaseException] = asyncio.Queue()
        self._in_hand = InHand()
        self.begun = False
        self._said: dict[int, Said] = {}
        self._lang = lang or detect_language(turn.question)
        self._names: Names | None = None
        self._assistant: Assistant | None = None
        self._purse: TenantPurse | None = None

    async def events(self) -> AsyncIterator[ChatEvent]:
        """What happens, as it happens."""
        yield Began(thread=self._turn.thread.id)
        while True:
            event = await self._told.get()
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Done):
                return

    async def run(self) -> None:
        """Answer, put the answer on record, and tell it; what goes wrong beyond that is told instead."""
        self.begun = True
        beating = asyncio.create_task(self._beat())
        try:
            self._told.put_nowait(Done(answer=await self._answer()))
        except BaseException as error:
            if not isinstance(error, HubError):
                log.exception("question_failed", thread=self._turn.thread.id)
            await self.leave()
            self._told.put_nowait(error)
        finally:
            beating.cancel()
            if self._purse is not None:
                self._purse.close()

    async def leave(self) -> None:
        """Free the thread without an answer; the question then shows as cut off."""
        with suppress(Exception):
            # Where this fails, too, the lease ends by itself.
            await asyncio.to_thread(leave_turn, self._platform, self._caller, self._turn)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(Exception):
                # The database may be away for a while; the lease outlasts two of these.
                await asyncio.to_thread(extend_turn, self._platform, self._caller, self._turn)

    async def _answer(self) -> Answer:
        try:
            async with asyncio.timeout(self._platform.settings.chat_timeout_s):
                outcome = await self._outcome()
        except TimeoutError:
            outcome = await self._stopped(Reason.BUDGET_TIME)
        except asyncio.CancelledError:
            outcome = await self._stopped(Reason.CANCELLED)
        recording = asyncio.create_task(asyncio.to_thread(self._record, outcome))
        try:
            return await asyncio.shield(recording)
        except asyncio.CancelledError:
            # Stopped too late: the answer is there.
            return await recording

    async def _outcome(self) -> Outcome:
        platform, caller, turn = self._platform, self._caller, self._turn
        names = await asyncio.to_thread(platform.chat.names, caller)
        self._names, self._lang = names, self._language(names)
        self._assistant = await asyncio.to_thread(self._build_assistant)
        now = platform.clock.now()
        reads = ToolContext(caller=caller, systems=platform.systems, memory=platform.memory, until=now)
        reader = TurnReader(reads, platform.settings.gather_timeout_s)
        asking = Asking(caller, now, AgentInput(lang=self._lang, today=now.date()), reader)
        context = ChatContext(
            lang=self._lang,
            today=now.date(),
            names=names,
            tools=build_toolbox(platform, asking, turn.id, self._lang, self._in_hand),
            understand=partial(platform.chat.understand, names=names, today=now.date(), lang=self._lang),
            tell=self._told.put_nowait,
            most_calls=_MOST_CALLS,
            most_rounds=_MOST_ROUNDS,
            assistant=self._assistant,
            said=self._said,
        )
        about = Focus(account_id=turn.thread.account_id, opportunity_id=turn.thread.opportunity_id)
        try:
            return await run_turn(
                platform.chat.graph(caller.tenant),
                context,
                turn.thread.id,
                turn.question,
                earlier=self._earlier,
                about=about,
            )
        finally:
            await reader.close()

    async def _stopped(self, reason: Reason) -> Outcome:
        """The outcome of what was said by now, and of writes that were already under way."""
        said = [self._said[place] for place in sorted(self._said)]
        said += await self._in_hand.settle(said)
        return conclude(self._lang, said, stopped=reason)

    def _language(self, names: Names) -> Lang:
        """The language to answer in: a bare name or number goes on in that of the question before."""
        question, before = self._turn.question, self._turn.before
        if self._wanted is not None:
            return self._wanted
        bare = fold(question) in names.forms or not any(map(str.isalpha, question))
        return detect_language(before[-1] if bare and before else question)

    def _build_assistant(self) -> Assistant | None:
        models = self._platform.models
        planner = None if models is None else models.of(ModelRole.PLANNER)
        if models is None or planner is None:
            return None
        writer = models.of(ModelRole.WRITER) or planner
        self._purse = open_purse(self._platform, self._caller.tenant)
        return Assistant(planner, planner.build_budget(self._purse), writer, writer.build_budget(self._purse))

    def _record(self, outcome: Outcome) -> Answer:
        budgets = [self._assistant.planner_budget, self._assistant.writer_budget] if self._assistant else []
        answer = Answer(
            thread=self._turn.thread.id,
            answer="\n".join(statement.text for statement in outcome.statements),
            lang=self._lang,
            status=outcome.status,
            reason=outcome.reason,
            confidence=outcome.confidence,
            calls=outcome.calls,
            sources=outcome.sources,
            proposals=outcome.proposals,
            model_calls=sum(budget.used.model_calls for budget in budgets),
            tokens=sum(budget.used.input_tokens + budget.used.output_tokens for budget in budgets),
            output_tokens=sum(budget.used.output_tokens for budget in budgets),
            elapsed_ms=round((time.perf_counter() - self._began) * 1000),
            statements=outcome.statements,
            choices=outcome.choices,
        )
        names = self._names
        end_turn(
            self._platform,
            self._caller,
            self._turn,
            answer,
            rights=outcome.rights,
            spends=[spend for budget in budgets for spend in budget.spends],
            subject=subject_of(outcome.calls, names.accounts, names.opportunities) if names else None,
        )
        return answer
