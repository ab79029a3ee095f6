"""Questions in chat as the embedded engine answers them: with sources, in one thread, without a model."""

from collections.abc import Iterator

import pytest

from core.domain.chat import AnswerStatus, Reason
from core.domain.chat_events import Began, Done, Step, StepState, Words
from core.errors import InvalidInputError, NotFoundError
from core.language import Lang
from hub.chat.asking import delete_thread, get_thread, list_threads
from tests.chatting import ABROAD, ACCOUNT, OTHER_REP, REP, SAID, STOCK, Chat, means, open_chat, refused, unclear


@pytest.fixture
def chat(store_url: str) -> Iterator[Chat]:
    with open_chat(store_url) as opened:
        yield opened


async def test_an_answer_names_who_says_each_sentence_and_the_records_it_rests_on(chat: Chat) -> None:
    chat.will_mean(means(STOCK, ACCOUNT))
    answer = await chat.ask("Is VX-10 in stock, and who is Acme?")

    assert answer.status is AnswerStatus.ANSWERED
    assert [(call.agent, call.tool) for call in answer.calls] == [
        ("operations", "check_stock"),
        ("history", "find_account"),
    ]
    assert {statement.agent for statement in answer.statements} == {"operations", "history"}
    cited = {source for statement in answer.statements for source in statement.sources}
    assert cited == {source.id for source in answer.sources}
    assert "7 free" in answer.answer
    assert (answer.model_calls, answer.tokens, answer.confidence) == (0, 0, 0.97)


async def test_what_happens_is_told_in_order_and_the_words_are_the_answer(chat: Chat) -> None:
    chat.will_mean(means(STOCK))
    events = await chat.events("VX-10 有库存吗？")

    began, *middle, done = events
    assert isinstance(began, Began)
    assert isinstance(done, Done)
    assert done.answer.thread == began.thread
    assert done.answer.lang is Lang.ZH
    assert [event.state for event in middle if isinstance(event, Step)] == [StepState.STARTED, StepState.DONE]
    assert "".join(event.text for event in middle if isinstance(event, Words)) == done.answer.answer


async def test_a_thread_remembers_its_questions_its_focus_and_what_it_is_about(chat: Chat) -> None:
    chat.will_mean(means(ACCOUNT), means(SAID))
    first = await chat.ask("Who is Acme?")
    chat.clock.advance(minutes=1)
    second = await chat.ask("And what did they say?", thread=first.thread)

    detail = get_thread(chat.platform, REP, first.thread)
    assert second.thread == first.thread
    assert [turn.question for turn in detail.turns] == ["Who is Acme?", "And what did they say?"]
    assert [turn.answer for turn in detail.turns] == [first, second]
    assert chat.script.seen[1][1].focus.account_id == "A1"
    assert detail.thread.account_id == "A1"
    assert list_threads(chat.platform, REP, "A1") == [detail.thread]


async def test_only_the_newest_state_of_a_thread_is_kept(chat: Chat) -> None:
    chat.will_mean(means(STOCK))
    thread = (await chat.ask("stock?")).thread
    for _again in range(3):
        await chat.ask("stock?", thread=thread)
    states = chat.platform.store.checkpoints_port(REP.tenant)
    assert len(states.list(thread, None, checkpoint_id=None, before=None)) == 1


async def test_a_thread_about_an_account_begins_with_it(chat: Chat) -> None:
    chat.will_mean(means(ACCOUNT))
    answer = await chat.ask("Who decides?", account_id="A1")
    assert chat.script.seen[0][1].focus.account_id == "A1"
    assert get_thread(chat.platform, REP, answer.thread).thread.account_id == "A1"


async def test_questions_asked_elsewhere_are_understood_but_not_run(chat: Chat) -> None:
    chat.will_mean(means(ACCOUNT), means(SAID))
    answer = await chat.ask("And what did they say?", earlier=["Who is Acme?"])
    assert [question for question, _dialogue in chat.script.seen] == ["Who is Acme?", "And what did they say?"]
    assert chat.script.seen[1][1].focus.account_id == "A1"
    assert [call.tool for call in answer.calls] == ["find_interactions"]


async def test_an_ambiguous_name_is_asked_back_and_the_choice_goes_on_in_the_thread(chat: Chat) -> None:
    chat.will_mean(unclear("Which customer do you mean?", "Acme Drives Ltd", "Borealis Pulp AB"), means(ACCOUNT))
    asked = await chat.ask("Who is it?")
    assert (asked.status, asked.reason) == (AnswerStatus.CLARIFY, Reason.AMBIGUOUS_NAME)
    assert asked.answer == "Which customer do you mean?"
    assert [choice.label for choice in asked.choices] == ["Acme Drives Ltd", "Borealis Pulp AB"]

    chosen = await chat.ask(asked.choices[0].message, thread=asked.thread)
    assert chosen.status is AnswerStatus.ANSWERED


async def test_a_bare_name_is_answered_in_the_language_of_the_question_before(chat: Chat) -> None:
    chat.will_mean(unclear("您指的是哪一家？", "Acme Drives Ltd"), means(ACCOUNT))
    asked = await chat.ask("那家客户的负责人是谁？")
    chosen = await chat.ask("Acme Drives Ltd", thread=asked.thread)
    assert chosen.lang is Lang.ZH


@pytest.mark.parametrize(
    ("question", "reason", "told"),
    [
        ("Write a poem", Reason.OUT_OF_SCOPE, "not something I can answer"),
        ("Compare them", Reason.NEEDS_MODEL, "without a language model"),
        ("比较一下", Reason.UNSURE, "没有语言模型"),
    ],
)
async def test_what_it_cannot_do_it_says_with_what_it_can(chat: Chat, question: str, reason: Reason, told: str) -> None:
    chat.will_mean(refused(reason))
    answer = await chat.ask(question)
    assert answer.status is AnswerStatus.REFUSED
    assert answer.reason is (Reason.NEEDS_MODEL if reason is Reason.UNSURE else reason)
    assert told in answer.answer
    assert len(answer.statements) == 2


async def test_what_nobody_may_ask_for_leads_to_where_people_decide(chat: Chat) -> None:
    chat.will_mean(refused(Reason.NOT_ALLOWED))
    answer = await chat.ask("Approve my quote")
    assert (answer.status, answer.reason) == (AnswerStatus.REFUSED, Reason.NOT_ALLOWED)
    assert "under Effects, reviews under Reviews" in answer.answer


async def test_a_part_that_was_not_understood_is_named(chat: Chat) -> None:
    chat.will_mean(means(STOCK, uncovered=["and sing"]))
    answer = await chat.ask("Is VX-10 in stock, and sing")
    assert answer.status is AnswerStatus.ANSWERED
    assert "“and sing”" in answer.answer


async def test_a_system_that_is_down_is_named_while_the_rest_is_answered() -> None:
    with open_chat(sandbox_faults={"erp": {"down": True}}) as chat:
        chat.will_mean(means(STOCK, ACCOUNT))
        answer = await chat.ask("Is VX-10 in stock, and who is Acme?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "ERP" in answer.answer
    assert "Acme Drives Ltd" in answer.answer


async def test_help_needs_no_records(chat: Chat) -> None:
    chat.will_mean(means(("help", {})))
    answer = await chat.ask("What can you do?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "propose" in answer.answer


@pytest.mark.parametrize("question", ["", "  \n ", "\x00", "\ud800", "x" * 8001])
async def test_an_empty_or_endless_question_is_refused_before_anything_is_kept(chat: Chat, question: str) -> None:
    with pytest.raises(InvalidInputError, match="message"):
        await chat.ask(question)
    assert list_threads(chat.platform, REP) == []


@pytest.mark.parametrize("thread", ["none", "\x00", "../x", ""])
async def test_an_unknown_thread_is_refused(chat: Chat, thread: str) -> None:
    with pytest.raises(NotFoundError):
        await chat.ask("stock?", thread=thread)


async def test_nobody_else_finds_a_thread(chat: Chat) -> None:
    chat.will_mean(means(STOCK))
    thread = (await chat.ask("stock?")).thread
    for stranger in (OTHER_REP, ABROAD):
        with pytest.raises(NotFoundError):
            get_thread(chat.platform, stranger, thread)
        with pytest.raises(NotFoundError):
            delete_thread(chat.platform, stranger, thread)
        with pytest.raises(NotFoundError):
            await chat.ask("stock?", stranger, thread=thread)
        assert list_threads(chat.platform, stranger) == []
    assert len(get_thread(chat.platform, REP, thread).turns) == 1


async def test_a_deleted_thread_leaves_nothing(chat: Chat) -> None:
    chat.will_mean(means(STOCK))
    thread = (await chat.ask("stock?")).thread
    delete_thread(chat.platform, REP, thread)
    assert list_threads(chat.platform, REP) == []
    assert chat.platform.store.checkpoints_port(REP.tenant).find(thread, "", None) is None
