"""The database's version: at head it costs one query; behind, it is migrated by one process while others wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from core.errors import SetupError
from db.engine import begin_writing, unusable_home

# The newest migration; named here so that opening a database at head need not load Alembic.
HEAD = "0006"

# Any number, as long as it stays: the PostgreSQL lock under which the schema changes.
_LOCK = 5_382_114


def bring_to_head(engine: Engine) -> None:
    """Make or migrate the schema unless it is at head. Raises SetupError when that cannot be done."""
    try:
        if _is_ready(engine):
            return
        with _alone(engine) as connection:
            version = _version(connection)
            if version != HEAD:
                _migrate(connection, version)
    except (DatabaseError, OSError) as error:
        raise _unusable(engine, error) from error


def _is_ready(engine: Engine) -> bool:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite" and connection.scalar(text("PRAGMA journal_mode")) != "wal":
            return False
        return _version(connection) == HEAD


def _version(connection: Connection) -> str | None:
    """The last migration that was run, None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other process migrates beside."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
        return
    # A lock file, since switching the journal is not a transaction and does not wait for others.
    with FileLock(f"{engine.url.database}.lock"), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.commit()
        with connection.begin():
            begin_writing(connection)
            yield connection


def _migrate(connection: Connection, version: str | None) -> None:
    from alembic import command  # noqa: PLC0415 (slow to load, and seldom needed)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise SetupError(
            f"the database is at version {version}, newer than this release knows",
            field="home" if connection.dialect.name == "sqlite" else "DATABASE_URL",
            remedy="Update saleshub, or choose another home or database.",
        )
    command.upgrade(config, "head")


def _unusable(engine: Engine, error: Exception) -> SetupError:
    cause = getattr(error, "orig", None) or error
    if engine.dialect.name == "sqlite":
        return unusable_home(Path(engine.url.database or ""), cause)
    where = engine.url.render_as_string(hide_password=True)
    return SetupError(
        f"{where} cannot be used ({' '.join(str(cause).split())})",
        field="DATABASE_URL",
        remedy="Check that the server runs, the database exists and the user may create tables.",
    )
