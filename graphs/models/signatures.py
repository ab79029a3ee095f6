"""Tools as one line each, as a programmer would note them down: a third of the tokens of their JSON schemas."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from graphs.models.messages import Tool

# Said so often, a remark on an argument is made once for all tools.
_OFTEN = 3
_TYPES = {"integer": "integer", "number": "number", "boolean": "true|false", "object": "object", "null": "null"}


def write_signatures(tools: Sequence[Tool]) -> str:
    """The tools by name, one a line, after the remarks that hold for an argument wherever it occurs."""
    ordered = sorted(tools, key=lambda tool: tool.name)
    remarks = Counter(
        (name, schema["description"])
        for tool in ordered
        for name, schema in tool.parameters.get("properties", {}).items()
        if schema.get("description")
    )
    common = {remark for remark, times in remarks.items() if times >= _OFTEN}
    told = [f"{name}: {remark}" for name, remark in sorted(common)]
    return "\n".join([*told, *(_signature(tool, common) for tool in ordered)])


def _signature(tool: Tool, common: set[tuple[str, str]]) -> str:
    return f"{tool.name}({_arguments(tool.parameters, common)}): {tool.description}"


def _arguments(schema: Mapping[str, Any], common: set[tuple[str, str]]) -> str:
    required = schema.get("required", ())
    found = []
    for name, each in schema.get("properties", {}).items():
        remark = each.get("description")
        shown = f" «{remark}»" if remark and (name, remark) not in common else ""
        found.append(f"{name}{'' if name in required else '?'}: {_type(each)}{shown}")
    return ", ".join(found)


def _type(schema: Mapping[str, Any]) -> str:
    if choices := schema.get("enum"):
        return "|".join(map(str, choices))
    if variants := schema.get("anyOf"):
        return " or ".join(dict.fromkeys(map(_type, variants)))
    kind = schema.get("type")
    if kind == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if kind == "object" and schema.get("properties"):
        return f"{{{_arguments(schema, set())}}}"
    if kind == "string":
        return str(schema.get("format", "text"))
    return _TYPES.get(str(kind), "any")
