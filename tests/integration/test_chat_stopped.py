"""Answers that end early: stopped by whoever asked, by time, by a crash; and two questions at once."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import pytest

from core.domain.chat import AnswerStatus, Reason
from core.domain.chat_events import Began, Step, StepState
from core.errors import ConflictError
from hub.chat.asking import ask, get_thread
from hub.chat.turns import LEASE, extend_turn, leave_turn, open_turn
from hub.effects.ledger import list_effects
from tests.chatting import ACCOUNT, REP, RESERVE, STOCK, Chat, last_of, means, open_chat
from tests.passing_time import pass_time

SLOW: dict[str, Any] = {"sandbox_faults": {"erp": {"slow": 60}}, "gather_timeout_s": 60}


@contextmanager
def slow_chat(url: str | None = None, **settings: Any) -> Iterator[Chat]:
    """A company whose ERP takes a minute to answer."""
    with open_chat(url, **SLOW, **settings) as chat:
        chat.will_mean(means(ACCOUNT, STOCK))
        yield chat


async def begin(chat: Chat, thread: str | None = None, *, answered: int = 1) -> tuple[str, Any]:
    """A question that is being answered, once so many of its calls are done: its thread, and its events."""
    events = ask(chat.platform, REP, "Who is Acme, and is VX-10 in stock?", thread=thread)
    began = await anext(events)
    assert isinstance(began, Began)
    done = 0
    while done < answered:
        event = await anext(events)
        done += isinstance(event, Step) and event.state is StepState.DONE
    return began.thread, events


async def test_closing_the_events_stops_the_answer_and_keeps_what_was_said(store_url: str) -> None:
    with slow_chat(store_url) as chat:
        thread, events = await begin(chat)
        assert get_thread(chat.platform, REP, thread).answering == "Who is Acme, and is VX-10 in stock?"
        await events.aclose()

        (turn,) = get_thread(chat.platform, REP, thread).turns
        assert (turn.answer.status, turn.answer.reason) == (AnswerStatus.STOPPED, Reason.CANCELLED)
        assert [call.tool for call in turn.answer.calls] == ["find_account"]
        assert "Acme Drives Ltd" in turn.answer.answer
        assert "Stopped at your request." in turn.answer.answer
        assert turn.answer.sources
        assert not chat.platform.chat.running


async def test_a_question_that_is_stopped_at_once_leaves_the_thread_free(store_url: str) -> None:
    with open_chat(store_url) as chat:
        chat.will_mean(means(ACCOUNT))
        thread, events = await begin(chat, answered=0)
        await events.aclose()
        chat.clock.advance(seconds=1)
        assert get_thread(chat.platform, REP, thread).turns[0].answer.reason is Reason.CANCELLED
        assert (await chat.ask("Who is Acme?", thread=thread)).status is AnswerStatus.ANSWERED


async def test_the_thread_goes_on_after_a_stop(store_url: str) -> None:
    with slow_chat(store_url) as chat:
        thread, events = await begin(chat)
        await events.aclose()
        chat.will_mean(means(ACCOUNT))
        answer = await chat.ask("Who is Acme?", thread=thread)
    assert answer.status is AnswerStatus.ANSWERED
    assert [call.tool for call in answer.calls] == ["find_account"]


async def test_what_was_said_is_kept_also_when_whoever_asks_is_cancelled_again_and_again() -> None:
    with slow_chat() as chat:
        thread, events = await begin(chat)

        async def follow() -> None:
            async with aclosing(events):
                async for _event in events:
                    continue

        following = asyncio.create_task(follow())
        await asyncio.sleep(0)
        while not following.done():
            following.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*chat.platform.chat.running)
        (turn,) = get_thread(chat.platform, REP, thread).turns
    assert turn.answer.reason is Reason.CANCELLED


async def test_time_stops_the_answer_with_what_it_has() -> None:
    with slow_chat(chat_timeout_s=30) as chat:
        _thread, events = await begin(chat)
        pass_time(30)
        answer = await last_of(events)
    assert (answer.status, answer.reason) == (AnswerStatus.STOPPED, Reason.BUDGET_TIME)
    assert [call.tool for call in answer.calls] == ["find_account"]
    assert "the time for one question is over" in answer.answer


async def test_a_second_question_waits_for_the_first(store_url: str) -> None:
    with slow_chat(store_url) as chat:
        thread, events = await begin(chat)
        with pytest.raises(ConflictError, match="thread"):
            await chat.ask("And?", thread=thread)
        chat.will_mean(means(ACCOUNT))
        assert (await chat.ask("Who is Acme?")).thread != thread
        await events.aclose()
        assert len(get_thread(chat.platform, REP, thread).turns) == 1


async def test_of_many_questions_at_once_one_is_answered(store_url: str) -> None:
    with open_chat(store_url) as chat:
        chat.will_mean(means(ACCOUNT))
        thread = (await chat.ask("Who is Acme?")).thread
        both = await asyncio.gather(
            *(chat.ask("Who is Acme?", thread=thread) for _ in range(8)), return_exceptions=True
        )
        refused = [each for each in both if isinstance(each, ConflictError)]
        assert len(refused) + len(get_thread(chat.platform, REP, thread).turns) == 9
        assert not [each for each in both if isinstance(each, Exception) and each not in refused]


async def test_a_question_whose_process_died_is_cut_off_and_the_thread_free_again(store_url: str) -> None:
    with slow_chat(store_url) as chat:
        thread, events = await begin(chat)
        (task,) = chat.platform.chat.running
        beside = asyncio.create_task(chat.ask("And?", thread=thread))
        with pytest.raises(ConflictError):
            await beside
        chat.clock.advance(seconds=LEASE.total_seconds() + 1)

        detail = get_thread(chat.platform, REP, thread)
        assert detail.answering is None
        assert (detail.turns[0].answer.status, detail.turns[0].answer.reason) == (
            AnswerStatus.STOPPED,
            Reason.CANCELLED,
        )
        chat.will_mean(means(ACCOUNT))
        assert (await chat.ask("Who is Acme?", thread=thread)).status is AnswerStatus.ANSWERED
        await events.aclose()
        assert task.done()


def test_what_counts_as_cut_off_is_not_taken_up_again_by_a_late_sign_of_life(store_url: str) -> None:
    with open_chat(store_url) as chat:
        turn = open_turn(chat.platform, REP, "Who is Acme?", None, None)
        thread = turn.thread.id
        chat.clock.advance(seconds=LEASE.total_seconds() - 1)
        extend_turn(chat.platform, REP, turn)
        chat.clock.advance(seconds=2)
        assert get_thread(chat.platform, REP, thread).answering is not None
        chat.clock.advance(seconds=LEASE.total_seconds())
        extend_turn(chat.platform, REP, turn)
        assert get_thread(chat.platform, REP, thread).answering is None

        left = open_turn(chat.platform, REP, "And?", thread, None)
        leave_turn(chat.platform, REP, left)
        extend_turn(chat.platform, REP, left)
        assert get_thread(chat.platform, REP, thread).answering is None


async def test_a_write_that_was_under_way_is_told_when_the_answer_is_stopped() -> None:
    with open_chat(sandbox_faults={"erp": {"slow": 0.5}}) as chat:
        chat.will_mean(means(RESERVE))
        thread, events = await begin(chat, answered=0)
        while not isinstance(await anext(events), Step):
            continue
        # The call itself begins with the loop's next rounds; its reading takes half a second.
        for _round in range(20):
            await asyncio.sleep(0)
        await events.aclose()

        (effect,) = list_effects(chat.platform, REP)
        (turn,) = get_thread(chat.platform, REP, thread).turns
    assert turn.answer.proposals == (effect.id,)
    assert turn.answer.reason is Reason.CANCELLED


async def test_what_breaks_beyond_all_that_is_foreseen_is_told_and_frees_the_thread(store_url: str) -> None:
    with open_chat(store_url) as chat:
        chat.will_mean(means(ACCOUNT))
        thread = (await chat.ask("Who is Acme?")).thread

        def broken(*_args: Any, **_named: Any) -> Any:
            raise RuntimeError("broken")

        chat.platform.chat.understand = broken
        with pytest.raises(RuntimeError, match="broken"):
            await chat.ask("Who is Acme?", thread=thread)
        chat.platform.chat.understand = chat.script
        chat.clock.advance(seconds=1)
        assert (await chat.ask("Who is Acme?", thread=thread)).status is AnswerStatus.ANSWERED
