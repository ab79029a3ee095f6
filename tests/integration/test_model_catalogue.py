"""Many tools are listed for the model to read, and called through one; what comes back is as if they were its own."""

import json
from typing import Any

import pytest

from core.model_settings import ToolCalls
from evals.bench.model_server.replies import asks_for, says, tool_call
from graphs.models.catalogue import MANY
from graphs.models.messages import Message, ToolCall
from graphs.models.signatures import write_signatures
from graphs.models.tool_calls import CALL
from tests.asking_models import ASKED, PEOPLE, STOCK, SomeTool, asking

TOOLS = (PEOPLE, STOCK, *(SomeTool(f"find_thing_{number}", "Find a thing.") for number in range(MANY)))


def call(tool: str, arguments: Any, *, index: int = 0) -> dict[str, Any]:
    return tool_call(CALL, {"tool": tool, "arguments": arguments}, index=index, id_=f"call_{index}")


async def test_one_function_is_offered_and_its_calls_are_those_of_the_tools_they_name() -> None:
    reply = asks_for(call("check_stock", {"product": "P-100"}), call("find_people", {"account": "Helios"}, index=1))
    with asking(reply) as (model, server):
        planned = await model.plan(ASKED, TOOLS, model.build_budget())
    assert [(each.name, each.args) for each in planned.calls] == [
        ("check_stock", {"product": "P-100"}),
        ("find_people", {"account": "Helios"}),
    ]
    [offered] = server.asked[0]["tools"]
    assert offered["function"]["name"] == CALL
    first = server.asked[0]["messages"][0]["content"]
    assert first.startswith(ASKED[0].content)
    assert "check_stock(product: text, quantity?: integer): How many of a product can be delivered." in first


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (call("check_stocks", {"product": "P-100"}), "There is no tool 'check_stocks'"),
        (call("check_stock", {"quantity": 1}), "'product' is a required property"),
        (tool_call(CALL, '{"tool": "check_st'), "There is no tool 'call'"),
        (tool_call(CALL, {"arguments": {}}), "There is no tool 'call'"),
    ],
)
async def test_a_call_that_cannot_be_made_is_sent_back_once_with_what_was_wrong(
    wrong: dict[str, Any], told: str
) -> None:
    with asking(asks_for(wrong), asks_for(call("check_stock", {"product": "P-100"}))) as (model, server):
        planned = await model.plan(ASKED, TOOLS, model.build_budget())
    assert [each.name for each in planned.calls] == ["check_stock"]
    assert told in server.asked[1]["messages"][-1]["content"]


async def test_a_tool_that_is_called_by_its_own_name_is_taken() -> None:
    with asking(asks_for(tool_call("check_stock", {"product": "P-100"}))) as (model, _server):
        planned = await model.plan(ASKED, TOOLS, model.build_budget())
    assert [each.name for each in planned.calls] == ["check_stock"]


async def test_arguments_may_be_written_as_text() -> None:
    with asking(asks_for(call("check_stock", '{"product": "P-100", "quantity": null}'))) as (model, _server):
        planned = await model.plan(ASKED, TOOLS, model.build_budget())
    assert planned.calls[0].args == {"product": "P-100"}


async def test_earlier_calls_are_told_as_they_would_be_made_now() -> None:
    told = (
        *ASKED,
        Message("assistant", "", calls=(ToolCall("c1", "check_stock", {"product": "P-100"}),)),
        Message("tool", "3 free", call_id="c1", name="check_stock"),
    )
    with asking(says("Three are free.")) as (model, server):
        planned = await model.plan(told, TOOLS, model.build_budget())
    assert planned.text == "Three are free."
    function = server.asked[0]["messages"][-2]["tool_calls"][0]["function"]
    assert function["name"] == CALL
    assert json.loads(function["arguments"]) == {"tool": "check_stock", "arguments": {"product": "P-100"}}


async def test_an_installation_may_have_every_tool_offered_by_the_protocol() -> None:
    reply = asks_for(tool_call("check_stock", {"product": "P-100"}))
    with asking(reply, tool_calls=ToolCalls.NATIVE) as (model, server):
        await model.plan(ASKED, TOOLS, model.build_budget())
    assert len(server.asked[0]["tools"]) == len(TOOLS)


async def test_requests_about_different_questions_begin_with_the_same_bytes() -> None:
    other = (ASKED[0], Message("user", "Something else"))
    with asking(says("Yes.")) as (model, server):
        for messages in (ASKED, other):
            await model.plan(messages, TOOLS, model.build_budget())
    one, two = (body.decode() for body in server.sent)
    shared = next(place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b)
    assert "find_thing_11(): Find a thing." in one[:shared]


def test_a_remark_that_many_tools_share_is_made_once() -> None:
    account = {"type": "string", "description": "Id of the customer"}
    tools = [
        SomeTool(f"find_{what}", "Find it.", {"type": "object", "properties": {"account_id": account}})
        for what in ("stage", "people", "orders")
    ]
    assert write_signatures(tools).splitlines() == [
        "account_id: Id of the customer",
        "find_orders(account_id?: text): Find it.",
        "find_people(account_id?: text): Find it.",
        "find_stage(account_id?: text): Find it.",
    ]


def test_choices_lists_and_records_show_in_a_signature() -> None:
    line = {"type": "object", "properties": {"product": {"type": "string"}, "quantity": {"type": "integer"}}}
    parameters = {
        "type": "object",
        "properties": {
            "stage": {"enum": ["open", "won"], "description": "Which deals"},
            "lines": {"type": "array", "items": line},
            "on": {"type": "string", "format": "date"},
            "amount": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        },
        "required": ["lines"],
    }
    assert write_signatures([SomeTool("quote", "Quote it.", parameters)]) == (
        "quote(stage?: open|won «Which deals», lines: [{product?: text, quantity?: integer}], on?: date, "
        "amount?: integer or text): Quote it."
    )
