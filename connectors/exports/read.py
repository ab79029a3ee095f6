"""Reads whatever files a company exports into typed records."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TypeVar

from connectors.exports.batch import Batch
from connectors.exports.contracts import looks_contractual, read_contract
from connectors.exports.dates import DateRange
from connectors.exports.decoding import read_text
from connectors.exports.directory import Directory
from connectors.exports.headings import Mapping
from connectors.exports.interchange import read_interchange
from connectors.exports.mails import read_mails
from connectors.exports.market_notes import read_market_notes
from connectors.exports.outcome import FileStarted, Found, Note, Origin, Outcome, Refusal, RefusedError, unforeseen
from connectors.exports.table_files import PlannedTable, plan_tables, read_table
from connectors.exports.transcripts import looks_spoken, read_transcript
from connectors.exports.walking import SourceFile, find_files
from core.domain.base import Record

T = TypeVar("T")

ACCEPTED = "CSV, TSV, XLSX, PDF, DOCX, TXT, MBOX, EML, VTT, SRT, MD, JSONL and ZIP"
_TABLES = {".csv", ".tsv", ".xlsx", ".xlsm"}
_MAILS = {".mbox", ".eml"}
_LINES = {".jsonl", ".ndjson"}
_MARKDOWN = {".md", ".markdown"}
_DOCUMENTS = {".pdf", ".docx"}
_SPEECH = {".vtt", ".srt"}
_REMEDIES = {
    ".xls": "save it as XLSX or CSV",
    ".xlsb": "save it as XLSX or CSV",
    ".doc": "save it as DOCX or PDF",
    ".msg": "save it as EML",
    ".pst": "export it as MBOX",
    ".json": "write one JSON object a line (JSONL)",
}
_MARKET = re.compile(r"competit|market|竞品|竞争|对手|市场|动态", re.IGNORECASE)
_CONTRACTS = re.compile(r"contract|agreement|合同|协议", re.IGNORECASE)


def read_exports(
    paths: Sequence[Path], directory: Directory, *, mapping: Mapping | None = None, today: date
) -> Iterator[Outcome]:
    """Everything that can be read below `paths`, what others refer to first, and what was refused.

    `directory` holds who is known already and learns from what is read. Dates beyond fifteen years after `today` are
    not believed. Two rows with one id but different content: the first counts, the second is refused.
    """
    batch = Batch(directory, DateRange.around(today), mapping)
    with ExitStack() as stack:
        yield from _once_each(_read_all(paths, batch, stack))


def _read_all(paths: Sequence[Path], batch: Batch, stack: ExitStack) -> Iterator[Outcome]:
    tables: list[PlannedTable] = []
    others: list[SourceFile] = []
    for found in find_files(paths, stack):
        if not isinstance(found, SourceFile):
            yield found
        elif found.suffix in _TABLES:
            for planned in _unbroken(plan_tables(found.path, found.shown, batch), found.shown):
                if isinstance(planned, Refusal):
                    yield planned
                else:
                    tables.append(planned)
        else:
            others.append(found)
    tables.sort(key=lambda planned: planned.rank)
    total = len(tables) + len(others)
    for index, planned in enumerate(tables):
        yield FileStarted(planned.file, index, total)
        yield from _unbroken(read_table(planned, batch), planned.file)
    for index, source in enumerate(others, start=len(tables)):
        yield FileStarted(source.shown, index, total)
        yield from _unbroken(_read_other(source, batch), source.shown)


def _unbroken(outcomes: Iterator[T], file: str) -> Iterator[T | Refusal]:
    """The outcomes of a file; a failure nobody provided for ends this file, never the import."""
    try:
        yield from outcomes
    except Exception as fault:
        yield unforeseen(fault, file)


def _read_other(source: SourceFile, batch: Batch) -> Iterator[Outcome]:
    """A file that is no table."""
    if source.suffix in _LINES:
        yield from read_interchange(source.path, source.shown, batch)
    elif source.suffix in _MAILS:
        yield from read_mails(source.path, source.shown, batch)
    else:
        try:
            yield from _read_document(source, batch)
        except RefusedError as refused:
            yield refused.at(source.shown)


def _read_document(source: SourceFile, batch: Batch) -> Iterator[Outcome]:
    """A file that is one record, or competitor notes. Raises RefusedError for the whole file."""
    origin = Origin(source.shown)
    if source.suffix in _DOCUMENTS:
        yield Found(read_contract(source.path, source.shown, batch), origin)
    elif source.suffix in _SPEECH:
        yield Found(read_transcript(source.path, source.shown, read_text(source.path), batch), origin)
    elif source.suffix == ".txt":
        text = read_text(source.path)
        if looks_contractual(text) or (_CONTRACTS.search(source.shown) and not looks_spoken(text)):
            yield Found(read_contract(source.path, source.shown, batch), origin)
        else:
            yield Found(read_transcript(source.path, source.shown, text, batch), origin)
    elif source.suffix in _MARKDOWN:
        if not _MARKET.search(source.shown):
            raise RefusedError(
                "file",
                "Markdown is read as competitor notes when its name or folder says so (competitor, market, 竞品)",
            )
        yield from read_market_notes(read_text(source.path), source.shown, batch)
    else:
        remedy = _REMEDIES.get(source.suffix)
        kind = source.suffix or "no ending"
        raise RefusedError("file", f"{kind} is not read{f': {remedy}' if remedy else ''}; accepted are {ACCEPTED}")


def _once_each(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Drops rows that repeat an earlier one word for word; refuses those that contradict it."""
    seen: dict[tuple[str, str], tuple[Record, Origin]] = {}
    repeated: dict[str, int] = {}
    for outcome in outcomes:
        if not isinstance(outcome, Found):
            yield outcome
            continue
        record, origin = outcome.record, outcome.origin
        first, before = seen.setdefault((record.kind, record.id), (record, origin))
        if first is record:
            yield outcome
        elif first == record:
            repeated[origin.file] = repeated.get(origin.file, 0) + 1
        else:
            place = before.file + (f" row {before.row}" if before.row is not None else "")
            yield Refusal(
                origin.file, origin.row, "id", f"“{record.id}” was already read from {place}, with other content"
            )
    for file, number in repeated.items():
        yield Note(file, f"{number} rows repeat earlier ones and count once")
