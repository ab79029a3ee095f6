"""Databases of their own for measurements: SQLite in a home, or a PostgreSQL server that ends with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from connectors.tryton.local.postgres import local_postgres

DATABASES = ("sqlite", "postgresql")


@contextmanager
def database_settings(database: str, folder: Path) -> Iterator[dict[str, str]]:
    """Environment variables of an installation on a new database, whose files are in `folder`; empty for SQLite."""
    if database == "sqlite":
        yield {}
        return
    with local_postgres(folder / "postgresql") as server:
        with psycopg.connect(server.uri, autocommit=True) as connection:
            # A process stopped in the middle of a transaction is cut off soon; by default after a minute.
            connection.execute("ALTER SYSTEM SET idle_in_transaction_session_timeout = '2s'")
            connection.execute("SELECT pg_reload_conf()")
        # Processes on one database sign one audit log.
        yield {"DATABASE_URL": server.uri, "SALESHUB_AUDIT_KEY": "be" * 32}
