"""Asking the planner which tools to call, and checking each call it makes as if a person had made it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from langgraph.runtime import Runtime
from langgraph.types import Command
from pydantic import ValidationError

from agents.planning.spec import ToolSchema, schema_from_model
from agents.understanding.message import read_message
from core.domain.chat import Call, Reason
from core.errors import HubError
from graphs.chat.control import ASK_BACK, CONTROL, DECLINE, LOOK_AGAIN, ask_by_model, is_plain
from graphs.chat.outcomes import conclude, refuse, tell_all
from graphs.chat.resolving import resolve_ids
from graphs.chat.routing import said_in, sends
from graphs.chat.state import ChatContext, ChatState, Json, Outcome, Said
from graphs.models.messages import Message, Planned, ToolCall
from graphs.models.stops import ModelStoppedError
from prompts.loader import load_prompt

log = structlog.get_logger()

# A quote of this many characters may still be the user's own words.
_LONGEST_OWN = 200


@dataclass(frozen=True, slots=True)
class _Checked:
    """One round: what the model asked for with what is wrong with it, and the calls to run."""

    asked: list[Json]
    calls: list[Call]
    repeated: bool
    again: bool


async def plan(state: ChatState, *, runtime: Runtime[ChatContext]) -> Command[Any]:
    """Ask the planner; its calls are run, answered with what is wrong, or the turn ends with a named reason."""
    context = runtime.context
    rounds, said = state["rounds"], said_in(state)
    if len(rounds) >= context.most_rounds:
        return _end(context, said, Reason.DEPTH)
    assert context.assistant is not None  # noqa: S101
    planner, budget = context.assistant.planner, context.assistant.planner_budget
    try:
        planned = await planner.plan(_messages(state, context), _offered(state, context), budget, lang=context.lang)
    except ModelStoppedError as error:
        return _unplanned(state, context, said, error)
    return _ended(planned, state, context, said) or _go_on(planned, state, context, said)


def _unplanned(state: ChatState, context: ChatContext, said: Sequence[Said], error: ModelStoppedError) -> Command[Any]:
    """What is done when the planner is not asked any further."""
    log.warning("not_planned", reason=error.reason)
    if state["covered"] and not state["rounds"]:
        # What the embedded engine did understand is answered; the rest is named.
        calls = [Call.model_validate(call) for call in state["covered"]]
        return Command(update={"by_model": False}, goto=sends(calls))
    return _end(context, said, error.reason.reason)


def _go_on(planned: Planned, state: ChatState, context: ChatContext, said: Sequence[Said]) -> Command[Any]:
    """Run the calls that can be run, or ask again with what is wrong with them."""
    checked = _check(planned.calls, state, context, len(said))
    rounds = [*state["rounds"], checked.asked]
    if not checked.calls:
        if checked.repeated:
            return _end(context, said, Reason.REPEATING)
        return Command(update={"rounds": rounds, "again": True}, goto="plan")
    if len(said) + len(checked.calls) > context.most_calls:
        return _end(context, said, Reason.BUDGET_CALLS)
    return Command(update={"rounds": rounds, "again": checked.again}, goto=sends(checked.calls, len(said)))


def tool_schemas(context: ChatContext) -> list[ToolSchema]:
    """The caller's tools and those that steer the turn, always in the same order, so that providers can cache them."""
    own = [schema_from_model(tool.name, tool.purpose, tool.args_model) for tool in context.tools.values()]
    return sorted([*own, *CONTROL], key=lambda tool: tool.name)


def _offered(state: ChatState, context: ChatContext) -> list[ToolSchema]:
    """The tools for this message: none that writes when parts of it were pasted, since those may be others' words."""
    tools = tool_schemas(context)
    if not any("\n" in quote or len(quote) > _LONGEST_OWN for quote in read_message(state["question"]).quotes):
        return tools
    return [tool for tool in tools if tool.name not in context.tools or not context.tools[tool.name].writes]


def _ended(planned: Planned, state: ChatState, context: ChatContext, said: Sequence[Said]) -> Command[Any] | None:
    """The end of the turn, when the planner wants no more calls."""
    steering = {call.name: call for call in planned.calls if call.name in (ASK_BACK, DECLINE)}
    # Some ask to be asked again beside that: they would ask back the same, round after round.
    if planned.calls and not (steering and all(call.name in (*steering, LOOK_AGAIN) for call in planned.calls)):
        return None
    if said:
        return Command(update={"again": False}, goto="word")
    question = steering[ASK_BACK].args.get("question", "") if ASK_BACK in steering else planned.text
    if (ASK_BACK in steering or planned.text.rstrip().endswith(("?", "？"))) and is_plain(question, state["question"]):
        outcome = ask_by_model(question, steering.get(ASK_BACK))
        tell_all(context, outcome)
    else:
        outcome = refuse(context, Reason.OUT_OF_SCOPE)
    return _finish(context, outcome)


def _check(wanted: Sequence[ToolCall], state: ChatState, context: ChatContext, first: int) -> _Checked:
    made = {_sense(Call.model_validate(each["call"])) for each in state["said"].values()}
    asked: list[Json] = []
    calls: list[Call] = []
    repeated = False
    for each in wanted:
        line: Json = {"id": each.id, "name": each.name, "args": each.args}
        asked.append(line)
        if each.name in (LOOK_AGAIN, ASK_BACK, DECLINE):
            line["fault"] = "noted"
            continue
        try:
            call = _resolve(each, context, reading_only=_has_read(state))
        except HubError as error:
            line |= {"fault": str(error), "names": bool(error.nearest)}
            continue
        if _sense(call) in made:
            line["fault"] = "you have made this call already"
            repeated = True
            continue
        made.add(_sense(call))
        line["place"] = first + len(calls)
        calls.append(call)
    faults = any(line.get("fault", "noted") != "noted" for line in asked)
    again = faults or any(each.name == LOOK_AGAIN for each in wanted)
    return _Checked(asked, calls, repeated, again)


def _resolve(wanted: ToolCall, context: ChatContext, *, reading_only: bool) -> Call:
    """The call with ids that exist and that the caller may see."""
    tool = context.tools[wanted.name]
    if tool.writes and reading_only:
        # What it has read by now was written in part by outsiders.
        raise _refused(wanted, "only the user's own words may ask for this, before anything is read")
    args = resolve_ids(wanted.args, context.names)
    try:
        fit = tool.args_model.model_validate_json(json.dumps(args))
    except ValidationError as error:
        raise _refused(wanted, error.errors()[0]["msg"]) from error
    return Call(agent=tool.agent, tool=tool.name, args=fit.model_dump(mode="json", exclude_unset=True))


def _has_read(state: ChatState) -> bool:
    """Whether the model has seen any text of a record: what came of a call, or names near to one that it gave."""
    return bool(state["said"]) or any(line.get("names") for asked in state["rounds"] for line in asked)


def _refused(wanted: ToolCall, problem: str) -> HubError:
    return HubError(problem, field=wanted.name, remedy="Correct the call or leave it out.")


def _sense(call: Call) -> str:
    return json.dumps([call.tool, call.args], sort_keys=True)


def _messages(state: ChatState, context: ChatContext) -> list[Message]:
    """The dialogue so far: instructions, what the conversation is about, the message, and the rounds since."""
    messages = [
        Message("system", load_prompt("chat", "plan", context.lang).render()),
        Message("user", _dump({"today": context.today.isoformat(), **_about(state)})),
        Message("user", state["question"]),
    ]
    for asked in state["rounds"]:
        calls = tuple(ToolCall(line["id"], line["name"], line["args"]) for line in asked)
        messages.append(Message("assistant", "", calls=calls))
        messages += [
            Message("tool", _dump(_result(line, state)), call_id=line["id"], name=line["name"]) for line in asked
        ]
    return messages


def _about(state: ChatState) -> Json:
    """What the thread remembers, without any text that others wrote."""
    focus = state["dialogue"].get("focus") or {}
    names = ("account_id", "opportunity_id", "contact_id", "product_ids")
    return {**{name: focus[name] for name in names if focus.get(name)}, "asked_before": state.get("asked", [])}


def _result(line: Mapping[str, Any], state: ChatState) -> Json:
    if "place" not in line:
        return {"problem": line["fault"]}
    said = Said.model_validate(state["said"][str(line["place"])])
    return {"statements": [statement.text for statement in said.statements], "problem": said.reason}


def _end(context: ChatContext, said: Sequence[Said], reason: Reason) -> Command[Any]:
    outcome = conclude(context.lang, said, stopped=reason)
    tell_all(context, outcome)
    return _finish(context, outcome)


def _finish(context: ChatContext, outcome: Outcome) -> Command[Any]:
    assert context.assistant is not None  # noqa: S101
    told = outcome.model_copy(update={"model": context.assistant.planner.name})
    return Command(update={"outcome": told.model_dump(mode="json")}, goto="end")


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
