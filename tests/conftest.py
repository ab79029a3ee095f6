"""Databases for every test that needs one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from db.store import Store, open_store
from tests.databases import Postgres, running_postgres

# How long an example takes says more about the machine than about the code. A change is judged by the same examples
# each time; `--hypothesis-profile=exploring` looks for others.
hypothesis.settings.register_profile("exploring", deadline=None)
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgres(testrun_uid: str, worker_id: str) -> Iterator[Postgres]:
    with running_postgres(testrun_uid, worker_id) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database without a row, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "saleshub.sqlite"
    with open_store(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """URL of a fresh, migrated database, once on each of the two kinds."""
    if request.param == "sqlite":
        path = tmp_path / "saleshub.sqlite"
        shutil.copyfile(migrated_file, path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store on a fresh database, once on each of the two kinds."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_file: Path) -> Iterator[Store]:
    """An open store on a fresh SQLite file."""
    path = tmp_path / "saleshub.sqlite"
    shutil.copyfile(migrated_file, path)
    with open_store(f"sqlite:///{path}") as opened:
        yield opened
