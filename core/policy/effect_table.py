"""The effect table as a document: rows, and example cases that it must decide as stated."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from core.domain.base import Frozen
from core.domain.effects import EffectFacts, Verdict
from core.policy.decision import PolicyError
from core.policy.effects import EffectRule, effect_route

_EFFECTS = Path(__file__).parent / "tables" / "effects.json"


class EffectExample(Frozen):
    """A case with its verdict and the ids of the rows that decide it, in table order."""

    facts: EffectFacts
    verdict: Verdict
    rules: tuple[str, ...]


class EffectTable(Frozen):
    """An effect table as written; `version` is the author's own number."""

    table: Literal["effects"] = "effects"
    version: int = 1
    rules: tuple[EffectRule, ...] = Field(min_length=1, max_length=500)
    examples: tuple[EffectExample, ...]


def read_effect_table(text: str) -> EffectTable:
    """The table in a JSON document; PolicyError, naming the place, when it is not one."""
    try:
        return EffectTable.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "document"
        raise PolicyError(f"effects: {where}: {first['msg']}") from error


def failure_of(table: EffectTable, example: EffectExample) -> str | None:
    """How the table decides the example otherwise than stated; None when it decides as stated."""
    try:
        route = effect_route(table.rules, example.facts)
    except PolicyError as error:
        return str(error)
    if (route.verdict, route.rules) == (example.verdict, example.rules):
        return None
    return f"{route.verdict} by {', '.join(route.rules)}"


@cache
def load_effect_table(path: Path = _EFFECTS) -> EffectTable:
    """Read a table and decide its examples; PolicyError when it cannot be read, or fails or lacks one of them."""
    try:
        table = read_effect_table(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read") from error
    for example in table.examples:
        failure = failure_of(table, example)
        if failure:
            raise PolicyError(f"{path.name}: for {example.facts!r} expected {example.verdict}, got {failure}")
    shown = {rule for example in table.examples for rule in example.rules}
    untried = [rule.id for rule in table.rules if rule.id not in shown]
    if untried:
        raise PolicyError(f"{path.name}: no example for {', '.join(untried)}")
    return table
