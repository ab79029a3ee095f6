"""Choosing tools with a model whose server takes no tools: it answers with a list of calls that fit one branch a tool.

Measured on a small model, offering tools by the protocol gave 0 of 10 right and a schema of branches 20 of 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import from_json

from core.language import Lang
from graphs.models.messages import Message, Planned, Tool
from graphs.models.signatures import write_signatures
from graphs.models.tool_calls import CALLS, find_calls
from graphs.models.wire import dump
from prompts.loader import load_prompt

ANSWER = "answer"
# A small model that has begun a list may not find its end.
_MOST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan, or what was wrong with it."""

    plan: Planned | None = None
    faults: tuple[str, ...] = ()


def choice_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """The JSON schema of one step: calls of the tools, side by side, or an answer."""
    definitions: dict[str, Any] = {}
    branches = []
    for tool in _sorted(tools):
        parameters = _moved(tool.parameters, tool.name)
        definitions |= {f"{tool.name}.{name}": each for name, each in parameters.pop("$defs", {}).items()}
        branches.append(_branch(tool.name, {"arguments": parameters}))
    calls = {"type": "array", "items": {"anyOf": branches}, "minItems": 1, "maxItems": _MOST}
    schema: dict[str, Any] = {"anyOf": [_object({CALLS: calls}), _branch(ANSWER, {"text": {"type": "string"}})]}
    return schema | {"$defs": definitions} if definitions else schema


def choice_messages(messages: Sequence[Message], tools: Sequence[Tool], lang: Lang) -> tuple[Message, ...]:
    """The dialogue without the protocol's tools: they are told of in the first message, calls and answers are text."""
    rules = load_prompt("models", "choose", lang).render(tools=write_signatures(tools))
    first, *rest = messages
    if first.role == "system":
        return (replace(first, content=f"{first.content}\n\n{rules}"), *map(_plain, rest))
    return (Message("system", rules), *map(_plain, messages))


def read_choice(text: str, tools: Sequence[Tool]) -> Choice:
    """What the model chose."""
    answer = answer_so_far(text)
    if answer is not None:
        return Choice(Planned(text=answer)) if answer else Choice(faults=("The answer is empty.",))
    wanted = find_calls(text, tools)
    if wanted is None:
        return Choice(faults=("That is no JSON object with one of the tools, or with an answer.",))
    return Choice(faults=wanted.faults) if wanted.faults else Choice(Planned(wanted.calls))


def answer_so_far(text: str) -> str | None:
    """The text of an answer of which perhaps not all has come; None when it is none, or not known to be one yet."""
    start = text.find("{")
    try:
        value = from_json(text[start:], allow_partial="trailing-strings") if start >= 0 else None
    except ValueError:
        return None
    if not isinstance(value, dict) or value.get("tool") != ANSWER:
        return None
    said = value.get("text", "")
    return said if isinstance(said, str) else None


def _moved(schema: Any, tool: str) -> Any:
    """A copy of a tool's schema whose references name the definitions of the whole."""
    if isinstance(schema, list):
        return [_moved(each, tool) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.replace("#/$defs/", f"#/$defs/{tool}.") if name == "$ref" else _moved(value, tool)
        for name, value in schema.items()
    }


def _branch(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return _object({"tool": {"type": "string", "const": name}, **properties})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _plain(message: Message) -> Message:
    if message.role == "tool":
        return Message("user", dump({"result_of": message.name, "result": message.content}))
    if message.calls:
        calls = [{"tool": call.name, "arguments": call.args} for call in message.calls]
        return Message("assistant", dump({CALLS: calls}))
    return message


def _sorted(tools: Sequence[Tool]) -> list[Tool]:
    return sorted(tools, key=lambda tool: tool.name)
