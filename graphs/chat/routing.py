"""From a message to what is done about it, and from what was said to what comes next; no model is asked here."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from agents.understanding.dialogue import Dialogue, Status, Understanding
from core.domain.chat import Call, Reason
from graphs.chat.outcomes import ask_back, conclude, refuse, tell_all
from graphs.chat.state import ChatContext, ChatState, Outcome, Said

# A model may know better than the embedded engine when that one gave up, not when it knew what to say.
_HANDED_OVER = frozenset({Reason.NEEDS_MODEL, Reason.UNSURE})
_REMEMBERED = 6


async def understand(state: ChatState, *, runtime: Runtime[ChatContext]) -> Command[Any]:
    """Understand the message by the embedded engine; where it gives up, the model takes over if there is one."""
    context = runtime.context
    dialogue = Dialogue.model_validate(state["dialogue"])
    meant = await asyncio.to_thread(context.understand, state["question"], dialogue)
    fresh: ChatState = {"said": None, "rounds": [], "again": False, "by_model": False}  # type: ignore[typeddict-item]
    fresh["confidence"] = meant.confidence
    needs_model = bool(meant.uncovered) if meant.status is Status.PLAN else meant.reason in _HANDED_OVER
    if context.assistant is not None and needs_model:
        return Command(update={**fresh, "by_model": True, "confidence": None}, goto="plan")
    fresh["dialogue"] = meant.dialogue.model_dump(mode="json")
    if meant.status is not Status.PLAN:
        return Command(update={**fresh, "outcome": _unplanned(meant, context).model_dump(mode="json")}, goto="end")
    unknown = [call for call in meant.calls if call.tool not in context.tools]
    if unknown:
        outcome = refuse(context, Reason.NOT_ALLOWED, "not_allowed", confidence=meant.confidence)
        return Command(update={**fresh, "outcome": outcome.model_dump(mode="json")}, goto="end")
    calls = meant.calls[: context.most_calls]
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
    context = runtime.context
    outcome = Outcome.model_validate(state["outcome"]) if state.get("outcome") else None
    if outcome is None:
        outcome = conclude(context.lang, said_in(state), confidence=state["confidence"])
        tell_all(context, outcome)
    asked = [*state.get("asked", []), state["question"]][-_REMEMBERED:]
    return {
        "outcome": outcome.model_dump(mode="json"),
        "asked": asked,
        "said": None,  # type: ignore[typeddict-item]
        "rounds": [],
    }


def said_in(state: ChatState) -> list[Said]:
    """What came of the calls, in their order."""
    return [Said.model_validate(state["said"][place]) for place in sorted(state["said"], key=int)]


def _unplanned(meant: Understanding, context: ChatContext) -> Outcome:
    if meant.status is Status.CLARIFY:
        return ask_back(context, meant)
    reason = meant.reason or Reason.NEEDS_MODEL
    if reason is Reason.UNSURE:
        reason = Reason.NEEDS_MODEL
    return refuse(context, reason, confidence=meant.confidence)
