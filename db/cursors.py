"""How far the changes of each system were read."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from db.hub_tables import change_cursors
from db.writing import ensure_tenant, insert_new


class Cursors:
    """Repository of change cursors."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, tenant: str, system: str) -> str | None:
        """Where to go on reading the changes of a system; None before the first time."""
        table = change_cursors
        query = select(table.c.cursor).where(table.c.tenant == tenant, table.c.system == system)
        found: str | None = self._connection.scalar(query)
        return found

    def advance(self, tenant: str, system: str, before: str | None, cursor: str, at: datetime) -> bool:
        """Move the cursor on from `before`; False, and nothing, when somebody else moved it meanwhile."""
        table = change_cursors
        if before is None:
            ensure_tenant(self._connection, tenant)
            row = {"tenant": tenant, "system": system, "cursor": "", "read_at": at}
            insert_new(self._connection, table, [row])
        which = (table.c.tenant == tenant, table.c.system == system, table.c.cursor == (before or ""))
        moved = self._connection.execute(update(table).where(*which).values(cursor=cursor, read_at=at))
        return moved.rowcount == 1
