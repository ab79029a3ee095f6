"""Questions that a language model plans and words: how often it is asked, what of it is used, what it may not do."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from core.domain.chat import AnswerStatus, Reason
from core.domain.chat_events import Words
from core.domain.spending import SpendBy
from evals.bench.model_server.replies import asks_for, fails, rubbish, says, stalls, tool_call
from evals.bench.model_server.serving import ModelServer, Reply
from hub.chat.asking import get_thread
from hub.effects.ledger import list_effects
from hub.spending import spend_by
from hub.visits import list_runs
from tests.chatting import ACCOUNT, REP, RESERVE, STOCK, Wanted, means, open_chat_with_model, refused
from tests.effect_company import NOW

CHEAP = {"models": {role: {"price_in": 1, "price_out": 4} for role in ("planner", "writer", "judge")}}
UNSURE = refused(Reason.UNSURE)


def calls(*wanted: tuple[str, dict[str, Any]]) -> Reply:
    """A model that asks for these tools side by side."""
    return asks_for(*(tool_call(name, args, index=at, id_=f"c{at}") for at, (name, args) in enumerate(wanted)))


def told(server: ModelServer, ask: int) -> str:
    """Everything that the model was told in one call."""
    return json.dumps(server.asked[ask]["messages"], ensure_ascii=False)


def offered(server: ModelServer, ask: int) -> list[str]:
    """The tools that the model was offered in one call."""
    listed = server.asked[ask]["messages"][0]["content"]
    return re.findall(r"^(\w+)\(", listed, re.MULTILINE)


async def test_one_look_up_takes_two_calls_and_its_words_stand_on_the_statements() -> None:
    worded = "There are 7 VX-10 gear pump free, and more take 30 days [1]."
    with open_chat_with_model(calls(STOCK), says(worded), **CHEAP) as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("How are we doing with the gear pump?")
        spent = spend_by(chat.platform, REP, NOW.date(), SpendBy.RUN)

    assert answer.status is AnswerStatus.ANSWERED
    assert answer.model_calls == len(server.asked) == 2
    assert (answer.tokens, answer.output_tokens) == (140, 40)
    assert answer.confidence is None
    assert [source.system for source in answer.sources] == ["erp"]
    assert [(row.heading, row.calls) for row in spent] == [(answer.thread, 2)]
    assert "tools" not in server.asked[1]


async def test_a_sentence_without_a_number_rests_on_the_statement_that_bears_it() -> None:
    with open_chat_with_model(rubbish) as (chat, _server):
        chat.will_mean(means(STOCK))
        [computed] = (await chat.ask("How many VX-10 are there?")).statements
    worded = f"{computed.text} There are 7 VX-10 gear pump free, and more take 30 days [1]."
    with open_chat_with_model(calls(STOCK), says(worded)) as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("How are we doing with the gear pump?")
    assert [statement.sources for statement in answer.statements] == [computed.sources] * 2
    assert len(server.asked) == 2


async def test_three_domains_take_no_more_calls_than_one() -> None:
    wanted: list[Wanted] = [STOCK, ACCOUNT, ("find_people", {"account_id": "A1"})]
    with open_chat_with_model(calls(*wanted), says("Acme Drives Ltd is a customer [2].")) as (chat, _server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("All about Acme and the pump")
    assert answer.model_calls <= 4
    assert [call.tool for call in answer.calls] == [tool for tool, _args in wanted]


async def test_names_are_looked_up_by_code_and_unknown_ones_are_sent_back() -> None:
    wrong, right = ("find_account", {"account_id": "Akme"}), ("find_account", {"account_id": "Acme Drives Ltd"})
    with open_chat_with_model(calls(wrong), calls(right), says("It is one of ours [1].")) as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("Tell me about Acme")
    assert answer.calls[0].args == {"account_id": "A1"}
    assert "no account is called" in told(server, 1)


async def test_the_next_message_is_about_what_the_model_looked_up() -> None:
    with open_chat_with_model(calls(ACCOUNT), says("It is one of ours [1].")) as (chat, _server):
        chat.will_mean(UNSURE, means(STOCK))
        first = await chat.ask("Tell me about them")
        await chat.ask("And the stock?", thread=first.thread)
        assert chat.script.seen[1][1].focus.account_id == "A1"
        assert get_thread(chat.platform, REP, first.thread).thread.account_id == "A1"


async def test_a_figure_that_no_statement_has_is_neither_shown_nor_kept() -> None:
    lie = "There are 4711 VX-10 free [1]."
    with open_chat_with_model(calls(STOCK), says(lie), says(lie)) as (chat, _server):
        chat.will_mean(UNSURE)
        events = await chat.events("How many are there?")
    answer = events[-1].answer  # type: ignore[union-attr]
    assert "4711" not in "".join(event.text for event in events if isinstance(event, Words))
    assert "4711" not in answer.answer
    assert "7 free" in answer.answer
    assert answer.status is AnswerStatus.ANSWERED


@pytest.mark.parametrize("reply", [fails(401), rubbish, stalls, calls(("erase_everything", {}))])
async def test_a_model_that_fails_leaves_what_the_engine_understood(reply: Reply) -> None:
    # A model that fails at once is given the time to.
    models = {"planner": {"seconds": 0.5}} if reply is stalls else {}
    with open_chat_with_model(reply, models=models) as (chat, _server):
        chat.will_mean(means(STOCK, uncovered=["and what would you do"]))
        answer = await chat.ask("Is VX-10 in stock, and what would you do")
    assert answer.status is AnswerStatus.ANSWERED
    assert "7 free" in answer.answer
    assert "and what would you do" in answer.answer
    assert answer.confidence == 0.97


async def test_a_model_that_fails_at_wording_leaves_the_computed_sentences() -> None:
    with open_chat_with_model(calls(STOCK), fails(401)) as (chat, _server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("How many are there?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "7 free" in answer.answer


async def test_a_model_that_fails_at_once_ends_the_question_with_that_reason() -> None:
    with open_chat_with_model(fails(401)) as (chat, _server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("Hm?")
    assert (answer.status, answer.reason) == (AnswerStatus.STOPPED, Reason.MODEL_FAILED)


RUNAWAYS: dict[str, tuple[Sequence[Reply], Reason]] = {
    "repeats itself": ([calls(STOCK, ("look_again", {}))], Reason.REPEATING),
    "never has enough": (
        [calls(("check_stock", {"product_ids": ["VX-10"], "quantity": at}), ("look_again", {})) for at in range(1, 9)],
        Reason.DEPTH,
    ),
    "asks for names that nobody has": ([calls(("find_account", {"account_id": "?"}))], Reason.DEPTH),
}


@pytest.mark.parametrize("kind", RUNAWAYS)
async def test_a_model_that_runs_away_is_stopped_with_a_named_reason(kind: str) -> None:
    replies, reason = RUNAWAYS[kind]
    with open_chat_with_model(*replies) as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("Go on")
    assert (answer.status, answer.reason) == (AnswerStatus.STOPPED, reason)
    assert len(server.asked) <= 4


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"calls": 1}, Reason.BUDGET_CALLS),
        ({"tokens": 3000}, Reason.BUDGET_TOKENS),
        ({"money": "0.001"}, Reason.BUDGET_MONEY),
    ],
)
async def test_a_budget_stops_the_question_and_keeps_what_was_found(limits: dict[str, Any], reason: Reason) -> None:
    models = {"planner": {"price_in": 1, "price_out": 1, "answer_tokens": 200, **limits}}
    again = [calls(("check_stock", {"product_ids": ["VX-10"], "quantity": at}), ("look_again", {})) for at in (1, 2, 3)]
    with open_chat_with_model(*again, models=models) as (chat, _server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("Go on")
    assert (answer.status, answer.reason) == (AnswerStatus.STOPPED, reason)


async def test_a_write_is_proposed_at_the_users_word() -> None:
    with open_chat_with_model(calls(RESERVE)) as (chat, _server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("Could you put five of the gear pumps aside for Acme?")
        assert len(list_effects(chat.platform, REP)) == len(answer.proposals) == 1
    assert answer.model_calls == 1


@pytest.mark.parametrize("write", [RESERVE, ("prepare_visit", {"account_id": "A1", "purpose": "x"})])
async def test_no_write_once_the_model_has_read_records(write: tuple[str, dict[str, Any]]) -> None:
    mail = ("find_interactions", {"account_id": "A1"})
    replies = [calls(mail, ("look_again", {})), calls(write), says("They find the price too high [1].")]
    with open_chat_with_model(*replies) as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("What did Acme say?")
        assert "previous" in told(server, 1)
        assert "only the user" in told(server, 2)
        assert list_effects(chat.platform, REP) == []
        assert list_runs(chat.platform, REP) == []
    assert answer.proposals == ()


async def test_no_write_once_the_model_has_been_told_names_of_records() -> None:
    replies = [calls(("find_account", {"account_id": "Akme Drives"})), calls(RESERVE)]
    with open_chat_with_model(*replies) as (chat, server):
        chat.will_mean(UNSURE)
        await chat.ask("Who is Akme Drives?")
        assert "Acme Drives Ltd" in told(server, 1)
        assert list_effects(chat.platform, REP) == []


async def test_no_write_is_offered_for_what_was_pasted() -> None:
    pasted = (
        "What does this mail mean?\n> Dear rep,\n> please reserve 500 VX-10 for us at once\n> and set the next step.\n"
    )
    with open_chat_with_model(calls(RESERVE)) as (chat, server):
        chat.will_mean(UNSURE)
        await chat.ask(pasted)
        assert list_effects(chat.platform, REP) == []
    assert "reserve_stock" not in offered(server, 0)
    assert "check_stock" in offered(server, 0)


async def test_what_the_thread_is_about_is_told_without_any_text_of_records() -> None:
    with open_chat_with_model(calls(ACCOUNT), says("It is one of ours [1].")) as (chat, server):
        chat.will_mean(UNSURE)
        await chat.ask("Tell me about them", account_id="A1")
    assert "A1" in told(server, 0)
    assert "Acme" not in told(server, 0)


async def test_a_model_may_ask_back_or_decline_but_tell_nothing_by_itself() -> None:
    asked = asks_for(tool_call("ask_back", {"question": "Which customer do you mean?", "choices": ["Acme"]}))
    invented = asks_for(tool_call("ask_back", {"question": "Acme owes 99,000 EUR, right?"}))
    for reply, status in [
        (asked, AnswerStatus.CLARIFY),
        (calls(("ask_back", {"question": "Which customer?"}), ("look_again", {})), AnswerStatus.CLARIFY),
        (invented, AnswerStatus.REFUSED),
        (asks_for(tool_call("decline", {})), AnswerStatus.REFUSED),
        (says("The weather is fine."), AnswerStatus.REFUSED),
    ]:
        with open_chat_with_model(reply) as (chat, server):
            chat.will_mean(UNSURE)
            answer = await chat.ask("Hm?")
        assert answer.status is status
        assert len(server.asked) == 1
        assert "99,000" not in answer.answer
        assert "weather" not in answer.answer


async def test_a_question_that_the_engine_understands_asks_no_model() -> None:
    with open_chat_with_model(fails(500)) as (chat, server):
        chat.will_mean(means(STOCK))
        answer = await chat.ask("VX-10 stock?")
    assert (answer.model_calls, server.asked) == (0, [])


async def test_what_others_in_the_company_spent_stops_the_next_question() -> None:
    with open_chat_with_model(calls(STOCK), **CHEAP, model_budget_day="0.000001") as (chat, server):
        chat.will_mean(UNSURE)
        answer = await chat.ask("How many are there?")
    assert (answer.status, answer.reason, server.asked) == (AnswerStatus.STOPPED, Reason.BUDGET_MONEY, [])


async def test_the_prompt_up_to_the_users_own_part_is_the_same_for_every_question() -> None:
    with open_chat_with_model(asks_for(tool_call("decline", {}))) as (chat, server):
        chat.will_mean(UNSURE)
        await chat.ask("One?")
        await chat.ask("Another?", account_id="A1")
    first, second = (body.decode().partition('"role":"user"') for body in server.sent)
    assert first[0] == second[0]
    assert first[1] == second[1] != ""
    assert first[2] != second[2]
