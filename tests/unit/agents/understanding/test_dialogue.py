"""Conversations: what a message leaves out, what was asked back, what was meant instead."""

from datetime import date
from typing import Any

import pytest

from agents.understanding.dialogue import Dialogue, Status, Understanding
from agents.understanding.understand import understand
from core.domain.chat import Reason
from core.language import Lang
from tests.unit.agents.understanding.company import TODAY, names_of


def talk(*messages: str, user: str = "rep") -> list[Understanding]:
    dialogue, found = Dialogue(), []
    for message in messages:
        meant = understand(message, dialogue, names_of(user), TODAY)
        found.append(meant)
        dialogue = meant.dialogue
    return found


def calls(meant: Understanding) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, call.args) for call in meant.calls]


def account(name: str) -> str:
    return next(each.id for each in names_of("rep").accounts.values() if name in (each.name, *each.aliases))


def test_a_pronoun_is_about_who_was_named_last() -> None:
    _, meant = talk("Tell me about Torvald", "Who decides there?")
    assert calls(meant) == [("find_people", {"account_id": account("Torvald"), "role": "economic_buyer"})]


def test_another_name_asks_the_same_again() -> None:
    _, meant = talk("山拓汽车的风险", "那驰锐汽车呢？")
    assert calls(meant) == [("list_risks", {"account_id": account("驰锐汽车")})]


def test_the_week_after_moves_the_day_on() -> None:
    _, meant = talk("Can we ship 20 VD-75 by April 10?", "and the week after?")
    assert meant.calls[0].args == {"product_ids": ["VD-75"], "quantity": 20, "by": "2026-04-17"}


def test_a_correction_replaces_the_value_and_keeps_the_rest() -> None:
    first, meant = talk("Reserve 4 VD-160 for Summit Forge until April 3", "Sorry, make that 6")
    assert meant.calls[0].args == {**first.calls[0].args, "quantity": 6}


@pytest.mark.parametrize("message", ["不是山拓，是驰锐汽车", "no, not 山拓汽车 but 驰锐汽车"])
def test_what_is_said_to_be_wrong_does_not_count(message: str) -> None:
    _, meant = talk("山拓汽车的风险", message)
    assert meant.calls[0].args == {"account_id": account("驰锐汽车")}


def test_a_missing_argument_is_asked_for_and_the_answer_completes_the_call() -> None:
    asked, meant = talk("Reserve 6 CP-125 until April 9", "for Northmere")
    assert (asked.status, asked.reason) == (Status.CLARIFY, Reason.MISSING_ARGUMENT)
    assert asked.dialogue.question is not None
    assert asked.dialogue.question.slot == "account"
    assert meant.calls[0].args == {
        "account": account("Northmere"),
        "product": "CP-125",
        "quantity": 6,
        "until": date(2026, 4, 9).isoformat(),
    }


def test_an_ambiguous_name_is_offered_and_each_offer_is_an_answer() -> None:
    asked = talk("What's Lindqvist's email?")[0]
    assert asked.reason is Reason.AMBIGUOUS_NAME
    assert len(asked.choices) > 1
    for choice in asked.choices:
        meant = understand(choice.message, asked.dialogue, names_of("rep"), TODAY)
        assert [call.tool for call in meant.calls] == ["find_contact"]
        assert choice.label.startswith(names_of("rep").contacts[meant.calls[0].args["contact_id"]].name)


def test_an_offer_may_be_picked_by_its_place() -> None:
    asked, meant = talk("水务那家的合同几号到期？", "第二个")
    assert meant.calls[0].args["account_id"] == asked.dialogue.question.options[1].value  # type: ignore[union-attr]


def test_several_gaps_are_closed_by_one_answer() -> None:
    _, meant = talk("申请一台样机", "RC-7，给驰锐汽车，4月10日要")
    assert meant.calls[0].args["product"] == "RC-7"
    assert meant.calls[0].args["needed_on"] == "2026-04-10"


def test_another_question_leaves_what_was_asked_back() -> None:
    _, meant = talk("Reserve 6 CP-125 until April 9", "What are the risks at Rosmarin?")
    assert calls(meant) == [("list_risks", {"account_id": account("Rosmarin")})]
    assert meant.dialogue.question is None


def test_calls_that_were_clear_wait_for_the_one_that_was_not() -> None:
    asked, meant = talk("CP-200 库存够 12 台吗？帮我约法务看一下Helios的付款条款", "3月20日")
    assert asked.status is Status.CLARIFY
    assert [call.tool for call in meant.calls] == ["check_stock", "open_review"]
    assert meant.calls[1].args["due_on"] == "2026-03-20"


def test_every_part_of_a_message_that_lacks_something_is_asked_for_in_turn() -> None:
    asked = "Helios 下周拜访,谁说了算?库存够 40 台吗?帮我约法务看一下付款条款"
    which, when, meant = talk(asked, "CP-200", "下周五")
    assert which.status is Status.CLARIFY
    assert "CP-200" in [choice.label for choice in which.choices]
    assert when.status is Status.CLARIFY
    assert [tool for tool, _args in calls(meant)] == ["find_people", "check_stock", "open_review"]
    assert meant.calls[2].args["due_on"] == "2026-03-20"


def test_a_question_back_is_in_the_language_that_the_talk_is_in() -> None:
    meant = understand("Helios 库存够 40 台吗", Dialogue(), names_of("rep"), TODAY, lang=Lang.EN)
    assert meant.asking is not None
    assert meant.asking.startswith("Which product")


def test_no_part_of_a_message_is_lost_while_others_are_asked_about() -> None:
    message = "Helios 下周拜访,谁说了算?库存够 40 台吗?帮我约法务看一下付款条款"
    product, day, meant = talk(message, "CP-200", "2026-03-20")
    assert {choice.label for choice in product.choices} >= {"CP-200"}
    assert day.choices
    assert [call.tool for call in meant.calls] == ["find_people", "check_stock", "open_review"]


def test_a_refusal_does_not_make_forget_what_the_conversation_is_about() -> None:
    *_, meant = talk("Orders of Gulfstar", "What's the weather there?", "ok, then their contracts")
    assert calls(meant) == [("list_contracts", {"account_id": account("Gulfstar")})]


def test_a_name_that_may_not_be_seen_is_unknown_and_no_earlier_name_takes_its_place() -> None:
    _, meant = talk("Show the open deals of 绫川纺织", "and those of Helios", user="east-rep")
    assert (meant.status, meant.reason) == (Status.CLARIFY, Reason.NOT_FOUND)
    assert meant.calls == ()


def test_part_of_a_message_that_is_not_understood_is_told() -> None:
    meant = talk("Risks at Ironbark? And write me a poem about autumn.")[0]
    assert [call.tool for call in meant.calls] == ["list_risks"]
    assert any("poem" in part for part in meant.uncovered)


def test_a_dialogue_survives_being_stored() -> None:
    asked = talk("Reserve 6 CP-125 until April 9")[0]
    stored = Dialogue.model_validate(asked.dialogue.model_dump(mode="json"))
    assert stored == asked.dialogue
