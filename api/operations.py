"""What the API's description says of the arguments of each operation."""

from typing import Any

from core.domain.payloads import Operation
from hub.effects.proposing import describe_operation


def describe_arguments(schema: dict[str, Any]) -> None:
    """Add to the schema of a wanted write what its operation takes."""
    schema["oneOf"] = [
        {
            "title": operation.value,
            "required": ["operation", "args"],
            "properties": {"operation": {"const": operation.value}, "args": _arguments(operation)},
        }
        for operation in Operation
    ]


def _arguments(operation: Operation) -> dict[str, Any]:
    described = describe_operation(operation)["args"]
    inlined: dict[str, Any] = _inlined(described, described.get("$defs", {}))
    return inlined


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema with what it refers to in its own place: inside another document its references lead nowhere."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        beside = {name: each for name, each in schema.items() if name != "$ref"}
        return {**_inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions), **beside}
    return {name: _inlined(each, definitions) for name, each in schema.items() if name != "$defs"}
