"""Statements over many rows, and inserts that are safe to repeat, on both databases."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_
from sqlalchemy.dialects import postgresql, sqlite

from db.tables import tenants

T = TypeVar("T")

# Rows a statement: SQLite takes at most 32,766 values in one.
BATCH = 500


def insert(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict_*` in the words of the connected database."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose keys are free; leave the others as they are."""
    if rows:
        connection.execute(insert(connection, table).on_conflict_do_nothing(), list(rows))


def insert_or_replace(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows; where the primary key is taken, overwrite the other columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = insert(connection, table)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows))


def ensure_tenant(connection: Connection, tenant: str) -> None:
    """Create the tenant unless it exists."""
    insert_new(connection, tenants, [{"id": tenant, "name": tenant, "created_at": datetime.now(UTC)}])


def among(column: ColumnElement[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether the column is one of `ids`, which are in order.

    The range is implied, but lets a PostgreSQL without statistics skip most rows before it compares with each id.
    """
    return and_(column >= ids[0], column <= ids[-1], column.in_(ids))


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """The items in runs of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
