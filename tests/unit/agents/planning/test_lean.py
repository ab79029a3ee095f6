"""Schemas for models: short, and saying what the whole ones say."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import Field

from agents.answers.registry import ANSWERS
from agents.planning.lean import lean_schema
from agents.planning.spec import schema_from_model
from tools.registry import WRITE_TOOLS
from tools.spec import ToolArgs


class Told(ToolArgs):
    """Arguments of `tell`."""

    title: str = Field(max_length=20, description="What it is called")
    on: date | None = Field(default=None, description="The day")
    share: Decimal | None = None
    loud: bool = False


def test_an_argument_may_be_called_like_a_keyword_of_schemas() -> None:
    assert schema_from_model("tell", "Tell it", Told).parameters["properties"]["title"] == {
        "type": "string",
        "description": "What it is called",
    }


def test_what_may_be_left_out_has_no_null_and_no_default_of_null() -> None:
    schema = schema_from_model("tell", "Tell it", Told)
    assert schema.parameters["properties"]["on"] == {"type": "string", "format": "date", "description": "The day"}
    assert schema.parameters["properties"]["loud"] == {"type": "boolean", "default": False}
    assert schema.parameters["required"] == ["title"]
    assert "description" not in schema.parameters


MODELS: list[type[ToolArgs]] = [
    *(answer.args_model for answer in ANSWERS.values()),
    *(tool.args_model for tool in WRITE_TOOLS.values()),
]


@pytest.mark.parametrize("model", MODELS)
def test_arguments_and_their_choices_are_all_still_there(model: type[ToolArgs]) -> None:
    whole = model.model_json_schema()
    lean = schema_from_model("tool", "A tool", model).parameters
    assert list(lean["properties"]) == list(whole["properties"])
    assert lean.get("required") == whole.get("required")
    assert _choices(lean) == _choices(whole)


def test_a_lean_schema_is_not_made_leaner() -> None:
    schema = schema_from_model("tell", "Tell it", Told).parameters
    assert lean_schema(schema) == schema


def _choices(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {choice for each in schema for choice in _choices(each)}
    if not isinstance(schema, dict):
        return set()
    own = set(map(str, schema.get("enum", ())))
    return own | {choice for value in schema.values() for choice in _choices(value)}
