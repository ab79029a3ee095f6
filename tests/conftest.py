"""Databases, and a home with the demo company, for every test that needs one."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from sqlalchemy.schema import CreateTable

from core.settings import Settings
from db.store import Store, open_store
from db.tables import metadata
from evals.bench.demo_home import imported_demo
from hub.inbound.preparing import prepare_inbound
from hub.platform import open_platform
from tests.databases import Postgres, migrated_url, running_postgres

# How long an example takes says more about the machine than about the code. A change is judged by the same examples
# each time; `--hypothesis-profile=exploring` looks for others.
hypothesis.settings.register_profile("exploring", deadline=None)
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgres(testrun_uid: str, worker_id: str) -> Iterator[Postgres]:
    with running_postgres(testrun_uid, worker_id) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh, migrated database, once on each of the two kinds."""
    if request.param == "sqlite":
        yield migrated_url(f"sqlite:///{tmp_path / 'saleshub.sqlite'}")
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
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An open store on a fresh SQLite file."""
    with open_store(migrated_url(f"sqlite:///{tmp_path / 'saleshub.sqlite'}")) as opened:
        yield opened


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
            with imported_demo() as home:
                shutil.copytree(home, making)
            with open_platform(Settings(home=making)) as platform:
                # Else every server on a copy would begin with them.
                while prepare_inbound(platform, "fixture"):
                    pass
            making.rename(shared)
    return shared
