"""The page on settings says what the settings are."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined, to_jsonable_python

from core.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def rows() -> list[tuple[str, str]]:
    """Each variable of the tables with its default; nothing where the page describes it in words."""
    found: list[tuple[str, str]] = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            first, second = line.strip("| ").split(" | ")[:2]
            variables = re.findall(r"`([^`]+)`", first)
            defaults = re.findall(r"`([^`]+)`", second) if second.startswith("`") else [""]
            found += zip(variables, defaults * (len(variables) if len(defaults) == 1 else 1), strict=True)
    return found


def variable(name: str) -> str:
    """The variable that sets a field."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"SALESHUB_{name.upper()}"


VARIABLES = {variable(name): name for name in Settings.model_fields}


def test_every_setting_has_one_row_and_every_row_is_a_setting() -> None:
    assert sorted(name for name, _ in rows()) == sorted(VARIABLES)


def default_of(name: str) -> Any:
    """A default as one would write it into the variable; nothing where there is none, or where the machine gives it."""
    field = Settings.model_fields[name]
    value = None if name == "home" else field.get_default(call_default_factory=True)
    return "" if value in (None, PydanticUndefined) else to_jsonable_python(value)


@pytest.mark.parametrize(("told", "name"), [(told, VARIABLES[name]) for name, told in rows() if name in VARIABLES])
def test_a_default_is_the_one_that_holds(told: str, name: str) -> None:
    value = default_of(name)
    as_written = {True: "true", False: "false"}[value] if isinstance(value, bool) else value
    assert told == ("{}" if value == {} else f"{as_written:g}" if isinstance(value, float) else str(as_written))
