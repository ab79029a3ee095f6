"""Doors tried as their users would, on a real home with the demo company."""

import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from cli.main import run

TENANT = "demo"


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
