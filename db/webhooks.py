"""Webhooks out: endpoints, and the deliveries that are on their way to them."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from core.domain.webhooks import CloudEvent, Delivery, DeliveryStatus, Endpoint, event_source, outgoing_id
from db.documents import digest_of, to_json
from db.webhook_tables import webhook_deliveries, webhook_endpoints
from db.writing import ensure_tenant, insert_new, insert_or_replace

Endpoints: TypeAlias = list[Endpoint]
Deliveries: TypeAlias = list[Delivery]
Due: TypeAlias = list[tuple[str, Delivery]]


class Webhooks:
    """Repository of endpoints and deliveries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def publish(self, tenant: str, type_: str, subject: str, data: dict[str, Any], *, at: datetime) -> None:
        """Have the event delivered to every active endpoint that wants its type, if this transaction is committed.

        `data` is a JSON object (times and decimals are written out). The same event published again is sent once.
        """
        endpoints = [one for one in self.endpoints(tenant) if one.active and type_ in one.events]
        if not endpoints:
            return
        id_ = outgoing_id(tenant, type_, subject, data)
        event = CloudEvent(id=id_, source=event_source(tenant), type=type_, subject=subject, time=at, data=data)
        body = to_json(event)
        rows = [
            {
                "tenant": tenant,
                "id": f"msg_{digest_of(f'{endpoint.id} {id_}')[:32]}",
                "endpoint_id": endpoint.id,
                "event_id": id_,
                "type": type_,
                "body": body,
                "status": DeliveryStatus.WAITING.value,
                "attempts": 0,
                "due_at": at,
                "lease": 0,
                "created_at": at,
            }
            for endpoint in endpoints
        ]
        insert_new(self._connection, webhook_deliveries, rows)

    def endpoints(self, tenant: str) -> Endpoints:
        """The tenant's endpoints, oldest first."""
        table = webhook_endpoints
        query = select(table).where(table.c.tenant == tenant).order_by(table.c.created_at, table.c.id)
        return [_endpoint(row) for row in self._connection.execute(query)]

    def save_endpoint(self, tenant: str, endpoint: Endpoint) -> None:
        """Add the endpoint, or make the one with its id like it."""
        ensure_tenant(self._connection, tenant)
        row = {**endpoint.model_dump(), "tenant": tenant}
        insert_or_replace(self._connection, webhook_endpoints, [row])

    def stop_endpoint(self, tenant: str, endpoint_id: str, reason: str, at: datetime) -> None:
        """Send the endpoint nothing more; what waits for it is stopped with the reason."""
        table = webhook_endpoints
        which = (table.c.tenant == tenant, table.c.id == endpoint_id)
        self._connection.execute(update(table).where(*which).values(active=False))
        waiting = webhook_deliveries
        self._connection.execute(
            update(waiting)
            .where(waiting.c.tenant == tenant, waiting.c.endpoint_id == endpoint_id)
            .where(waiting.c.status == DeliveryStatus.WAITING.value)
            .values(status=DeliveryStatus.STOPPED.value, error=reason, done_at=at, leased_until=None)
        )

    def deliveries(self, tenant: str, status: DeliveryStatus | None = None, limit: int = 100) -> Deliveries:
        """The tenant's newest deliveries, newest first."""
        table = webhook_deliveries
        query = select(table).where(table.c.tenant == tenant)
        if status is not None:
            query = query.where(table.c.status == status.value)
        query = query.order_by(table.c.created_at.desc(), table.c.id).limit(limit)
        return [_delivery(row) for row in self._connection.execute(query)]

    def has_due(self, now: datetime) -> bool:
        """Whether a delivery waits for somebody to attempt it."""
        return self._connection.execute(select(webhook_deliveries.c.id).where(_ready(now)).limit(1)).first() is not None

    def lease_due(self, now: datetime, until: datetime, limit: int) -> Due:
        """Take up to `limit` deliveries that are due, with their tenants; nobody else gets them before `until`."""
        table = webhook_deliveries
        query = select(table).where(_ready(now)).order_by(table.c.due_at, table.c.id).limit(limit)
        taken: Due = []
        for row in self._connection.execute(query.with_for_update(skip_locked=True)).all():
            lease = row.lease + 1
            which = (table.c.tenant == row.tenant, table.c.id == row.id)
            self._connection.execute(update(table).where(*which).values(lease=lease, leased_until=until))
            taken.append((row.tenant, _delivery(row).model_copy(update={"lease": lease})))
        return taken

    def settle(
        self,
        tenant: str,
        delivery: Delivery,
        status: DeliveryStatus,
        *,
        attempts: int,
        at: datetime,
        due_at: datetime | None = None,
        error: str | None = None,
    ) -> bool:
        """Record how an attempt ended; False, and nothing, when the lease has passed to somebody else."""
        table = webhook_deliveries
        done_at = None if status is DeliveryStatus.WAITING else at
        statement = (
            update(table)
            .where(table.c.tenant == tenant, table.c.id == delivery.id, table.c.lease == delivery.lease)
            .where(table.c.status == DeliveryStatus.WAITING.value)
            .values(
                status=status.value,
                attempts=attempts,
                due_at=due_at or delivery.due_at,
                leased_until=None,
                error=error,
                done_at=done_at,
            )
        )
        return self._connection.execute(statement).rowcount == 1

    def retry(self, tenant: str, delivery_id: str, now: datetime) -> bool:
        """Make a delivery that ended without success due again from its first attempt; whether there was such a one."""
        table = webhook_deliveries
        ended = (DeliveryStatus.DEAD.value, DeliveryStatus.STOPPED.value)
        statement = (
            update(table)
            .where(table.c.tenant == tenant, table.c.id == delivery_id, table.c.status.in_(ended))
            .values(status=DeliveryStatus.WAITING.value, attempts=0, due_at=now, done_at=None)
        )
        return self._connection.execute(statement).rowcount == 1


def _ready(now: datetime) -> ColumnElement[bool]:
    table = webhook_deliveries
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    return and_(table.c.status == DeliveryStatus.WAITING.value, table.c.due_at <= now, free)


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(**{name: getattr(row, name) for name in Endpoint.model_fields})


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.model_fields})
