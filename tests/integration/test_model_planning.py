"""Choosing tools with a remote model: in parallel, in pieces, and repaired when the model writes nonsense."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from evals.bench.model_server.replies import (
    asks_for,
    completion,
    delta,
    floods,
    says,
    split_call,
    stream,
    streams,
    tool_call,
    without,
)
from evals.bench.model_server.serving import Exchange, Reply
from graphs.models.messages import Message, Planned, ToolCall
from graphs.models.stops import ModelStoppedError, Stop
from tests.asking_models import ASKED, TOOLS, asking

HELIOS = tool_call("find_people", {"account": "Helios 光电"}, id_="call_a")
FORTY = tool_call("check_stock", {"product": "P-100", "quantity": 40}, index=1, id_="call_b")
SORTED = ["check_stock", "find_people"]
BOTH = (
    ToolCall("call_a", "find_people", {"account": "Helios 光电"}),
    ToolCall("call_b", "check_stock", {"product": "P-100", "quantity": 40}),
)


async def planned(*replies: Reply, **chosen: Any) -> tuple[Planned, list[dict[str, Any]]]:
    """What the model plans, and the requests that it took."""
    with asking(*replies, **chosen) as (model, server):
        return await model.plan(ASKED, TOOLS, model.build_budget()), server.asked


async def stopped(*replies: Reply, **chosen: Any) -> tuple[Stop, int]:
    """Why the model stopped, and after how many requests."""
    with asking(*replies, **chosen) as (model, server):
        with pytest.raises(ModelStoppedError) as error:
            await model.plan(ASKED, TOOLS, model.build_budget())
        return error.value.reason, len(server.asked)


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_parallel_calls_are_put_together_from_their_pieces(size: int) -> None:
    plan, asked = await planned(asks_for(HELIOS, FORTY, size=size))

    assert plan.calls == BOTH
    assert len(asked) == 1
    assert [each["function"]["name"] for each in asked[0]["tools"]] == ["check_stock", "find_people"]


async def test_pieces_of_two_calls_may_come_in_turn() -> None:
    pieces = [piece for pair in zip(split_call(HELIOS, 9), split_call(FORTY, 9), strict=False) for piece in pair]
    rest = split_call(FORTY, 9)[len(split_call(HELIOS, 9)) :]
    plan, _asked = await planned(streams(*map(delta, [*pieces, *rest]), delta({}, "tool_calls")))
    assert plan.calls == BOTH


async def test_a_text_before_the_calls_is_kept() -> None:
    plan, _asked = await planned(asks_for(HELIOS, text="Let me look."))
    assert plan == Planned(BOTH[:1], "Let me look.")


async def test_a_text_is_shown_as_it_comes() -> None:
    with asking(says("Lena Brandt decides.", size=4)) as (model, _server):
        shown: list[str] = []
        plan = await model.plan(ASKED, TOOLS, model.build_budget(), said=shown.append)
    assert plan.text == "Lena Brandt decides."
    assert len(shown) == 5
    assert "".join(shown) == plan.text


async def test_calls_with_one_id_or_none_get_ids_of_their_own_and_doubled_calls_are_one() -> None:
    same = [tool_call("check_stock", {"product": each}, index=place, id_="x") for place, each in enumerate("AAB")]
    nameless = tool_call("check_stock", {"product": "C"}, index=3, id_=None)
    plan, _asked = await planned(asks_for(*same, nameless))

    assert [call.args["product"] for call in plan.calls] == ["A", "B", "C"]
    assert len({call.id for call in plan.calls}) == 3


async def test_servers_that_number_every_call_nought_are_understood() -> None:
    plan, _asked = await planned(asks_for(HELIOS, {**FORTY, "index": 0}))
    assert plan.calls == BOTH


async def test_arguments_given_as_an_object_or_with_figures_in_quotes_are_understood() -> None:
    loose = {"id": "c", "function": {"name": "check_stock", "arguments": {"product": "P-100", "quantity": "40"}}}

    async def whole(exchange: Exchange) -> None:
        await exchange.say(200, completion(None, [loose]))

    plan, asked = await planned(whole)
    assert [call.args for call in plan.calls] == [{"product": "P-100", "quantity": 40}]
    assert len(asked) == 1


MALFORMED = {
    "broken JSON": (tool_call("check_stock", '{"product": "P-1'), "not JSON"),
    "no object": (tool_call("check_stock", "[1]"), "not a JSON object"),
    "unknown tool": (tool_call("delete_everything", {}), "check_stock, find_people"),
    "wrong type": (tool_call("check_stock", {"product": "P", "quantity": "many"}), "quantity"),
    "missing argument": (tool_call("check_stock", {}), "product"),
    "argument nobody knows": (tool_call("check_stock", {"product": "P", "sudo": True}), "sudo"),
    "value outside its choices": (tool_call("find_people", {"account": "H", "role": "king"}), "role"),
}


@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_malformed_call_is_sent_back_once_with_what_is_wrong(kind: str) -> None:
    call, told = MALFORMED[kind]
    plan, (first, second) = await planned(asks_for(call), asks_for(HELIOS))

    assert plan.calls == BOTH[:1]
    assert second["messages"][: len(first["messages"])] == first["messages"]
    assert told in second["messages"][-1]["content"]


@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_model_that_stays_malformed_stops_by_name(kind: str) -> None:
    assert await stopped(asks_for(MALFORMED[kind][0])) == (Stop.MALFORMED, 2)


async def test_an_empty_reply_is_asked_for_once_more() -> None:
    plan, _asked = await planned(streams(delta({"content": None}, "stop")), says("Lena."))
    assert plan.text == "Lena."
    assert await stopped(streams(delta({}, "stop"))) == (Stop.MALFORMED, 2)


async def test_hundreds_of_calls_at_once_are_not_made() -> None:
    many = [tool_call("check_stock", {"product": f"P-{n}"}, index=n, id_=f"c{n}") for n in range(300)]
    assert await stopped(asks_for(*many, size=1000)) == (Stop.MALFORMED, 2)


async def test_thoughts_are_no_answer() -> None:
    with asking(says("<think>They want stock.</think>\n40 are there.")) as (model, _server):
        shown: list[str] = []
        plan = await model.plan(ASKED, TOOLS, model.build_budget(), said=shown.append)
    assert plan.text == "40 are there."
    assert "".join(shown) == plan.text


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "check_stock", "arguments": {"product": "P-100", "quantity": 40}}',
        '```json\n{"name": "check_stock", "arguments": {"product": "P-100", "quantity": 40}}\n```',
        '<tool_call>{"name": "check_stock", "parameters": {"product": "P-100", "quantity": 40}}</tool_call>',
        '[{"function": {"name": "check_stock", "arguments": "{\\"product\\": \\"P-100\\", \\"quantity\\": 40}"}}]',
        '{"tool_calls": [{"name": "check_stock", "arguments": {"product": "P-100", "quantity": 40}}]}',
        '{"name": "call", "arguments": {"tool": "check_stock", "arguments": {"product": "P-100", "quantity": 40}}}',
    ],
)
async def test_a_call_written_as_text_is_a_call_and_from_then_on_a_schema_is_used(text: str) -> None:
    chosen = {"tool": "find_people", "arguments": {"account": "Helios 光电"}}
    with asking(says(text), says(json.dumps(chosen))) as (model, server):
        shown: list[str] = []
        first = await model.plan(ASKED, TOOLS, model.build_budget(), said=shown.append)
        second = await model.plan(ASKED, TOOLS, model.build_budget())

    assert [(call.name, call.args) for call in first.calls] == [("check_stock", {"product": "P-100", "quantity": 40})]
    assert shown == []
    assert [(call.name, call.args) for call in second.calls] == [("find_people", {"account": "Helios 光电"})]
    assert ["tools" in body for body in server.asked] == [True, False]


async def test_a_call_quoted_within_an_answer_is_none() -> None:
    text = 'The mail says: {"name": "check_stock", "arguments": {"product": "P-100"}}'
    plan, _asked = await planned(says(text))
    assert plan == Planned(text=text)


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = body["response_format"]["json_schema"]["schema"]
    return schema


async def test_a_server_without_tools_is_given_a_schema_with_a_branch_for_each() -> None:
    chosen = json.dumps({"tool": "check_stock", "arguments": {"product": "P-100"}})
    plan, asked = await planned(without("tools", says(chosen)))

    assert [(call.name, call.args) for call in plan.calls] == [("check_stock", {"product": "P-100"})]
    (body,) = [each for each in asked if "tools" not in each]
    listed, answer = schema_of(body)["anyOf"]
    branches = listed["properties"]["calls"]["items"]["anyOf"]
    assert [each["properties"]["tool"]["const"] for each in (*branches, answer)] == [*SORTED, "answer"]
    assert branches[1]["properties"]["arguments"]["properties"]["role"] == {"$ref": "#/$defs/find_people.Role"}
    assert "find_people.Role" in schema_of(body)["$defs"]


async def test_a_server_without_tools_may_ask_for_several_at_once() -> None:
    chosen = [{"tool": call.name, "arguments": call.args} for call in BOTH]
    plan, asked = await planned(says(json.dumps({"calls": chosen})), tool_calls="schema")
    assert [(call.name, call.args) for call in plan.calls] == [(call.name, call.args) for call in BOTH]
    assert len({call.id for call in plan.calls}) == 2
    schema = schema_of(asked[0])
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"calls": chosen})
    assert validator.is_valid({"tool": "answer", "text": "Yes."})
    for wrong in ([], chosen * 9, [{"tool": "rm", "arguments": {}}]):
        assert not validator.is_valid({"calls": wrong})


async def test_an_answer_in_a_schema_is_shown_as_it_comes() -> None:
    said = json.dumps({"tool": "answer", "text": 'Lena "decides" 了。'})
    with asking(says(said, size=3), tool_calls="schema") as (model, server):
        shown: list[str] = []
        plan = await model.plan(ASKED, TOOLS, model.build_budget(), said=shown.append)
    assert plan.text == 'Lena "decides" 了。'
    assert "".join(shown) == plan.text
    assert len(shown) > 3
    assert "tools" not in server.asked[0]


async def test_results_reach_a_model_without_tools_as_data() -> None:
    told = Message("tool", '{"free": 52}', call_id="call_a", name="check_stock")
    dialogue = (*ASKED, Message("assistant", "", BOTH[1:]), told)
    with asking(says('{"tool": "answer", "text": "Yes."}'), tool_calls="schema") as (model, server):
        await model.plan(dialogue, TOOLS, model.build_budget())
    roles = [(each["role"], each["content"]) for each in server.asked[0]["messages"][2:]]
    assert roles == [
        ("assistant", '{"calls":[{"tool":"check_stock","arguments":{"product":"P-100","quantity":40}}]}'),
        ("user", '{"result_of":"check_stock","result":"{\\"free\\": 52}"}'),
    ]


@pytest.mark.parametrize("text", ["I would look it up.", '{"tool": "rm"}', '{"tool": "answer", "text": ""}'])
async def test_what_fits_no_branch_is_repaired_once(text: str) -> None:
    plan, asked = await planned(says(text), says('{"tool": "answer", "text": "Yes."}'), tool_calls="schema")
    assert plan.text == "Yes."
    assert len(asked) == 2
    assert await stopped(says(text), tool_calls="schema") == (Stop.MALFORMED, 2)


async def test_a_server_that_takes_neither_tools_nor_schemas_reads_the_rules_in_the_prompt() -> None:
    chosen = says('Sure: {"tool": "check_stock", "arguments": {"product": "P-100"}}')
    plan, asked = await planned(without("tools", without("response_format", chosen)))
    assert [call.name for call in plan.calls] == ["check_stock"]
    assert "check_stock" in asked[-1]["messages"][0]["content"]
    assert not {"tools", "response_format"} & set(asked[-1])


async def test_where_only_native_calls_are_wanted_a_server_without_tools_is_refused() -> None:
    assert await stopped(without("tools", says("x")), tool_calls="native") == (Stop.REFUSED, 1)


async def test_a_flood_is_cut_off_at_the_limit_of_an_answer() -> None:
    with asking(floods("blah " * 50), answer_tokens=100) as (model, server):
        plan = await model.plan(ASKED, TOOLS, model.build_budget())
        assert len(server.asked) == 1
    assert plan.cut
    assert len(plan.text) < 10_000


async def test_a_stream_may_end_its_answer_at_the_limit() -> None:
    async def limited(exchange: Exchange) -> None:
        await stream(exchange, [delta({"content": "Lena and"}), delta({}, "length")])

    plan, _asked = await planned(limited)
    assert plan == Planned(text="Lena and", cut=True)
