"""Deadlines: set, cancelled, and claimed by exactly one worker."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select, update

from core.domain.deadlines import Deadline, DeadlineKind, DeadlineStatus
from db.hub_tables import deadlines
from db.writing import insert

DeadlineList: TypeAlias = list[Deadline]
Due: TypeAlias = list[tuple[str, Deadline]]


class Deadlines:
    """Repository of deadlines. One that has acted stays as it is for good."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, tenant: str, id_: str, kind: DeadlineKind, subject: str, due_at: datetime) -> None:
        """Have something happen at `due_at`; a deadline with this id that has not acted is moved there."""
        table = deadlines
        row = {
            "tenant": tenant,
            "id": id_,
            "kind": kind.value,
            "subject": subject,
            "due_at": due_at,
            "status": DeadlineStatus.OPEN.value,
        }
        statement = insert(self._connection, table)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant", "id"],
                set_={"due_at": statement.excluded.due_at, "status": statement.excluded.status},
                where=table.c.status != DeadlineStatus.ACTED.value,
            ),
            row,
        )

    def cancel(self, tenant: str, subject: str) -> int:
        """Call off what is set for a subject and has not acted; how many deadlines that were."""
        table = deadlines
        statement = update(table).where(
            table.c.tenant == tenant, table.c.subject == subject, table.c.status == DeadlineStatus.OPEN.value
        )
        return self._connection.execute(statement.values(status=DeadlineStatus.CANCELLED.value)).rowcount

    def of(self, tenant: str, subject: str) -> DeadlineList:
        """All deadlines of a subject, whatever became of them, by due time."""
        table = deadlines
        query = select(table).where(table.c.tenant == tenant, table.c.subject == subject)
        return [_deadline(row) for row in self._connection.execute(query.order_by(table.c.due_at, table.c.id))]

    def due(self, now: datetime, limit: int) -> Due:
        """Tenant and deadline of what is due at `now` in every company, the earliest first."""
        table = deadlines
        query = select(table).where(table.c.status == DeadlineStatus.OPEN.value, table.c.due_at <= now)
        query = query.order_by(table.c.due_at, table.c.tenant, table.c.id).limit(limit)
        return [(row.tenant, _deadline(row)) for row in self._connection.execute(query)]

    def claim(self, tenant: str, id_: str, now: datetime) -> bool:
        """Take a deadline that is due; True for exactly one caller, who acts in this same transaction."""
        table = deadlines
        statement = update(table).where(
            table.c.tenant == tenant,
            table.c.id == id_,
            table.c.status == DeadlineStatus.OPEN.value,
            table.c.due_at <= now,
        )
        acted = {"status": DeadlineStatus.ACTED.value, "acted_at": now}
        return self._connection.execute(statement.values(acted)).rowcount == 1


def _deadline(row: Row[Any]) -> Deadline:
    return Deadline(**{name: getattr(row, name) for name in Deadline.model_fields})
