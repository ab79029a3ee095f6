"""Where conversations stand: the graph's own state between two messages."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, select, tuple_

from core.ports.checkpoints import StoredCheckpoint, StoredWrite
from db.chat_tables import checkpoint_writes, checkpoints
from db.engine import reading, writing
from db.writing import ensure_tenant, insert_new, insert_or_replace

Found: TypeAlias = list[StoredCheckpoint]

_KEYS = (checkpoint_writes.c.thread_id, checkpoint_writes.c.namespace, checkpoint_writes.c.checkpoint_id)


class StoredCheckpoints:
    """`core.ports.checkpoints.CheckpointStore` of one tenant, with one transaction a call."""

    def __init__(self, engine: Engine, tenant: str) -> None:
        self._engine = engine
        self._tenant = tenant

    def save(self, checkpoint: StoredCheckpoint) -> None:
        """See `CheckpointStore.save`."""
        row = {**asdict(checkpoint), "tenant": self._tenant}
        del row["writes"]
        with writing(self._engine) as connection:
            ensure_tenant(connection, self._tenant)
            insert_or_replace(connection, checkpoints, [row])

    def save_writes(
        self, thread_id: str, namespace: str, checkpoint_id: str, writes: Sequence[StoredWrite], *, replace: bool
    ) -> None:
        """See `CheckpointStore.save_writes`."""
        place = {
            "tenant": self._tenant,
            "thread_id": thread_id,
            "namespace": namespace,
            "checkpoint_id": checkpoint_id,
        }
        rows = [{**place, **asdict(write)} for write in writes]
        with writing(self._engine) as connection:
            ensure_tenant(connection, self._tenant)
            (insert_or_replace if replace else insert_new)(connection, checkpoint_writes, rows)

    def find(self, thread_id: str, namespace: str, checkpoint_id: str | None) -> StoredCheckpoint | None:
        """See `CheckpointStore.find`."""
        found = self._select(thread_id, namespace, checkpoint_id=checkpoint_id, before=None, limit=1)
        return found[0] if found else None

    def list(
        self, thread_id: str | None, namespace: str | None, *, checkpoint_id: str | None, before: str | None
    ) -> Found:
        """See `CheckpointStore.list`."""
        return self._select(thread_id, namespace, checkpoint_id=checkpoint_id, before=before, limit=None)

    def delete(self, thread_id: str) -> None:
        """See `CheckpointStore.delete`."""
        with writing(self._engine) as connection:
            delete_checkpoints(connection, self._tenant, thread_id)

    def delete_of_runs(self, run_ids: Sequence[str]) -> None:
        """See `CheckpointStore.delete_of_runs`."""
        table = checkpoints
        theirs = and_(table.c.tenant == self._tenant, table.c.run_id.in_(run_ids))
        with writing(self._engine) as connection:
            _delete_where(connection, self._tenant, theirs)

    def copy(self, source: str, target: str) -> None:
        """See `CheckpointStore.copy`."""
        with writing(self._engine) as connection:
            for table in (checkpoints, checkpoint_writes):
                mine = select(table).where(table.c.tenant == self._tenant, table.c.thread_id == source)
                rows = [{**row._asdict(), "thread_id": target} for row in connection.execute(mine)]
                insert_or_replace(connection, table, rows)

    def prune(self, thread_id: str, keep: int) -> None:
        """See `CheckpointStore.prune`."""
        table = checkpoints
        mine = and_(table.c.tenant == self._tenant, table.c.thread_id == thread_id)
        query = select(table.c.namespace, table.c.id).where(mine).order_by(table.c.namespace, table.c.id.desc())
        with writing(self._engine) as connection:
            kept: dict[str, int] = {}
            old = []
            for row in connection.execute(query):
                kept[row.namespace] = kept.get(row.namespace, 0) + 1
                if kept[row.namespace] > keep:
                    old.append((row.namespace, row.id))
            if old:
                _delete_where(connection, self._tenant, and_(mine, tuple_(table.c.namespace, table.c.id).in_(old)))

    def _select(
        self,
        thread_id: str | None,
        namespace: str | None,
        *,
        checkpoint_id: str | None,
        before: str | None,
        limit: int | None,
    ) -> Found:
        table = checkpoints
        wanted = {table.c.thread_id: thread_id, table.c.namespace: namespace, table.c.id: checkpoint_id}
        query = select(table).where(table.c.tenant == self._tenant)
        query = query.where(*(column == value for column, value in wanted.items() if value is not None))
        if before is not None:
            query = query.where(table.c.id < before)
        query = query.order_by(table.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            found = [_checkpoint(row) for row in connection.execute(query)]
            writes = _writes_of(connection, self._tenant, found)
        return [replace(each, writes=writes.get((each.thread_id, each.namespace, each.id), ())) for each in found]


def delete_checkpoints(connection: Connection, tenant: str, thread_id: str) -> None:
    """Delete all of a thread, in the transaction of whoever deletes the thread."""
    for table in (checkpoint_writes, checkpoints):
        connection.execute(delete(table).where(table.c.tenant == tenant, table.c.thread_id == thread_id))


def delete_old_checkpoints(connection: Connection, before: datetime, limit: int) -> int:
    """Delete up to `limit` checkpoints made before a time, in any tenant; how many."""
    table = checkpoints
    keys = (table.c.tenant, table.c.thread_id, table.c.namespace, table.c.id)
    old = [tuple(row) for row in connection.execute(select(*keys).where(table.c.created_at < before).limit(limit))]
    if old:
        connection.execute(delete(checkpoint_writes).where(tuple_(checkpoint_writes.c.tenant, *_KEYS).in_(old)))
        connection.execute(delete(table).where(tuple_(*keys).in_(old)))
    return len(old)


def _delete_where(connection: Connection, tenant: str, which: ColumnElement[bool]) -> None:
    table = checkpoints
    keys = select(table.c.thread_id, table.c.namespace, table.c.id).where(which)
    ours = and_(checkpoint_writes.c.tenant == tenant, tuple_(*_KEYS).in_(keys))
    connection.execute(delete(checkpoint_writes).where(ours))
    connection.execute(delete(table).where(which))


def _writes_of(
    connection: Connection, tenant: str, found: Sequence[StoredCheckpoint]
) -> dict[tuple[str, str, str], tuple[StoredWrite, ...]]:
    table = checkpoint_writes
    grouped: dict[tuple[str, str, str], list[StoredWrite]] = {}
    wanted = [(each.thread_id, each.namespace, each.id) for each in found]
    if not wanted:
        return {}
    query = select(table).where(table.c.tenant == tenant, tuple_(*_KEYS).in_(wanted))
    for row in connection.execute(query.order_by(table.c.task_path, table.c.task_id, table.c.position)):
        write = StoredWrite(row.task_id, row.position, row.task_path, row.channel, row.value)
        grouped.setdefault((row.thread_id, row.namespace, row.checkpoint_id), []).append(write)
    return {place: tuple(writes) for place, writes in grouped.items()}


def _checkpoint(row: Row[Any]) -> StoredCheckpoint:
    fields = row._asdict()
    del fields["tenant"]
    return StoredCheckpoint(**fields)
