"""Schemas as short as they can be for a model to read: every request carries those of all tools."""

from collections.abc import Mapping
from typing import Any

# Code checks these on the way in; a model has no use for them.
_SILENT = frozenset({"title", "minLength", "maxLength", "pattern", "maximum", "exclusiveMaximum", "exclusiveMinimum"})


def lean_schema(schema: Any) -> Any:
    """The schema without titles, limits of length and `null`, which is what leaving an argument out says."""
    if isinstance(schema, list):
        return [lean_schema(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    told = {name: value for name, value in schema.items() if name not in _SILENT}
    if "enum" in told and "title" in schema:
        # The documentation of an enumeration is for those who write code; its choices speak for themselves.
        told.pop("description", None)
    if told.get("default", ...) is None:
        del told["default"]
    variants = [each for each in told.pop("anyOf", ()) if each.get("type") != "null"]
    if [each.get("type") for each in variants] == ["number", "string"]:
        # A decimal number may be written as text, too.
        variants.pop()
    if len(variants) == 1:
        # What is said of the argument says more than what is said of its type.
        told = {**lean_schema(variants[0]), **told}
    elif variants:
        told["anyOf"] = variants
    return {name: _inner(name, value) for name, value in told.items()}


def _inner(name: str, value: Any) -> Any:
    if name in {"properties", "$defs"}:
        # Here names are those of arguments, and one may well be called `title`.
        return {each: lean_schema(inner) for each, inner in value.items()}
    return value if name in {"enum", "const", "default", "required", "description"} else lean_schema(value)
