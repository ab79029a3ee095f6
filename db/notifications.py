"""Notifications: what people are told, until they read it here. Nothing is mailed."""

import json
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, or_, select

from core.domain.contracts import Department
from core.domain.notifications import Notification
from core.identity import Caller
from db.rights import account_visible
from db.visit_tables import notifications, visit_requests
from db.writing import insert_new

Inbox: TypeAlias = list[Notification]


class Notifications:
    """Repository of notifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(
        self,
        tenant: str,
        run_id: str,
        id_: str,
        kind: str,
        department: Department,
        *,
        recipient: str | None = None,
        body: dict[str, Any],
        at: datetime,
    ) -> None:
        """Tell one user, or everybody of the department; the same id tells once."""
        row = {
            "tenant": tenant,
            "id": id_,
            "run_id": run_id,
            "department": department.value,
            "kind": kind,
            "recipient": recipient,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            "created_at": at,
        }
        insert_new(self._connection, notifications, [row])

    def inbox(self, caller: Caller, limit: int = 100) -> Inbox:
        """The newest notifications to the caller or to one of their departments, newest first."""
        table, run = notifications, visit_requests
        departments = [department.value for department in Department if department.value in caller.roles]
        query = (
            select(table)
            .join(run, (run.c.tenant == table.c.tenant) & (run.c.run_id == table.c.run_id))
            .where(account_visible(caller, run))
            .where(
                or_(
                    table.c.recipient == caller.user,
                    table.c.recipient.is_(None) & table.c.department.in_(departments),
                )
            )
            .order_by(table.c.created_at.desc(), table.c.id)
            .limit(limit)
        )
        return [
            Notification(
                id=row.id,
                run_id=row.run_id,
                department=row.department,
                kind=row.kind,
                recipient=row.recipient,
                body=json.loads(row.body),
                at=row.created_at,
            )
            for row in self._connection.execute(query)
        ]
