"""CSV, TSV and XLSX as headings and rows of text."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from connectors.exports.archives import DAMAGED, open_measured
from connectors.exports.decoding import read_text
from connectors.exports.outcome import RefusedError

MAX_ROWS = 500_000
MAX_COLUMNS = 500
MAX_CELL = 100_000
_DELIMITERS = ",;\t|"
_HEADING_ROWS = 10


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as text; `number` is its line in the sheet. `fault` is why the row cannot be trusted."""

    number: int
    cells: tuple[str, ...]
    fault: RefusedError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings; `sheet` where a workbook has several."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    sheet: str | None = None

    def column(self, heading: str) -> list[str]:
        """All non-empty values under `heading`."""
        index = self.headings.index(heading)
        return [row.cells[index] for row in self.rows if row.cells[index]]


def read_tables(path: Path) -> list[Table]:
    """The tables of a CSV, TSV or XLSX file; blank rows are left out. Raises RefusedError."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return list(_workbook(path))
    return [_table(_csv_rows(read_text(path)), None)]


def _csv_rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as fault:
        raise RefusedError("file", f"not a readable table: {fault}") from None


def _workbook(path: Path) -> Iterator[Table]:
    with open_measured(path):
        pass
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = ([_shown(cell) for cell in row] for row in sheet.iter_rows())
                name = sheet.title if len(book.worksheets) > 1 else None
                table = _table(rows, name)
                if table.headings or name is None:
                    yield table
        finally:
            book.close()
    except DAMAGED:
        raise RefusedError("file", "not a readable XLSX workbook: save it again as XLSX or CSV") from None


def _shown(cell: object) -> str:
    """A cell as text; a number formatted as a percentage is one."""
    value = getattr(cell, "value", None)
    if type(value) in (int, float) and "%" in str(getattr(cell, "number_format", "")):
        return f"{_cell(float(Decimal(repr(value)) * 100))}%"
    return _cell(value)


def _cell(value: object) -> str:
    """A cell's value the way the person who typed it would write it in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(getattr(value, "text", value) if not isinstance(value, str | int) else value)


def _table(rows: Iterable[list[str]], sheet: str | None) -> Table:
    """Headings are the first row with at least two filled cells, or else the first filled row."""
    filled: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(rows, start=1):
        if len(filled) > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise RefusedError("file", f"more than {MAX_ROWS} rows or {MAX_COLUMNS} columns: split it")
        if any(cell.strip() for cell in cells):
            filled.append((number, cells))
    if not filled:
        return Table((), (), sheet)
    start = next((i for i, (_, cells) in enumerate(filled[:_HEADING_ROWS]) if sum(map(bool, cells)) > 1), 0)
    headings = _unique(cell.strip() for cell in filled[start][1])
    return Table(headings, tuple(_row(number, cells, headings) for number, cells in filled[start + 1 :]), sheet)


def _row(number: int, cells: list[str], headings: tuple[str, ...]) -> TableRow:
    padded = [cell.strip()[:MAX_CELL] for cell in cells[: len(headings)]]
    padded += [""] * (len(headings) - len(padded))
    formula = next((name for name, cell in zip(headings, padded, strict=True) if cell.startswith("=")), None)
    fault = RefusedError(formula, "formula: paste it as a value") if formula else None
    if any(cell.strip() for cell in cells[len(headings) :]):
        fault = RefusedError("row", "more cells than headings: a separator inside a value needs quotes")
    return TableRow(number, tuple(padded), fault)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Headings with repeated names numbered, so that each is found by its name."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(unique)
