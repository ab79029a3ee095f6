"""Import of files: read by the connectors, written in one transaction a chunk, reported row by row."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, Field

from connectors.exports.directory import Directory
from connectors.exports.headings import load_mapping
from connectors.exports.outcome import FileStarted, Found, Note, Outcome, Refusal, TableRead
from connectors.exports.read import read_exports
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.interactions import Interaction
from core.domain.market import MarketNote
from core.domain.products import Product
from core.domain.resources import Expert
from core.errors import InvalidInputError
from core.identity import local_owner
from db.store import Session, Store
from hub.inbound.noticing import notice_messages
from hub.installation import Platform
from memory.passages import split_passages

Progress = Callable[[int, int, str], None]

_CHUNK = 2000
_KNOWN = (Account, Product, SalesPerson, Expert, Contact)


class RefusedPart(BaseModel):
    """What was not taken in: a row, a message or, without `row`, a whole file."""

    file: str
    row: int | None
    field: str
    reason: str


class TableMapping(BaseModel):
    """How a table was understood: the field each heading was read as, and the headings that were left out."""

    kind: str
    columns: dict[str, str]
    unmapped: tuple[str, ...] = ()


class FileNote(BaseModel):
    """Something decided while reading that the user may want to overrule."""

    file: str
    text: str


class ImportReport(BaseModel):
    """What an import did; `docs/how-to/import-your-data.md` explains it.

    Counts are by kind of record, interactions by their form. `read` is `written` plus `unchanged`; a dry run counts
    what it would have written.
    """

    dry_run: bool = False
    read: dict[str, int] = Field(default_factory=dict)
    written: dict[str, int] = Field(default_factory=dict)
    unchanged: dict[str, int] = Field(default_factory=dict)
    refused: list[RefusedPart] = Field(default_factory=list)
    mappings: dict[str, TableMapping] = Field(default_factory=dict)
    notes: list[FileNote] = Field(default_factory=list)


def import_files(
    platform: Platform,
    paths: Sequence[Path],
    *,
    tenant: str | None = None,
    mapping_file: Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in what can be read below `paths`; the rest is listed in the report. Safe to repeat.

    `tenant` is created when it is new; None means the only one of the home. `progress` is told how many files are
    done, of how many, and which comes next. Raises InvalidInputError for paths or a mapping file that cannot be used.
    """
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None or not paths:
        raise InvalidInputError(
            f"“{missing}” does not exist" if missing else "no path is given",
            field="PATH",
            remedy="Name files, folders or zip archives.",
        )
    mapping = load_mapping(mapping_file) if mapping_file else None
    with platform.store.read() as session:
        tenant = tenant or session.tenants.only()
        directory = load_directory(session, tenant)
    now = platform.clock.now()
    intake = _Intake(platform.store, tenant, now, platform.settings.inbound_within, dry_run=dry_run)
    total = 0
    for outcome in read_exports(paths, directory, mapping=mapping, today=now.date()):
        if isinstance(outcome, FileStarted):
            total = outcome.total
            if progress:
                progress(outcome.index, total, outcome.file)
        intake.take(outcome)
    report = intake.finish()
    if progress:
        progress(total, total, "")
    return report


def load_directory(session: Session, tenant: str) -> Directory:
    """Everyone and everything of the tenant that files may name."""
    owner = local_owner(tenant)
    return Directory.of(record for kind in _KNOWN for record in session.records.find(owner, kind))


class _UndoneError(Exception):
    """Ends a transaction without its effects."""


@dataclass
class _Intake:
    """Collects what was read, writes it in chunks, and counts."""

    store: Store
    tenant: str
    at: datetime
    notice_within: timedelta
    dry_run: bool
    _waiting: list[Found] = field(default_factory=list)
    _written: Counter[str] = field(default_factory=Counter)
    _unchanged: Counter[str] = field(default_factory=Counter)
    _report: ImportReport = field(default_factory=ImportReport)

    def take(self, outcome: Outcome) -> None:
        """Note what was read, and write when a chunk is full."""
        match outcome:
            case Found():
                self._waiting.append(outcome)
                if len(self._waiting) >= _CHUNK:
                    self._flush()
            case Refusal(file, row, name):
                self._report.refused.append(RefusedPart(file=file, row=row, field=name, reason=outcome.reason))
            case TableRead(file, kind, columns, unmapped):
                self._report.mappings[file] = TableMapping(kind=kind, columns=columns, unmapped=unmapped)
            case Note(file, text):
                self._report.notes.append(FileNote(file=file, text=text))
            case FileStarted():
                pass

    def finish(self) -> ImportReport:
        """Write what is left; the whole report."""
        self._flush()
        written, unchanged = dict(self._written), dict(self._unchanged)
        read = dict(self._written + self._unchanged)
        return self._report.model_copy(
            update={"dry_run": self.dry_run, "read": read, "written": written, "unchanged": unchanged}
        )

    def _flush(self) -> None:
        with suppress(_UndoneError), self.store.write() as session:
            self._write(session)
            self._undo_if_dry()
        self._waiting.clear()

    def _undo_if_dry(self) -> None:
        if self.dry_run:
            raise _UndoneError

    def _write(self, session: Session) -> None:
        session.tenants.ensure(self.tenant)
        by_kind: dict[type[Record], list[Found]] = {}
        for found in self._waiting:
            by_kind.setdefault(type(found.record), []).append(found)
        for kind, group in by_kind.items():
            records = [found.record for found in group]
            origins = [_origin(found) for found in group]
            if kind is Interaction:
                self._write_interactions(session, self._consistent(session, group))
                continue
            written, unchanged = session.records.upsert(self.tenant, records, origins, at=self.at)
            name = counted_as(records[0])
            self._count(name, written, unchanged)

    def _consistent(self, session: Session, group: list[Found]) -> dict[str, tuple[Interaction, str]]:
        """The interactions and origins by id, without those whose id belongs to another interaction: refused."""
        given = {item.id: (item, found) for found in group if isinstance(item := found.record, Interaction)}
        reasons = session.interactions.contradictions(self.tenant, [item for item, _ in given.values()])
        for id_, reason in reasons.items():
            origin = given[id_][1].origin
            said = f"“{id_}” is already an interaction of {reason}: give this one an id of its own"
            self._report.refused.append(RefusedPart(file=origin.file, row=origin.row, field="id", reason=said))
        return {id_: (item, _origin(found)) for id_, (item, found) in given.items() if id_ not in reasons}

    def _write_interactions(self, session: Session, consistent: dict[str, tuple[Interaction, str]]) -> None:
        """The interactions, and the passages of those that are new or changed."""
        received = [item for item, _ in consistent.values()]
        origins = {id_: origin for id_, (_, origin) in consistent.items()}
        ids, _ = session.interactions.upsert(self.tenant, received, origins, at=self.at)
        changed = set(ids)
        passages = {item.id: split_passages(item) for item in received if item.id in changed}
        session.passages.replace_many(self.tenant, passages)
        new = (item for item in received if item.id in changed)
        notice_messages(session, self.tenant, new, self.at, self.notice_within)
        forms = Counter(counted_as(item) for item in received)
        written = Counter(counted_as(item) for item in received if item.id in changed)
        for name, number in forms.items():
            self._count(name, written[name], number - written[name])

    def _count(self, kind: str, written: int, unchanged: int) -> None:
        if written:
            self._written[kind] += written
        if unchanged:
            self._unchanged[kind] += unchanged


def counted_as(record: Record) -> str:
    """The kind a record is counted as: interactions by form; a note of the market is not a note on an account."""
    if isinstance(record, Interaction):
        return record.form.value
    return "market_note" if isinstance(record, MarketNote) else record.kind


def _origin(found: Found) -> str:
    """File and row, as kept with the record."""
    origin = found.origin
    return origin.file if origin.row is None else f"{origin.file}:{origin.row}"
