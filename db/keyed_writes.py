"""The sandbox's own storage of what is written to it: keys and records in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, select, update

from core.domain.base import Record
from core.domain.effects import Receipt
from core.identity import local_owner
from core.ports.keyed_writes import Writing
from db.engine import reading, writing
from db.hub_tables import sandbox_keys
from db.records import Records, record_of, row_of
from db.tables import system_records
from db.writing import ensure_tenant, insert, insert_or_replace

R = TypeVar("R", bound=Record)

_NOTHING = ""


class StoredWriting:
    """`core.ports.keyed_writes.Writing` in an open transaction; new records say `origin`, others keep theirs."""

    def __init__(self, connection: Connection, tenant: str, origin: str, at: datetime) -> None:
        self._connection = connection
        self._tenant = tenant
        self._origin = origin
        self._at = at

    def get(self, kind: type[R], record_id: str) -> R | None:
        """The record."""
        return _record(self._connection.execute(_query(self._tenant, kind, record_id)).one_or_none(), kind)

    def hold(self, kind: type[R], record_id: str) -> R | None:
        """The record, locked."""
        return _record(self._held(kind, record_id), kind)

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of the kind, by id."""
        return Records(self._connection).find(local_owner(self._tenant), kind)

    def save(self, record: Record) -> None:
        """Store the record. It does not make its system newer: nothing was read from there."""
        known = self._held(type(record), record.id)
        origin = self._origin if known is None else known.origin
        insert_or_replace(self._connection, system_records, [row_of(self._tenant, record, origin, self._at)])

    def _held(self, kind: type[Record], record_id: str) -> Row[Any] | None:
        query = _query(self._tenant, kind, record_id).with_for_update()
        return self._connection.execute(query).one_or_none()


class StoredKeyedWrites:
    """`core.ports.keyed_writes.KeyedWrites`; the key's row is the lock under which all of this happens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def receipt(self, tenant: str, key: str) -> Receipt | None:
        """What was written under the key."""
        with reading(self._engine) as connection:
            row = connection.execute(select(sandbox_keys).where(*_of(tenant, key))).one_or_none()
            return None if row is None else _receipt(row)

    def record(self, tenant: str, kind: type[R], record_id: str) -> R | None:
        """A record as it is now."""
        with reading(self._engine) as connection:
            return _record(connection.execute(_query(tenant, kind, record_id)).one_or_none(), kind)

    def write_once(self, tenant: str, key: str, write: Callable[[Writing], Record], *, at: datetime) -> Receipt | None:
        """Take the key, or give what it was used for."""
        with writing(self._engine) as connection:
            row = _taken(connection, tenant, key, at)
            if row.record_kind != _NOTHING or row.undone:
                return _receipt(row)
            record = write(StoredWriting(connection, tenant, f"effect:{key}", at))
            changes = {"record_kind": record.kind, "record_id": record.id}
            connection.execute(update(sandbox_keys).where(*_of(tenant, key)).values(changes))
            return Receipt(key=key, record_kind=record.kind, record_id=record.id)

    def undo_once(
        self, tenant: str, key: str, undo: Callable[[Writing, Receipt], None], *, at: datetime
    ) -> Receipt | None:
        """Undo what the key was used for, or take the key so that nobody can use it."""
        with writing(self._engine) as connection:
            row = _taken(connection, tenant, key, at)
            receipt = _receipt(row)
            if receipt is not None and not row.undone:
                undo(StoredWriting(connection, tenant, f"undo:{key}", at), receipt)
            connection.execute(update(sandbox_keys).where(*_of(tenant, key)).values(undone=True))
            return receipt


def _of(tenant: str, key: str) -> tuple[Any, ...]:
    return sandbox_keys.c.tenant == tenant, sandbox_keys.c.key == key


def _query(tenant: str, kind: type[Record], record_id: str) -> Select[Any]:
    table = system_records
    return select(table).where(table.c.tenant == tenant, table.c.kind == kind.kind, table.c.id == record_id)


def _record(row: Row[Any] | None, kind: type[R]) -> R | None:
    return None if row is None else record_of(kind, row.region, row.body)


def _taken(connection: Connection, tenant: str, key: str, at: datetime) -> Row[Any]:
    """The key's row, made where there was none, and held until the transaction ends."""
    ensure_tenant(connection, tenant)
    fresh = {"tenant": tenant, "key": key, "record_kind": _NOTHING, "record_id": _NOTHING, "undone": False, "at": at}
    connection.execute(insert(connection, sandbox_keys).on_conflict_do_nothing(), fresh)
    return connection.execute(select(sandbox_keys).where(*_of(tenant, key)).with_for_update()).one()


def _receipt(row: Row[Any]) -> Receipt | None:
    if row.record_kind == _NOTHING:
        return None
    return Receipt(key=row.key, record_kind=row.record_kind, record_id=row.record_id)
