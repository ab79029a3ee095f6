"""Doors tried as their users would, on a real home with the demo company."""

import io
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pytest
from filelock import FileLock
from sqlalchemy.schema import CreateTable

from cli.main import run
from core.settings import Settings
from db.tables import metadata
from demo.company import write_demo_company
from hub.importing import import_files
from hub.inbound.preparing import prepare_inbound
from hub.platform import open_platform

TENANT = "demo"


@pytest.fixture(scope="session")
def imported_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo company, made once for all test processes; copy it before writing."""
    # The folder outlives a run of the tests: one made with other tables, or on another day, is of no use.
    today = datetime.now(UTC).date()
    tables = sha256("".join(str(CreateTable(table)) for table in metadata.sorted_tables).encode()).hexdigest()[:12]
    shared = tmp_path_factory.getbasetemp().parent / f"demo-company-{today}-{tables}"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            making = shared.with_name(f"{shared.name}-making")
            shutil.rmtree(making, ignore_errors=True)
            exports = making / "exports"
            exports.mkdir(parents=True)
            write_demo_company(exports, today=today)
            with open_platform(Settings(home=making / "home")) as platform:
                report = import_files(platform, [exports], tenant=TENANT)
                # Else every server on a copy would begin with them.
                while prepare_inbound(platform, "fixture"):
                    pass
            assert report.refused == []
            (making / "home").rename(shared)
    return shared


@pytest.fixture
def home(imported_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo company's home, to write in."""
    copy = tmp_path / "home"
    shutil.copytree(imported_home, copy)
    return copy


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Cli(Protocol):
    """Runs `saleshub` on a home."""

    def __call__(self, *words: str | Path, home: Path, stdin: str = "", **settings: str) -> Done: ...


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs `saleshub` as its console script does, in an empty folder and without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("SALESHUB_", "OPENAI_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)

    def run_here(*words: str | Path, home: Path, stdin: str = "", **settings: str) -> Done:
        for name, value in {"SALESHUB_HOME": str(home), **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capfd.readouterr()
        code = run([str(word) for word in words])
        printed = capfd.readouterr()
        return Done(code, printed.out, printed.err)

    return run_here
