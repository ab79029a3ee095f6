"""Schemas from the documentation of Python functions in numpydoc's form, where no JSON schema is published."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.planning.spec import ToolSchema, schema_from_function

_SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)
_ENTRY = re.compile(r"^(\w+) ?: ?(.*)\n((?:[ \t]+.*(?:\n|$))*)", re.MULTILINE)
_CHOICES = re.compile(
    r"(?:available \w+(?: are)?:?|one of:?|can be|either|must be(?: one of)?:?)"
    r"\s*((?:[\"'][^\"']+[\"'](?:,? ?(?:or|and)? ?)?)+)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")


def schema_from_docstring(name: str, arguments: Sequence[Mapping[str, Any]], doc: str) -> ToolSchema:
    """From a function's name, its arguments (`{"name", "default"}`) and its documentation.

    An argument is required unless it is called optional; the values that its description lists become its `enum`.
    """
    sections = _SECTION.split(doc)
    parts = dict(zip(sections[1::2], sections[2::2], strict=False))
    described = {
        match[1]: (match[2], " ".join(match[3].split())) for match in _ENTRY.finditer(parts.get("Parameters", ""))
    }
    properties: dict[str, Any] = {}
    for argument in arguments:
        kind, description = described.get(argument["name"], ("", ""))
        schema: dict[str, Any] = {"type": kind.split(",")[0].strip() or "any", "description": description}
        if choices := _CHOICES.search(description):
            schema["enum"] = _QUOTED.findall(choices[1])
        if argument.get("default") is not None:
            schema["default"] = argument["default"]
        if "yyyy-mm-dd hh:mm" in description.casefold():
            schema["format"] = "date-time"
        elif "yyyy-mm-dd" in description.casefold():
            schema["format"] = "date"
        properties[argument["name"]] = schema
    required = [each["name"] for each in arguments if "optional" not in described.get(each["name"], ("optional",))[0]]
    return schema_from_function(
        {
            "name": name,
            "description": sections[0].strip(),
            "parameters": {"type": "object", "properties": properties, "required": required},
            "returns": parts.get("Returns", "").strip(),
        }
    )
