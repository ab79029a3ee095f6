"""From a message to what is done about it, and from what was said to what comes next; no model is asked here."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from agents.understanding.dialogue import Dialogue, Focus, Status, Understanding
from core.domain.chat import Call, Reason
from graphs.chat.outcomes import ask_back, conclude, refuse, tell_all
from graphs.chat.state import ChatContext, ChatState, Outcome, Said

# A model may know better than the embedded engine when that one gave up, not when it knew what to say.
_HANDED_OVER = frozenset({Reason.NEEDS_MODEL, Reason.UNSURE})
_IN_FOCUS = ("account_id", "opportunity_id", "contact_id")
# How many questions of a thread go on to the next.
REMEMBERED = 6


async def understand(state: ChatState, *, runtime: Runtime[ChatContext]) -> Command[Any]:
    """Understand the message by the embedded engine; where it gives up, the model takes over if there is one."""
    context = runtime.context
    dialogue = Dialogue.model_validate(state["dialogue"])
    meant = await asyncio.to_thread(context.understand, state["question"], dialogue)
    planned = meant.status is Status.PLAN
    calls = [_assigned(call, context) for call in meant.calls[: context.most_calls]]
    fresh: ChatState = {"said": None, "rounds": [], "again": False, "by_model": False}  # type: ignore[typeddict-item]
    fresh |= {"confidence": meant.confidence, "uncovered": [*meant.uncovered] if planned else []}
    usable = planned and all(call.tool in context.tools for call in calls)
    fresh["covered"] = [call.model_dump(mode="json") for call in calls] if usable else []
    needs_model = bool(meant.uncovered) if planned else meant.reason in _HANDED_OVER
    if context.assistant is not None and needs_model:
        return Command(update={**fresh, "by_model": True}, goto="plan")
    fresh["dialogue"] = meant.dialogue.model_dump(mode="json")
    if not planned:
        return Command(update={**fresh, "outcome": _unplanned(meant, context).model_dump(mode="json")}, goto="end")
    if not usable:
        outcome = refuse(context, Reason.NOT_ALLOWED, "not_allowed", confidence=meant.confidence)
        return Command(update={**fresh, "outcome": outcome.model_dump(mode="json")}, goto="end")
    return Command(update=fresh, goto=sends(calls))


def sends(calls: Sequence[Call], first: int = 0) -> list[Send]:
    """The calls side by side, each with its place among those of the turn, from `first` on."""
    return [
        Send("specialist", {"place": place, "call": call.model_dump(mode="json")})
        for place, call in enumerate(calls, first)
    ]


async def gather(state: ChatState, *, runtime: Runtime[ChatContext]) -> Command[Any]:
    """What comes after the calls: another look, a model's words, or the end."""
    del runtime
    if not state["by_model"]:
        return Command(goto="end")
    return Command(goto="plan" if state["again"] else "word")


async def end(state: ChatState, *, runtime: Runtime[ChatContext]) -> ChatState:
    """Settle the outcome; what only this turn needed is forgotten."""
    context, said = runtime.context, said_in(state)
    outcome = Outcome.model_validate(state["outcome"]) if state.get("outcome") else None
    if outcome is None:
        outcome = conclude(context.lang, said, confidence=state["confidence"], left_out=state["uncovered"])
        tell_all(context, outcome)
    over: ChatState = {
        "outcome": outcome.model_dump(mode="json"),
        "asked": [*state.get("asked", []), state["question"]][-REMEMBERED:],
        "said": None,  # type: ignore[typeddict-item]
        "rounds": [],
        "covered": [],
        "uncovered": [],
    }
    if state["by_model"] and said:
        dialogue = remember(Dialogue.model_validate(state["dialogue"]), [each.call for each in said])
        over["dialogue"] = dialogue.model_dump(mode="json")
    return over


def remember(dialogue: Dialogue, calls: Sequence[Call]) -> Dialogue:
    """The dialogue after calls that a model chose: the next message may be about the same records."""
    focus = dialogue.focus
    for call in calls:
        named = {name: call.args[name] for name in _IN_FOCUS if call.args.get(name)}
        if named.get("account_id", focus.account_id) != focus.account_id:
            focus = Focus(product_ids=focus.product_ids)
        focus = focus.model_copy(update=named)
        products = call.args.get("product_ids") or [call.args.get("product_id")]
        if all(products):
            focus = focus.model_copy(update={"product_ids": tuple(products)})
    return Dialogue(focus=focus, last_calls=tuple(calls))


def said_in(state: ChatState) -> list[Said]:
    """What came of the calls, in their order."""
    return [Said.model_validate(state["said"][place]) for place in sorted(state["said"], key=int)]


def _unplanned(meant: Understanding, context: ChatContext) -> Outcome:
    if meant.status is Status.CLARIFY:
        return ask_back(context, meant)
    reason = meant.reason or Reason.NEEDS_MODEL
    if reason is Reason.UNSURE:
        reason = Reason.NEEDS_MODEL
    return refuse(context, reason, told=meant.asking, confidence=meant.confidence)


def _assigned(call: Call, context: ChatContext) -> Call:
    """The call in the name of the specialist that answers it."""
    tool = context.tools.get(call.tool)
    return call if tool is None else call.model_copy(update={"agent": tool.agent})
