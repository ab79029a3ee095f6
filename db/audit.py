"""The audit log: appended to in the transaction of what it records, and never changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, Row, Text, func, insert, select, type_coerce, update

from core.audit_chain import GENESIS, Head, Line, canonical, hash_of, is_sealed, moment_of, sealed
from core.domain.audit import AuditEntry, AuditRecord
from core.errors import SetupError
from db.hub_tables import audit_heads, audit_log
from db.writing import ensure_tenant, insert_new

AuditRecords: TypeAlias = list[AuditRecord]

_PAGE = 2000


class Audit:
    """Repository of the audit log, which is chained with `key` (any bytes; empty for a log that anybody can forge)."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def append(self, tenant: str, entry: AuditEntry, *, at: datetime) -> AuditRecord:
        """Put an entry on record, numbered after the newest one, if this transaction is committed.

        Appending waits for other transactions that append for the tenant. Raises SetupError when the log's head was not
        written with this key: what is appended now could not be told from what was forged.
        """
        head = self._locked_head(tenant)
        if not is_sealed(self._key, head):
            raise SetupError(
                f"the audit log of “{tenant}” was written with another key, or its head was changed",
                field="SALESHUB_AUDIT_KEY",
                remedy="Give every process the key the log was begun with; `saleshub audit verify` says what is wrong.",
            )
        body = canonical(to_jsonable_python(entry.body))
        seq, actor, subject = head.seq + 1, entry.actor.replace("\0", ""), entry.subject.replace("\0", "")
        unsigned = Line(tenant, seq, moment_of(at), actor, entry.action, subject, body, head.hash)
        line = Line(
            tenant, seq, unsigned.at, actor, entry.action, subject, body, head.hash, hash_of(self._key, unsigned)
        )
        self._connection.execute(insert(audit_log).values({**_columns(line), "at": at}))
        newest = sealed(self._key, tenant, seq, line.hash)
        self._connection.execute(
            update(audit_heads)
            .where(audit_heads.c.tenant == tenant)
            .values(seq=newest.seq, hash=newest.hash, seal=newest.seal)
        )
        return line.record()

    def head(self, tenant: str) -> Head | None:
        """The stored head of the tenant's log; None before its first record."""
        row = self._connection.execute(select(audit_heads).where(audit_heads.c.tenant == tenant)).one_or_none()
        return None if row is None else Head(row.tenant, row.seq, row.hash, row.seal)

    def lines(self, tenant: str, *, since: datetime | None = None) -> Iterator[Line]:
        """The tenant's records as they are stored, in order, a page at a time.

        With `since`, from the first record of that time on.
        """
        table = audit_log
        seq: Any = self._first_since(tenant, since) - 1 if since is not None else None
        query = select(
            table.c.tenant, table.c.seq, self._moment().label("moment"), table.c.actor, table.c.action, table.c.subject,
            table.c.body, table.c.prev, table.c.hash,
        ).where(table.c.tenant == tenant).order_by(table.c.seq).limit(_PAGE)  # fmt: skip
        while True:
            rows = self._connection.execute(query if seq is None else query.where(table.c.seq > seq)).all()
            for row in rows:
                yield Line(
                    row.tenant, row.seq, _read_moment(row.moment), row.actor, row.action, row.subject, row.body,
                    row.prev, row.hash,
                )  # fmt: skip
            if len(rows) < _PAGE:
                return
            seq = rows[-1].seq

    def records(self, tenant: str, *, subject: str | None = None, limit: int = 50) -> AuditRecords:
        """The newest records, of one subject if given, newest first."""
        table = audit_log
        query = select(table).where(table.c.tenant == tenant)
        if subject is not None:
            query = query.where(table.c.subject == subject)
        rows = self._connection.execute(query.order_by(table.c.seq.desc()).limit(limit))
        return [_line(tenant, row).record() for row in rows]

    def genuine(self, tenant: str, subject: str, actions: Sequence[str]) -> AuditRecords:
        """Records of these actions on a subject that were written with our key and not changed since, in order."""
        table = audit_log
        query = select(table).where(table.c.tenant == tenant, table.c.subject == subject, table.c.action.in_(actions))
        lines = [_line(tenant, row) for row in self._connection.execute(query.order_by(table.c.seq))]
        return [line.record() for line in lines if hash_of(self._key, line) == line.hash]

    def _locked_head(self, tenant: str) -> Head:
        table = audit_heads
        query = select(table).where(table.c.tenant == tenant).with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            ensure_tenant(self._connection, tenant)
            first = sealed(self._key, tenant, 0, GENESIS)
            insert_new(self._connection, table, [{"tenant": tenant, "seq": 0, "hash": GENESIS, "seal": first.seal}])
            row = self._connection.execute(query).one()
        return Head(row.tenant, row.seq, row.hash, row.seal)

    def _first_since(self, tenant: str, since: datetime) -> int:
        table = audit_log
        first = self._connection.scalar(
            select(func.min(table.c.seq)).where(table.c.tenant == tenant, table.c.at >= since)
        )
        if first is not None:
            return int(first)
        head = self.head(tenant)
        return 1 if head is None else head.seq + 1

    def _moment(self) -> Any:
        # As text, so that a time nobody can read is one broken record and not the end of the reading.
        if self._connection.dialect.name == "postgresql":
            return func.to_char(func.timezone("UTC", audit_log.c.at), 'YYYY-MM-DD"T"HH24:MI:SS.US')
        return type_coerce(audit_log.c.at, Text)


def _columns(line: Line) -> dict[str, Any]:
    return {
        name: getattr(line, name) for name in ("tenant", "seq", "actor", "action", "subject", "body", "prev", "hash")
    }


def _line(tenant: str, row: Row[Any]) -> Line:
    return Line(tenant, row.seq, moment_of(row.at), row.actor, row.action, row.subject, row.body, row.prev, row.hash)


def _read_moment(stored: object) -> str:
    try:
        return datetime.fromisoformat(f"{stored}+00:00").isoformat(timespec="microseconds")
    except ValueError:
        return str(stored)
