"""Webhooks in: the keys that sources sign with, and the events that were taken in."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from core.domain.webhooks import EventIn, Outcome, ReceivedEvent, WebhookKey
from db.webhook_tables import webhook_events, webhook_keys
from db.writing import ensure_tenant, insert, insert_new

Keys: TypeAlias = list[WebhookKey]
OfTenants: TypeAlias = list[tuple[str, WebhookKey]]
Events: TypeAlias = list[ReceivedEvent]


class WebhookIntake:
    """Repository of keys and received events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_key(self, tenant: str, key: WebhookKey) -> None:
        """Keep a new key."""
        ensure_tenant(self._connection, tenant)
        insert_new(self._connection, webhook_keys, [{**key.model_dump(), "tenant": tenant}])

    def keys(self, tenant: str) -> Keys:
        """All keys of the tenant, retired ones included, oldest first."""
        table = webhook_keys
        query = select(table).where(table.c.tenant == tenant).order_by(table.c.created_at, table.c.id)
        return [_key(row) for row in self._connection.execute(query)]

    def valid_keys(self, source: str, now: datetime) -> OfTenants:
        """The keys with which `source` may sign now, each with the tenant it speaks to."""
        table = webhook_keys
        valid = or_(table.c.retires_at.is_(None), table.c.retires_at > now)
        query = select(table).where(table.c.source == source, valid).order_by(table.c.tenant, table.c.id)
        return [(row.tenant, _key(row)) for row in self._connection.execute(query)]

    def retire_key(self, tenant: str, key_id: str, at: datetime) -> bool:
        """End a key's validity at `at`, unless it ends earlier; whether there is such a key."""
        table = webhook_keys
        which = (table.c.tenant == tenant, table.c.id == key_id)
        if self._connection.execute(select(table.c.id).where(*which)).one_or_none() is None:
            return False
        later = or_(table.c.retires_at.is_(None), table.c.retires_at > at)
        self._connection.execute(update(table).where(*which, later).values(retires_at=at))
        return True

    def add(self, tenant: str, event: ReceivedEvent) -> ReceivedEvent | None:
        """Keep the event unless its source sent one under the same id before: then the one held is returned.

        Of two transactions that add the same event at once, the second waits for the first.
        """
        table = webhook_events
        row = {**event.model_dump(mode="python"), "outcome": event.outcome.value, "tenant": tenant}
        statement = insert(self._connection, table).on_conflict_do_nothing().returning(table.c.id)
        added = self._connection.scalar(statement, row)
        return None if added is not None else self.get(tenant, event.source, event.id)

    def conclude(self, tenant: str, event: ReceivedEvent, outcome: Outcome, detail: str | None) -> None:
        """Note what became of an event."""
        table = webhook_events
        which = (table.c.tenant == tenant, table.c.source == event.source, table.c.id == event.id)
        self._connection.execute(update(table).where(*which).values(outcome=outcome.value, detail=detail))

    def claim_refused(self, tenant: str, event: ReceivedEvent) -> bool:
        """Take a refused event for another attempt in this transaction; False when it is no longer refused."""
        table = webhook_events
        which = (table.c.tenant == tenant, table.c.source == event.source, table.c.id == event.id)
        refused = table.c.outcome == Outcome.REFUSED.value
        statement = update(table).where(*which, refused).values(outcome=Outcome.DONE.value)
        return self._connection.execute(statement).rowcount == 1

    def get(self, tenant: str, source: str, event_id: str) -> ReceivedEvent | None:
        """The event of a source, if it was taken in."""
        table = webhook_events
        which = (table.c.tenant == tenant, table.c.source == source, table.c.id == event_id)
        row = self._connection.execute(select(table).where(*which)).one_or_none()
        return None if row is None else _event(row)

    def with_id(self, tenant: str, event_id: str) -> Events:
        """The events with an id, one a source."""
        table = webhook_events
        query = select(table).where(table.c.tenant == tenant, table.c.id == event_id).order_by(table.c.source)
        return [_event(row) for row in self._connection.execute(query)]

    def events(self, tenant: str, outcome: Outcome | None = None, limit: int = 100) -> Events:
        """The tenant's newest events, newest first."""
        table = webhook_events
        query = select(table).where(table.c.tenant == tenant)
        if outcome is not None:
            query = query.where(table.c.outcome == outcome.value)
        query = query.order_by(table.c.received_at.desc(), table.c.id).limit(limit)
        return [_event(row) for row in self._connection.execute(query)]

    def after(self, tenant: str, type_: EventIn, subject: str, occurred_at: datetime, event_id: str) -> Events:
        """Accepted events about the subject that happened after the one named; equal times are ordered by id.

        Until this transaction ends, no other gets past this for the same subject, so that none is missed.
        """
        if self._connection.dialect.name == "postgresql":
            lock = func.hashtextextended(f"{tenant}\x1f{type_}\x1f{subject}", 0)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))
        table = webhook_events
        later = or_(table.c.occurred_at > occurred_at, and_(table.c.occurred_at == occurred_at, table.c.id > event_id))
        query = select(table).where(
            table.c.tenant == tenant,
            table.c.type == type_.value,
            table.c.subject == subject,
            table.c.outcome != Outcome.REFUSED.value,
            later,
        )
        return [_event(row) for row in self._connection.execute(query)]


def _key(row: Row[Any]) -> WebhookKey:
    return WebhookKey(**{name: getattr(row, name) for name in WebhookKey.model_fields})


def _event(row: Row[Any]) -> ReceivedEvent:
    return ReceivedEvent(**{name: getattr(row, name) for name in ReceivedEvent.model_fields})
