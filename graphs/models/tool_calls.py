"""From what a model wrote to calls of known tools with arguments that fit, and what is wrong where they don't."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from graphs.models.messages import CallPart, Reply, Tool, ToolCall
from graphs.models.wire import dump

# More than this side by side is a model that runs away.
MOST_CALLS = 16
# The function that calls tools which are only listed, and the list of calls in an answer by schema.
CALL, CALLS = "call", "calls"

_LONGEST_FAULT = 200
_START = re.compile(r"[{\[]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The calls of a reply that can be made, and what was wrong with the others, in words for the model."""

    calls: tuple[ToolCall, ...] = ()
    faults: tuple[str, ...] = ()


def read_calls(reply: Reply, tools: Sequence[Tool]) -> Wanted:
    """The tool calls of a reply. Calls that say the same are one; ids that are missing or doubled are made."""
    return _wanted(((part, part.arguments) for part in reply.calls.values()), tools)


def find_calls(text: str, tools: Sequence[Tool]) -> Wanted | None:
    """Calls written into a text as JSON, as models do that know no other way; None when there are none."""
    known = {tool.name for tool in tools}
    found = [each for each in _objects(text) if _name(each) in known]
    if not found:
        return None
    parts = ((CallPart(place, name=_name(each)), _arguments(each)) for place, each in enumerate(found))
    return _wanted(parts, tools)


def _wanted(written: Iterable[tuple[CallPart, Any]], tools: Sequence[Tool]) -> Wanted:
    by_name = {tool.name: tool for tool in tools}
    calls: dict[str, ToolCall] = {}
    faults: list[str] = []
    for part, raw in written:
        tool = by_name.get(part.name)
        if tool is None:
            faults.append(f"There is no tool {part.name[:_LONGEST_FAULT]!r}; there are {', '.join(sorted(by_name))}.")
            continue
        args, fault = read_arguments(raw, tool)
        if fault is not None:
            faults.append(f"{tool.name}: {fault}")
            continue
        calls.setdefault(tool.name + dump(args), ToolCall(_free_id(part.id, calls.values()), tool.name, args))
    if len(calls) > MOST_CALLS:
        faults.append(f"{len(calls)} calls at once are too many; ask for {MOST_CALLS} at the most.")
    return Wanted(tuple(calls.values()), tuple(faults))


def read_arguments(raw: Any, tool: Tool) -> tuple[dict[str, Any], str | None]:
    """Arguments that fit the tool's schema, or what is wrong with them."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw or "{}")
        except ValueError as error:
            return {}, f"the arguments are not JSON ({error})"
    if not isinstance(raw, dict):
        return {}, "the arguments are not a JSON object"
    args = _fit(raw, tool.parameters)
    errors = sorted(Draft202012Validator(tool.parameters).iter_errors(args), key=lambda each: list(map(str, each.path)))
    if errors:
        where = ".".join(map(str, errors[0].path)) or "arguments"
        return {}, f"{where}: {errors[0].message[:_LONGEST_FAULT]}"
    return args, None


def _fit(args: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with quoted figures and flags taken out of their quotes; `null` for an optional one is no value."""
    properties, required = parameters.get("properties", {}), parameters.get("required", ())
    given = {name: value for name, value in args.items() if value is not None or name in required}
    return {name: _unquoted(value, properties.get(name, {})) for name, value in given.items()}


def _unquoted(value: Any, schema: Any) -> Any:
    kinds = {schema.get("type")} | {each.get("type") for each in schema.get("anyOf", ()) if isinstance(each, dict)}
    if (
        not isinstance(value, str)
        or "string" in kinds
        or not kinds & {"integer", "number", "boolean", "array", "object"}
    ):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _free_id(offered: str, taken: Iterable[ToolCall]) -> str:
    used = {call.id for call in taken}
    return offered if offered and offered not in used else f"call_{len(used) + 1}"


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text that are in no other one."""
    decoder = json.JSONDecoder()
    at = 0
    while (start := _START.search(text, at)) is not None:
        try:
            value, at = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            at = start.end()
            continue
        yield from _meant(value)


def _meant(value: Any) -> Iterator[dict[str, Any]]:
    """The calls in what was written: in a list of them, and by way of `CALL`."""
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        inner = next((each[name] for name in (CALLS, "tool_calls") if isinstance(each.get(name), list)), [each])
        for one in inner:
            if isinstance(one, dict):
                called = _opened(_arguments(one)) if _name(one) == CALL else None
                yield called if isinstance(called, dict) else one


def _opened(arguments: Any) -> Any:
    try:
        return json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        return None


def _name(written: dict[str, Any]) -> str:
    function = written.get("function")
    inner = function if isinstance(function, dict) else written
    name = inner.get("name") or written.get("tool") or (function if isinstance(function, str) else "")
    return name if isinstance(name, str) else ""


def _arguments(written: dict[str, Any]) -> Any:
    function = written.get("function")
    inner = function if isinstance(function, dict) else written
    return next((inner[name] for name in ("arguments", "parameters", "args") if name in inner), {})
