"""Deleting what nobody needs any more: always a few rows, so that nobody waits for the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select, tuple_, update

from core.domain.effects import DeliveryStatus
from core.domain.webhooks import DeliveryStatus as WebhookStatus
from db.checkpoints import delete_old_checkpoints
from db.effect_tables import outbox
from db.visit_tables import run_events, visit_requests
from db.webhook_tables import webhook_deliveries


class Retention:
    """Deletes traces of what ended before a time. Results, decisions and the audit log are no traces."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def delete_run_events(self, before: datetime, limit: int) -> int:
        """Delete the progress of up to `limit` runs that ended before a time; how many steps went."""
        keys = (visit_requests.c.tenant, visit_requests.c.run_id)
        has_events = (
            select(run_events.c.seq)
            .where(run_events.c.tenant == keys[0], run_events.c.run_id == keys[1])
            .correlate(visit_requests)
            .exists()
        )
        ended = select(*keys).where(visit_requests.c.finished_at < before, has_events).limit(limit)
        found = [tuple(row) for row in self._connection.execute(ended)]
        if not found:
            return 0
        theirs = tuple_(run_events.c.tenant, run_events.c.run_id).in_(found)
        return self._connection.execute(delete(run_events).where(theirs)).rowcount

    def delete_webhook_traces(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` deliveries of events that arrived before a time; how many."""
        table = webhook_deliveries
        found = self._old(
            table, (table.c.tenant, table.c.id), table.c.status == WebhookStatus.DONE.value, before, limit
        )
        if not found:
            return 0
        return self._connection.execute(delete(table).where(tuple_(table.c.tenant, table.c.id).in_(found))).rowcount

    def delete_checkpoints(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` states of conversations that were left before a time; what was said stays."""
        return delete_old_checkpoints(self._connection, before, limit)

    def clear_outbox(self, before: datetime, limit: int) -> int:
        """Delete what was said about the errors of up to `limit` writes that were done before a time; how many."""
        table = outbox
        done = and_(table.c.status == DeliveryStatus.CONFIRMED.value, table.c.error_detail.is_not(None))
        keys = (table.c.tenant, table.c.effect_id, table.c.undo)
        found = self._old(table, keys, done, before, limit)
        if not found:
            return 0
        cleared = update(table).where(tuple_(*keys).in_(found)).values(error_detail=None)
        return self._connection.execute(cleared).rowcount

    def _old(
        self, table: Table, keys: tuple[Any, ...], done: ColumnElement[bool], before: datetime, limit: int
    ) -> list[tuple[Any, ...]]:
        query = select(*keys).where(done, table.c.done_at < before).limit(limit)
        return [tuple(row) for row in self._connection.execute(query)]
