"""Opening the store: made, migrated, shared by processes, or refused with a remedy."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.errors import SetupError
from db import schema
from db.store import Store, open_store
from db.tables import metadata
from tests.databases import Postgres
from tests.processes import in_processes, join
from tests.samples import NOW, account, rep

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'home' / 'saleshub.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh(empty=True) as url:
        yield url


def test_a_database_is_made_on_first_use_and_found_again(empty_url: str) -> None:
    with open_store(empty_url) as store, store.write() as session:
        session.records.upsert("t", [account()], ["crm.csv:2"], at=NOW)
    with open_store(empty_url) as store, store.read() as session:
        assert [found.id for found in session.records.accounts(rep())] == ["a1"]


def test_the_migrations_make_the_tables_the_code_declares(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_names_the_newest_migration() -> None:
    assert ScriptDirectory(str(ROOT / "db" / "migrations")).get_current_head() == schema.HEAD


def test_a_database_at_head_opens_without_loading_the_migration_tool(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'saleshub.sqlite'}"
    with open_store(url):
        pass
    code = f"import sys; from db.store import open_store\nwith open_store({url!r}): print('alembic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_processes_that_start_together_make_one_database(empty_url: str) -> None:
    tenants = [f"tenant-{number}" for number in range(6)]
    in_processes(join, [(empty_url, tenant) for tenant in tenants])
    with open_store(empty_url) as store, store.read() as session:
        assert session.tenants.list() == tenants


def test_a_local_database_survives_a_power_cut_and_keeps_its_references(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert values == ["wal", 2, 1]


def test_a_block_that_fails_leaves_nothing_behind(store: Store) -> None:
    def fail() -> None:
        with store.write() as session:
            session.tenants.ensure("t")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.read() as session:
        assert session.tenants.list() == []


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as before:
        assert before.tenants.list() == []
        with store.write() as session:
            session.tenants.ensure("t")
        assert before.tenants.list() == []
    with store.read() as after:
        assert after.tenants.list() == ["t"]


def test_a_connection_in_use_at_the_end_is_closed_when_it_is_handed_back(store_url: str) -> None:
    with open_store(store_url) as store:
        used = store.engine.connect()
    driver = used.connection.driver_connection
    assert driver is not None
    driver.cursor().close()
    used.close()
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError)):
        driver.cursor()


def test_a_database_of_a_newer_release_is_refused(store: Store, store_url: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="9999, newer than this release") as caught, open_store(store_url):
        pass
    assert caught.value.field == ("home" if store_url.startswith("sqlite") else "DATABASE_URL")


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="--home") as caught, open_store(f"sqlite:///{tmp_path}/file/saleshub.sqlite"):
        pass
    assert caught.value.field == "home"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saleshub.sqlite").write_text("Dear customer, " * 1000)
    with pytest.raises(SetupError, match="not a database"), open_store(f"sqlite:///{tmp_path}/saleshub.sqlite"):
        pass


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://user:secret@/hub?host={tmp_path}"
    with pytest.raises(SetupError, match="DATABASE_URL: postgresql") as caught, open_store(url):
        pass
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://user@host/hub", "sqlite://", "sqlite:///:memory:"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"), open_store(url):
        pass
