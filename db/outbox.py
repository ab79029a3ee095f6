"""The outbox: what is to be written to outside systems, leased to one worker at a time.

A lease has a number that grows with each lease of the row. What a worker brings back is taken only under the number it
was given and while its time is not over, so a worker that was stopped and woke up late changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from core.domain.base import System
from core.domain.effects import Delivery, DeliveryStatus, Effect, Receipt
from core.identity import Caller
from db.effect_tables import effects, outbox
from db.effects import effect_visible, readable
from db.writing import insert_new

Leases: TypeAlias = list["Lease"]
Deliveries: TypeAlias = list[Delivery]
DeadLetters: TypeAlias = list[tuple[Effect, Delivery]]

_GOING = (DeliveryStatus.WAITING.value, DeliveryStatus.SENT.value)
_OF_EFFECT = and_(effects.c.tenant == outbox.c.tenant, effects.c.id == outbox.c.effect_id)


@dataclass(frozen=True, slots=True)
class Lease:
    """One row of the outbox, for one worker and until a time. `attempts` counts this one too."""

    tenant: str
    effect_id: str
    undo: bool
    number: int
    attempts: int
    until: datetime
    queued_at: datetime
    receipt: Receipt | None


class Outbox:
    """Repository of the outbox."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, tenant: str, effect_id: str, *, undo: bool = False, at: datetime) -> None:
        """Queue an effect, or its undoing, once."""
        row = {"tenant": tenant, "effect_id": effect_id, "undo": undo, "status": DeliveryStatus.WAITING.value}
        insert_new(self._connection, outbox, [{**row, "attempts": 0, "due_at": at, "lease": 0, "created_at": at}])

    def claim(self, system: System, worker: str, *, now: datetime, until: datetime, limit: int) -> Leases:
        """Lease the rows of a system that are due and leased to nobody, oldest first."""
        query = select(outbox).join(effects, _OF_EFFECT).where(effects.c.system == system.value, *_due(now))
        query = query.order_by(outbox.c.due_at, outbox.c.tenant, outbox.c.effect_id).limit(limit)
        leases = []
        for row in self._connection.execute(query.with_for_update(skip_locked=True, of=outbox)).all():
            lease = _lease(row, until)
            changes = {"lease": lease.number, "attempts": lease.attempts, "leased_by": worker, "leased_until": until}
            statement = update(outbox).where(*_row_of(lease.tenant, lease.effect_id, undo=lease.undo))
            self._connection.execute(statement.values(changes))
            leases.append(lease)
        return leases

    def settle(
        self,
        lease: Lease,
        status: DeliveryStatus,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        due_at: datetime | None = None,
        error: str | None = None,
        detail: str | None = None,
    ) -> bool:
        """Record what came of a leased row; False, and nothing is recorded, when the lease is over.

        With `due_at` it is given back to be tried again then. A row that was sent goes on under the same lease.
        """
        held = (outbox.c.lease == lease.number, outbox.c.leased_until > now, outbox.c.status.in_(_GOING))
        changes: dict[str, Any] = {"status": status.value, "error": error, "error_detail": detail}
        if receipt is not None:
            changes["receipt"] = receipt.model_dump_json()
        if due_at is not None:
            changes["due_at"] = due_at
        if due_at is not None or status.is_over:
            changes |= {"leased_by": None, "leased_until": None}
        if status.is_over:
            changes["done_at"] = now
        mine = _row_of(lease.tenant, lease.effect_id, undo=lease.undo)
        return self._connection.execute(update(outbox).where(*mine, *held).values(changes)).rowcount == 1

    def cancel_untouched(self, tenant: str, effect_id: str, *, at: datetime) -> bool:
        """Take an effect out again that no worker ever had in its hands; whether this call did it."""
        untouched = (outbox.c.lease == 0, outbox.c.status == DeliveryStatus.WAITING.value)
        statement = update(outbox).where(*_row_of(tenant, effect_id, undo=False), *untouched)
        changes = {"status": DeliveryStatus.CANCELLED.value, "done_at": at}
        return self._connection.execute(statement.values(changes)).rowcount == 1

    def retry(self, tenant: str, effect_id: str, *, undo: bool, at: datetime) -> bool:
        """Make a dead row due again, with its attempts and its age counted anew; whether it was dead."""
        dead = (*_row_of(tenant, effect_id, undo=undo), outbox.c.status == DeliveryStatus.DEAD.value)
        changes = {"status": DeliveryStatus.WAITING.value, "attempts": 0, "due_at": at, "created_at": at}
        cleared: dict[str, Any] = {"done_at": None, "error": None, "error_detail": None}
        return self._connection.execute(update(outbox).where(*dead).values(changes | cleared)).rowcount == 1

    def release(self, worker: str) -> int:
        """Free the rows leased to a worker that is known to be gone; how many."""
        statement = update(outbox).where(outbox.c.leased_by == worker, outbox.c.status.in_(_GOING))
        return self._connection.execute(statement.values(leased_by=None, leased_until=None)).rowcount

    def of_effect(self, tenant: str, effect_id: str) -> Deliveries:
        """The sending of an effect, and its undoing, where there are such."""
        query = select(outbox).where(outbox.c.tenant == tenant, outbox.c.effect_id == effect_id)
        return [_delivery(row) for row in self._connection.execute(query.order_by(outbox.c.undo))]

    def dead_letters(self, caller: Caller, limit: int = 50) -> DeadLetters:
        """What was given up of effects that the caller may see and that can be read, latest first."""
        query = select(outbox).join(effects, _OF_EFFECT)
        query = query.where(effect_visible(caller), outbox.c.status == DeliveryStatus.DEAD.value)
        query = query.order_by(outbox.c.done_at.desc(), outbox.c.effect_id, outbox.c.undo).limit(limit)
        rows = self._connection.execute(query).all()
        theirs = select(effects).where(
            effects.c.tenant == caller.tenant, effects.c.id.in_([row.effect_id for row in rows])
        )
        known = {effect.id: effect for effect in readable(self._connection.execute(theirs))}
        return [(known[row.effect_id], _delivery(row)) for row in rows if row.effect_id in known]

    def count(self) -> dict[str, int]:
        """How many rows there are in each status, of all tenants."""
        query = select(outbox.c.status, func.count()).group_by(outbox.c.status)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def is_due(self, systems: Sequence[System], now: datetime) -> bool:
        """Whether a row of one of the systems is due and free."""
        query = select(outbox.c.effect_id).join(effects, _OF_EFFECT).where(*_due(now))
        query = query.where(effects.c.system.in_([system.value for system in systems])).limit(1)
        return self._connection.execute(query).first() is not None


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    return outbox.c.status.in_(_GOING), outbox.c.due_at <= now, free


def _row_of(tenant: str, effect_id: str, *, undo: bool) -> tuple[ColumnElement[bool], ...]:
    return outbox.c.tenant == tenant, outbox.c.effect_id == effect_id, outbox.c.undo == undo


def _receipt(row: Row[Any]) -> Receipt | None:
    return None if row.receipt is None else Receipt.model_validate_json(row.receipt)


def _lease(row: Row[Any], until: datetime) -> Lease:
    return Lease(
        tenant=row.tenant,
        effect_id=row.effect_id,
        undo=row.undo,
        number=row.lease + 1,
        attempts=row.attempts + 1,
        until=until,
        queued_at=row.created_at,
        receipt=_receipt(row),
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        effect_id=row.effect_id,
        undo=row.undo,
        status=row.status,
        attempts=row.attempts,
        due_at=row.due_at,
        leased_by=row.leased_by,
        error=row.error,
        error_detail=row.error_detail,
        receipt=_receipt(row),
    )
