"""Offering many tools as a list to read with one tool that calls them.

Every request carries all tools. As a list they cost a third of the tokens of their schemas, and they stay where a
provider's cache of prompts finds them: in front, the same for every question.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.language import Lang
from graphs.models.messages import CallPart, Message, Reply, Tool, ToolCall
from graphs.models.signatures import write_signatures
from graphs.models.tool_calls import CALL
from graphs.models.wire import dump
from prompts.loader import load_prompt

# Fewer are offered as they are.
MANY = 12


@dataclass(frozen=True, slots=True)
class _Calling:
    name: str = CALL
    description: str = "Call one of the listed tools"
    parameters: dict[str, Any] = field(
        default_factory=lambda: {
            "type": "object",
            "properties": {"tool": {"type": "string"}, "arguments": {"type": "object"}},
            "required": ["tool", "arguments"],
        }
    )


CALLING: Tool = _Calling()


def catalogue_messages(messages: Sequence[Message], tools: Sequence[Tool], lang: Lang) -> tuple[Message, ...]:
    """The dialogue with the tools listed in its first message, and calls made by way of `CALLING`."""
    rules = load_prompt("models", "catalogue", lang).render(tools=write_signatures(tools))
    first, *rest = messages
    if first.role != "system":
        return (Message("system", rules), *map(_wrapped, messages))
    return (replace(first, content=f"{first.content}\n\n{rules}"), *map(_wrapped, rest))


def unwrap(reply: Reply) -> Reply:
    """The reply with the calls that were meant. What is no call of a tool keeps its name, which no tool has."""
    return Reply(reply.text, {place: _meant(part) for place, part in reply.calls.items()}, reply.finish)


def _wrapped(message: Message) -> Message:
    if message.role == "tool":
        return replace(message, name=CALL)
    calls = tuple(ToolCall(call.id, CALL, {"tool": call.name, "arguments": call.args}) for call in message.calls)
    return replace(message, calls=calls)


def _meant(part: CallPart) -> CallPart:
    if part.name != CALL:
        # Some models call by its own name what they have only read of.
        return part
    try:
        inner = json.loads(part.arguments)
    except ValueError:
        return part
    if not isinstance(inner, dict) or not isinstance(inner.get("tool"), str):
        return part
    arguments = inner.get("arguments", {})
    written = arguments if isinstance(arguments, str) else dump(arguments)
    return replace(part, name=inner["tool"], arguments=written)
