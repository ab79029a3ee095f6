from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from connectors.exports.directory import Directory
from connectors.exports.headings import Mapping
from connectors.exports.outcome import Found, Note, Refusal, TableRead
from connectors.exports.read import read_exports
from core.domain.accounts import Account
from core.domain.base import Record

TODAY = date(2026, 5, 20)


@dataclass
class Result:
    """Everything one reading yielded."""

    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)

    @property
    def refused(self) -> list[tuple[int | None, str, str]]:
        return [(refusal.row, refusal.field, refusal.reason) for refusal in self.refusals]


Reader = Callable[..., Result]


@pytest.fixture
def acme() -> Account:
    return Account(
        id="A1",
        name="Acme Drives Ltd",
        aliases=("Acme", "艾克美传动"),
        domain="acme-drives.example",
        region="North",
    )


@pytest.fixture
def read(tmp_path: Path, acme: Account) -> Reader:
    """Reads files given by name and content, with Acme known unless other records are given."""

    def _read(
        files: dict[str, str | bytes], known: list[Record] | None = None, mapping: Mapping | None = None
    ) -> Result:
        folder = tmp_path / "exports"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_folder(folder, [acme] if known is None else known, mapping)

    return _read


def read_folder(folder: Path, known: list[Record], mapping: Mapping | None = None) -> Result:
    result = Result()
    for outcome in read_exports([folder], Directory.of(known), mapping=mapping, today=TODAY):
        match outcome:
            case Found(record, _):
                result.records.append(record)
            case Refusal():
                result.refusals.append(outcome)
            case Note(_, text):
                result.notes.append(text)
            case TableRead():
                result.tables.append(outcome)
    return result
