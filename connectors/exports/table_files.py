"""CSV, TSV and XLSX files as records."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from connectors.exports import crm_rows, erp_rows, knowledge_rows
from connectors.exports.batch import Batch
from connectors.exports.headings import Columns, guess_columns
from connectors.exports.outcome import Found, Note, Notes, Origin, Outcome, Refusal, RefusedError, TableRead, unforeseen
from connectors.exports.rows import Row, Sheet
from connectors.exports.tables import Table, read_tables
from core.domain.accounts import Contact
from core.domain.base import Record
from core.text import normalise_name

_BUILDERS = crm_rows.BUILDERS | erp_rows.BUILDERS | knowledge_rows.BUILDERS
# What others refer to comes first.
_ORDER = ("dictionary", "account", "product", "sales_person", "expert", "contact")
DICTIONARY = "dictionary"


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table whose kind is known and whose rows are still to be read."""

    file: str
    table: Table
    columns: Columns

    @property
    def rank(self) -> int:
        """Position among tables that refer to one another."""
        return _ORDER.index(self.columns.kind) if self.columns.kind in _ORDER else len(_ORDER)


def plan_tables(path: Path, file: str, batch: Batch) -> Iterator[PlannedTable | Refusal]:
    """The tables of one file with their kinds."""
    try:
        tables = read_tables(path)
    except RefusedError as refused:
        yield refused.at(file)
        return
    for table in tables:
        shown = f"{file} [{table.sheet}]" if table.sheet else file
        if not table.headings:
            yield Refusal(shown, None, "file", "empty file")
            continue
        try:
            yield PlannedTable(shown, table, guess_columns(shown, table.headings, batch.mapping))
        except RefusedError as refused:
            yield refused.at(shown)


def read_table(planned: PlannedTable, batch: Batch) -> Iterator[Outcome]:
    """The records of a table, its refused rows, and how it was understood."""
    columns, notes = planned.columns, Notes(planned.file)
    yield TableRead(
        planned.file,
        columns.kind,
        {heading: name for name, heading in columns.headings.items()},
        columns.unmapped(planned.table.headings),
    )
    sheet = Sheet(planned.file, planned.table, columns, batch, notes)
    if columns.kind == DICTIONARY:
        _learn_descriptions(sheet)
        return
    found: list[Found] = []
    for line in planned.table.rows:
        origin = Origin(planned.file, line.number)
        if line.fault:
            yield line.fault.at(planned.file, line.number)
            continue
        try:
            record = _BUILDERS[columns.kind](Row(sheet, line))
        except RefusedError as refused:
            yield refused.at(planned.file, line.number)
            continue
        except ValidationError as fault:
            first = fault.errors()[0]
            yield Refusal(planned.file, line.number, ".".join(map(str, first["loc"])), first["msg"])
            continue
        except Exception as fault:
            yield unforeseen(fault, planned.file, line.number)
            continue
        found += [Found(made, origin) for made in batch.pending]
        batch.pending.clear()
        batch.directory.add(record)
        found.append(Found(record, origin))
    yield from _settle_superiors(found, batch, notes)
    yield from (Note(planned.file, text) for text in notes.texts)


def _learn_descriptions(sheet: Sheet) -> None:
    for line in sheet.table.rows:
        row = Row(sheet, line)
        table, name, description = row.text("table"), row.text("field"), row.text("description")
        if table and name and description:
            sheet.batch.descriptions[normalise_name(table), normalise_name(name)] = description


def _settle_superiors(found: list[Found], batch: Batch, notes: Notes) -> Iterator[Found]:
    """Contacts report to a name or an id; both become the id, once all contacts of the table are known."""
    for one in found:
        record: Record = one.record
        if isinstance(record, Contact) and record.reports_to:
            superior = batch.directory.contact(record.account_id, record.reports_to)
            if superior is None:
                notes.say(f"“{record.reports_to}”, to whom “{record.name}” reports, is no contact of that account")
            settled = record.model_copy(update={"reports_to": superior if superior != record.id else None})
            batch.directory.add(settled)
            yield Found(settled, one.origin)
        else:
            yield one
