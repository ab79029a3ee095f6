"""Decision tables on the zen engine, with its silences turned into errors.

The engine answers `{}` both for "no row matches" and for a cell it cannot read. Here every cell is compiled and
tried on a value that must satisfy it before a table is used, and every table ends in a row that always matches: an
answer without that row is a failure, never "nothing applies".

Cells and facts are whole numbers only. The engine keeps those exact up to 10^18 (money is given in fen, discounts in
basis points), and text from outside never becomes part of an expression (names are given as codes).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.text import normalise_name

if TYPE_CHECKING:
    from zen import ZenDecision

ANY_CODE = 0
OTHER_CODE = -1

Fact = int | list[int]


class PolicyError(Exception):
    """A rule cannot be applied. Whoever asked must treat the matter as not allowed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition on one fact (`$` in the expression), and a value that satisfies it."""

    expression: str
    witness: Fact


Row = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of conditions, one per field in order; None means any. `collect` finds all rows, `first` the first."""

    name: str
    hit: Literal["collect", "first"]
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A compiled table."""

    table: Table
    engine: "ZenDecision"

    def rows_for(self, facts: Mapping[str, Fact]) -> tuple[int, ...]:
        """Indices of the rows that hold, in table order; PolicyError when the engine gave no usable answer."""
        if facts.keys() != set(self.table.fields):
            raise PolicyError(f"{self.table.name}: expected the facts {', '.join(self.table.fields)}")
        try:
            result: Any = self.engine.evaluate(dict(facts))["result"]
        except Exception as error:
            raise PolicyError(f"{self.table.name}: the engine failed") from error
        answers = result if isinstance(result, list) else [result]
        closing = len(self.table.rows)
        rows = [answer.get("row") if isinstance(answer, dict) else None for answer in answers]
        found = [row for row in rows if isinstance(row, int) and 0 <= row <= closing]
        if len(found) != len(rows):
            raise PolicyError(f"{self.table.name}: the engine's answer cannot be read")
        if not found or (self.table.hit == "collect" and found[-1] != closing):
            raise PolicyError(f"{self.table.name}: the engine gave no answer")
        return tuple(row for row in found if row != closing)


def build_decision(table: Table) -> Decision:
    """Compile `table`; PolicyError for a cell that cannot be read or does not accept its own witness."""
    # Loaded on first use: nothing but rules needs the engine.
    import zen  # noqa: PLC0415

    for number, row in enumerate(table.rows):
        if len(row) != len(table.fields):
            raise PolicyError(f"{table.name}: row {number} has {len(row)} cells for {len(table.fields)} fields")
        for cell in row:
            if cell is not None and not _holds(cell, zen):
                raise PolicyError(f"{table.name}: row {number} has a condition that cannot be read: {cell.expression}")
    decision = zen.ZenEngine().create_decision(json.dumps(_document(table)))
    decision.validate()
    return Decision(table, decision)


def code_names(names: Iterable[str | None]) -> dict[str, int]:
    """A code from 1 for each distinct name, compared without case and width."""
    distinct = sorted({normalise_name(name) for name in names if name})
    return {name: code for code, name in enumerate(distinct, start=1)}


def code_of(name: str | None, codes: Mapping[str, int], *, unknown: int) -> int:
    """The name's code; `unknown` when there is no name, OTHER_CODE when no row mentions it."""
    key = normalise_name(name or "")
    return codes.get(key, OTHER_CODE) if key else unknown


def _holds(cell: Cell, zen: Any) -> bool:
    try:
        return bool(zen.evaluate_unary_expression(cell.expression, {"$": cell.witness}) is True)
    except Exception:
        return False


def _document(table: Table) -> dict[str, Any]:
    """The table as a JSON Decision Model of one node."""
    rules = [
        {"_id": str(number), "row": str(number)}
        | {field: cell.expression if cell else "" for field, cell in zip(table.fields, row, strict=True)}
        for number, row in enumerate((*table.rows, (None,) * len(table.fields)))
    ]
    content = {
        "hitPolicy": table.hit,
        "inputs": [{"id": field, "name": field, "field": field} for field in table.fields],
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": rules,
    }
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "facts", "type": "inputNode", "name": "facts", "position": place},
            {"id": "table", "type": "decisionTableNode", "name": table.name, "position": place, "content": content},
            {"id": "answer", "type": "outputNode", "name": "answer", "position": place},
        ],
        "edges": [
            {"id": "in", "sourceId": "facts", "targetId": "table", "type": "edge"},
            {"id": "out", "sourceId": "table", "targetId": "answer", "type": "edge"},
        ],
    }
