"""How a database is opened, and how transactions begin on it."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import SetupError

_BUSY_MS = 30_000
_LONGEST_NAME = 63
IDLE_LIMIT = timedelta(seconds=60)
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}


def open_engine(url: str, *, idle_limit: timedelta = IDLE_LIMIT) -> Engine:
    """An engine for the database at `url`; the folder of an SQLite file is made. Raises SetupError.

    PostgreSQL ends a transaction in which nothing was asked for `idle_limit`.
    """
    parsed = _checked(url)
    if parsed.get_backend_name() == "postgresql":
        named = {"application_name": session_name(socket.gethostname(), os.getpid())}
        engine = create_engine(
            parsed, pool_size=8, max_overflow=24, pool_pre_ping=True, hide_parameters=True, connect_args=named
        )
        event.listen(engine, "connect", ending_idle_transactions(idle_limit))
        return engine
    folder = Path(parsed.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable_home(folder, error) from error
    engine = create_engine(parsed, pool_size=8, max_overflow=24, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def close_engine(engine: Engine) -> None:
    """Close the engine's connections; those that a thread still uses are closed as it hands them back."""
    event.listen(engine.pool, "checkin", _close)
    engine.dispose()


def _close(connection: DBAPIConnection | None, _entry: ConnectionPoolEntry) -> None:
    if connection is not None:
        connection.close()


def unusable_home(path: Path, error: Exception) -> SetupError:
    """The local database cannot be made or written."""
    return SetupError(
        f"{path} cannot be used ({error})",
        field="home",
        remedy="Choose a writable folder with --home or SALESHUB_HOME.",
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database throughout."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed when the block ends, and undone when it raises."""
    with engine.connect() as connection, connection.begin():
        begin_writing(connection)
        yield connection


def begin_writing(connection: Connection) -> None:
    """Begin a transaction that will write. On SQLite it takes its turn now: a reader that turns writer may fail."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _checked(url: str) -> URL:
    remedy = "Use postgresql://user:password@host/database, or leave it out for a local file."
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError("is not a database URL", field="DATABASE_URL", remedy=remedy) from error
    driver = _DRIVERS.get(parsed.get_backend_name())
    local = parsed.get_backend_name() == "sqlite"
    if driver is None or (local and parsed.database in (None, "", ":memory:")):
        problem = "must keep its data in a file" if local else f"“{parsed.drivername}” is not supported"
        raise SetupError(problem, field="DATABASE_URL", remedy=remedy)
    return parsed.set(drivername=f"{parsed.get_backend_name()}+{driver}")


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for setting in (f"busy_timeout={_BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def session_name(host: str, pid: int) -> str:
    """How the sessions of a process are named in PostgreSQL, so that others can end those of a dead one."""
    return f"saleshub {pid} {host}"[:_LONGEST_NAME]


def ending_idle_transactions(limit: timedelta) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    """What makes PostgreSQL end transactions idle for longer than `limit`; a shorter limit set there holds.

    A process that was stopped in the middle of a transaction must not keep its locks.
    """
    name, limit_ms = "idle_in_transaction_session_timeout", round(limit.total_seconds() * 1000)

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(
            f"SELECT set_config(name, '{limit_ms}', false) FROM pg_settings"  # noqa: S608 - a number
            f" WHERE name = '{name}' AND setting::bigint NOT BETWEEN 1 AND {limit_ms}"
        )
        cursor.close()
        connection.commit()

    return prepare
