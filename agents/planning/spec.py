"""What the planner knows of a tool: its name, its description, and the JSON schema of its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pydantic import BaseModel

from agents.planning.lean import lean_schema

Json = dict[str, Any]

# How tool catalogues spell the types of JSON schema.
_TYPES = {
    "dict": "object",
    "hashmap": "object",
    "map": "object",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "int": "integer",
    "long": "integer",
    "bool": "boolean",
    "str": "string",
    "char": "string",
    "tuple": "array",
    "list": "array",
    "arraylist": "array",
    "set": "array",
}
_JSON_TYPES = frozenset({"object", "number", "integer", "boolean", "string", "array", "null"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. `types` is empty when anything is allowed; `enum` empty when values are free."""

    name: str
    description: str
    types: frozenset[str]
    enum: tuple[Any, ...]
    required: bool
    default: Any = None
    format: str | None = None
    items: "Parameter | None" = None
    properties: tuple["Parameter", ...] = ()

    def takes(self, *types: str) -> bool:
        """Whether a value of one of the JSON types may be given."""
        return not self.types or bool(self.types & set(types))


@dataclass(frozen=True)
class ToolSchema:
    """A tool as its catalogue describes it; `parameters` is the JSON schema of an object, `returns` what it answers."""

    name: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    returns: str = ""

    @cached_property
    def arguments(self) -> tuple[Parameter, ...]:
        """Its arguments in the schema's order."""
        return read_parameters(self.parameters)

    @cached_property
    def required(self) -> tuple[Parameter, ...]:
        """The arguments that a call must have."""
        return tuple(argument for argument in self.arguments if argument.required)


def schema_from_function(function: Mapping[str, Any]) -> ToolSchema:
    """From `{"name", "description", "parameters"}` and perhaps `"returns"`, also with types such as `dict` or `any`."""
    return ToolSchema(
        name=str(function["name"]),
        description=str(function.get("description", "")),
        parameters=_normalised(function.get("parameters") or {}),
        returns=str(function.get("returns") or ""),
    )


# Every question offers the same tools again, and working a schema out takes milliseconds.
@lru_cache(maxsize=512)
def schema_from_model(name: str, description: str, model: type[BaseModel]) -> ToolSchema:
    """From the pydantic model of a tool's arguments, as short as it can be; references are resolved."""
    schema = model.model_json_schema()
    parameters = lean_schema(_resolved(schema, schema.get("$defs", {})))
    # What the tool is for has been said.
    parameters.pop("description", None)
    return ToolSchema(name=name, description=description, parameters=parameters)


def read_parameters(schema: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The properties of an object schema."""
    properties = schema.get("properties") or {}
    required = set(schema.get("required") or ())
    return tuple(_parameter(name, each, name in required) for name, each in properties.items())


def _parameter(name: str, schema: Mapping[str, Any], required: bool) -> Parameter:  # noqa: FBT001
    variants = [each for each in schema.get("anyOf") or schema.get("oneOf") or () if each.get("type") != "null"]
    merged = {**(variants[0] if variants else {}), **{key: value for key, value in schema.items() if key != "anyOf"}}
    types = {kind for each in (variants or [schema]) for kind in _types(each)}
    items = merged.get("items")
    constant = (merged["const"],) if "const" in merged else ()
    return Parameter(
        name=name,
        description=str(merged.get("description") or ""),
        types=frozenset(types - {"null"}),
        enum=tuple(merged.get("enum") or constant),
        required=required,
        default=merged.get("default"),
        format=merged.get("format"),
        items=_parameter(name, items, required=False) if isinstance(items, Mapping) else None,
        properties=read_parameters(merged),
    )


def _types(schema: Mapping[str, Any]) -> set[str]:
    kind = schema.get("type")
    return set() if kind is None else {kind} if isinstance(kind, str) else set(kind)


def _normalised(schema: Mapping[str, Any]) -> Json:
    """The schema with the types of JSON schema; unknown types allow anything."""
    found: Json = dict(schema)
    if isinstance(kind := found.get("type"), str):
        known = _TYPES.get(kind.casefold(), kind.casefold())
        found.pop("type")
        if known in _JSON_TYPES:
            found["type"] = known
    if isinstance(properties := found.get("properties"), Mapping):
        found["properties"] = {
            name: _normalised(each) for name, each in properties.items() if isinstance(each, Mapping)
        }
    if isinstance(items := found.get("items"), Mapping):
        found["items"] = _normalised(items)
    return found


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(each, definitions) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if reference := schema.get("$ref"):
        target = definitions[str(reference).rsplit("/", 1)[-1]]
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {**_resolved(target, definitions), **_resolved(rest, definitions)}
    return {key: _resolved(value, definitions) for key, value in schema.items() if key != "$defs"}
