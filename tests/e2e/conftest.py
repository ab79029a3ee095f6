"""Doors tried as their users would: real processes, a real home with the demo company."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from core.settings import Settings
from demo.company import write_demo_company
from hub.importing import import_files
from hub.platform import open_platform

ROOT = Path(__file__).resolve().parents[2]
TENANT = "demo"

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def imported_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo company, made once for all test processes; copy it before writing."""
    shared = tmp_path_factory.getbasetemp().parent / "demo-company"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            making = shared.with_name("demo-company-making")
            shutil.rmtree(making, ignore_errors=True)
            exports = making / "exports"
            exports.mkdir(parents=True)
            write_demo_company(exports, today=datetime.now(UTC).date())
            with open_platform(Settings(home=making / "home")) as platform:
                report = import_files(platform, [exports], tenant=TENANT)
            assert report.refused == []
            (making / "home").rename(shared)
    return shared


@pytest.fixture
def home(imported_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo company's home, to write in."""
    copy = tmp_path / "home"
    shutil.copytree(imported_home, copy)
    return copy


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Runs `saleshub` in a process of its own, in an empty folder, without settings from outside."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SALESHUB_", "OPENAI_"))}
    clean.pop("DATABASE_URL", None)

    def run(*words: str | Path, home: Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *map(str, words)],
            cwd=tmp_path,
            env=clean | {"SALESHUB_HOME": str(home), "PYTHONPATH": str(ROOT)} | extra,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run
