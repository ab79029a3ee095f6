"""Effects and the approvals they need. Every change of state is a comparison with what the row still holds."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, update

from core.domain.effects import Change, Effect, EffectFacts, EffectStatus, Route, Seat, SeatStatus
from core.domain.payloads import PAYLOAD
from core.errors import ConflictError, NotFoundError
from core.identity import Caller
from db.documents import to_json
from db.effect_tables import approvals, effects, outbox
from db.rights import account_visible, visible
from db.writing import ensure_tenant, insert

EffectList: TypeAlias = list[Effect]
Seats: TypeAlias = list[Seat]
SeatsAbout: TypeAlias = list[tuple[Seat, str]]
Names: TypeAlias = list[tuple[str, str]]

log = structlog.get_logger()

_PREVIEW = TypeAdapter(tuple[Change, ...])


class Effects:
    """Repository of effects and their approvals.

    A caller sees an effect while its account, and what it tells of other records, is visible to them.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        tenant: str,
        effect: Effect,
        request_key: str,
        seats: Sequence[Seat],
        *,
        request_digest: str | None = None,
    ) -> tuple[Effect, bool]:
        """Record the effect with its seats; the effect that holds the request key, and whether it is this one.

        Safe from many processes at once. Raises ConflictError when the key was used for another payload.
        """
        ensure_tenant(self._connection, tenant)
        row = {**_row(tenant, effect), "request_key": request_key, "request_digest": request_digest}
        statement = insert(self._connection, effects).on_conflict_do_nothing(index_elements=["tenant", "request_key"])
        self._connection.execute(statement, row)
        held = self.under_key(tenant, request_key, effect.digest, request_digest)
        assert held is not None  # noqa: S101
        created = held.id == effect.id
        if created and seats:
            rows = [{"tenant": tenant, "digest": effect.digest, **seat.model_dump(mode="python")} for seat in seats]
            self._connection.execute(insert(self._connection, approvals), rows)
        return held, created

    def under_key(self, tenant: str, request_key: str, digest: str, request_digest: str | None = None) -> Effect | None:
        """The effect that holds a request key, if any; ConflictError when neither payload nor request are the same."""
        query = select(effects).where(effects.c.tenant == tenant, effects.c.request_key == request_key)
        held = self._connection.execute(query).one_or_none()
        repeated = held is not None and request_digest is not None and held.request_digest == request_digest
        if held is not None and held.digest != digest and not repeated:
            raise ConflictError(
                "was already used for another effect", field="request_key", remedy="Use a new key for a new effect."
            )
        return None if held is None else effect_of(held)

    def asked_for(self, caller: Caller, request_key: str, request_digest: str) -> Effect | None:
        """The effect that this request made when it came before, if the caller may see it.

        Raises ConflictError when the key was used for another request.
        """
        query = select(effects).where(effect_visible(caller), effects.c.request_key == request_key)
        held = self._connection.execute(query).one_or_none()
        if held is not None and held.request_digest != request_digest:
            raise ConflictError(
                "was already used for another request",
                field="Idempotency-Key",
                remedy="Use a new key for a new request.",
            )
        return None if held is None else effect_of(held)

    def get(self, caller: Caller, effect_id: str) -> Effect | None:
        """The effect, when there is one and the caller may see it."""
        query = select(effects).where(effect_visible(caller), effects.c.id == effect_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else effect_of(row)

    def load(self, tenant: str, effect_id: str) -> Effect:
        """An effect whoever may see it, for the hub's own work; NotFoundError when there is none."""
        row = self._connection.execute(select(effects).where(*_one(tenant, effect_id))).one_or_none()
        if row is None:
            raise NotFoundError(f"no effect “{effect_id}”", field="effect_id", remedy="List the effects.")
        return effect_of(row)

    def list(
        self,
        caller: Caller,
        *,
        status: EffectStatus | None = None,
        account_id: str | None = None,
        run_id: str | None = None,
        limit: int = 50,
    ) -> EffectList:
        """The newest effects the caller may see, newest first, narrowed where asked; without those nobody can read."""
        query = select(effects).where(effect_visible(caller))
        if status is not None:
            query = query.where(effects.c.status == status.value)
        if account_id is not None:
            query = query.where(effects.c.account_id == account_id)
        if run_id is not None:
            query = query.where(effects.c.run_id == run_id)
        rows = self._connection.execute(query.order_by(effects.c.created_at.desc(), effects.c.id).limit(limit))
        return list(readable(rows))

    def lock(self, tenant: str, effect_id: str, group: str | None) -> None:
        """Hold the effect, and all of its group, until the transaction ends, so that nobody decides beside us.

        Read what is held after this: another transaction may have changed it before it let go.
        """
        which = effects.c.id == effect_id if group is None else effects.c.group_id == group
        query = select(effects.c.id).where(effects.c.tenant == tenant, which)
        # In one order everywhere, so that two that want the same group wait instead of locking crosswise.
        self._connection.execute(query.order_by(effects.c.position, effects.c.id).with_for_update(key_share=True)).all()

    def group(self, tenant: str, group: str) -> EffectList:
        """All effects of a group, in the order in which they run."""
        query = select(effects).where(effects.c.tenant == tenant, effects.c.group_id == group)
        return self._all(query.order_by(effects.c.position, effects.c.id))

    def overdue(self, now: datetime, limit: int = 200) -> Names:
        """Tenant and id of effects whose time is over before anything of them was put in the outbox."""
        queued = select(outbox.c.effect_id).where(
            outbox.c.tenant == effects.c.tenant, outbox.c.effect_id == effects.c.id
        )
        waiting = effects.c.status.in_([EffectStatus.PROPOSED.value, EffectStatus.APPROVED.value])
        query = select(effects.c.tenant, effects.c.id).where(waiting, effects.c.expires_at <= now, ~queued.exists())
        rows = self._connection.execute(query.order_by(effects.c.expires_at, effects.c.id).limit(limit))
        return [(row.tenant, row.id) for row in rows]

    def move(
        self,
        tenant: str,
        effect_id: str,
        status: EffectStatus,
        *,
        among: Sequence[EffectStatus],
        at: datetime,
        reason: str | None = None,
    ) -> bool:
        """Set the status of an effect that still has one `among` those; whether this call did it."""
        known = effects.c.status.in_([one.value for one in among])
        changes = {"status": status.value, "reason": reason, "ended_at": at if status.is_over else None}
        return self._changed(update(effects).where(*_one(tenant, effect_id), known).values(changes))

    def seats(self, tenant: str, effect_id: str) -> Seats:
        """The approvals an effect needs, in their order."""
        return [seat for seat, _digest in self.seats_with_digests(tenant, effect_id)]

    def seats_with_digests(self, tenant: str, effect_id: str) -> SeatsAbout:
        """Each approval, and the digest of the payload that it is about."""
        query = select(approvals).where(approvals.c.tenant == tenant, approvals.c.effect_id == effect_id)
        rows = self._connection.execute(query.order_by(approvals.c.position, approvals.c.role, approvals.c.id))
        return [(_seat(row), row.digest) for row in rows]

    def fill(
        self, tenant: str, seat_id: str, status: SeatStatus, *, digest: str, by: str, comment: str, at: datetime
    ) -> bool:
        """Fill a seat that is open and about this digest; whether this call did it."""
        open_seat = (
            approvals.c.tenant == tenant,
            approvals.c.id == seat_id,
            approvals.c.status == SeatStatus.OPEN.value,
            approvals.c.digest == digest,
        )
        changes = {"status": status.value, "decided_by": by, "decided_at": at, "comment": comment}
        return self._changed(update(approvals).where(*open_seat).values(changes))

    def void_seats(self, tenant: str, effect_id: str) -> None:
        """Close the seats of an effect that nobody has filled."""
        of_effect = (approvals.c.tenant == tenant, approvals.c.effect_id == effect_id)
        open_seats = update(approvals).where(*of_effect, approvals.c.status == SeatStatus.OPEN.value)
        self._connection.execute(open_seats.values(status=SeatStatus.VOID.value))

    def count(self, tenant: str) -> dict[EffectStatus, int]:
        """How many effects of a tenant have each status."""
        query = select(effects.c.status, func.count().label("number")).where(effects.c.tenant == tenant)
        rows = self._connection.execute(query.group_by(effects.c.status))
        return {EffectStatus(row.status): row.number for row in rows}

    def _all(self, query: Select[Any]) -> EffectList:
        return [effect_of(row) for row in self._connection.execute(query)]

    def _changed(self, statement: Any) -> bool:
        return self._connection.execute(statement).rowcount == 1


def effect_visible(caller: Caller) -> ColumnElement[bool]:
    """Effects that the caller may see."""
    return and_(account_visible(caller, effects), visible(caller, effects))


def _one(tenant: str, effect_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return effects.c.tenant == tenant, effects.c.id == effect_id


def _row(tenant: str, effect: Effect) -> dict[str, Any]:
    preview = [change.model_dump(mode="json") for change in effect.preview]
    return {
        "tenant": tenant,
        "id": effect.id,
        "system": effect.system.value,
        "operation": effect.payload.operation.value,
        "account_id": effect.account_id,
        "region": effect.region,
        "audience": effect.audience,
        "payload": to_json(effect.payload),
        "digest": effect.digest,
        "risk": effect.risk.value,
        "facts": to_json(effect.facts),
        "preview": json.dumps(preview, ensure_ascii=False, separators=(",", ":")),
        "route": to_json(effect.route),
        "proposer": effect.proposed_by.user,
        "proposed_by": to_json(effect.proposed_by),
        "origin": effect.origin,
        "run_id": effect.run_id,
        "group_id": effect.group,
        "position": effect.position,
        "status": effect.status.value,
        "reason": effect.reason,
        "created_at": effect.created_at,
        "expires_at": effect.expires_at,
        "ended_at": effect.ended_at,
    }


def effect_of(row: Row[Any]) -> Effect:
    """The effect in a row of the table; ConflictError when the row was changed so that it cannot be read."""
    try:
        return Effect(
            id=row.id,
            system=row.system,
            payload=PAYLOAD.validate_json(row.payload),
            digest=row.digest,
            risk=row.risk,
            facts=EffectFacts.model_validate_json(row.facts),
            preview=_PREVIEW.validate_json(row.preview),
            route=Route.model_validate_json(row.route),
            account_id=row.account_id,
            region=row.region,
            audience=row.audience,
            proposed_by=Caller.model_validate_json(row.proposed_by),
            origin=row.origin,
            run_id=row.run_id,
            group=row.group_id,
            position=row.position,
            status=row.status,
            reason=row.reason,
            created_at=row.created_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
        )
    except ValidationError as error:
        raise ConflictError(
            f"other-payload: what effect “{row.id}” would write was changed and cannot be read",
            field="effect_id",
            remedy="Find out who changed the database, then propose it anew.",
        ) from error


def readable(rows: Iterable[Row[Any]]) -> Iterator[Effect]:
    """The effects in rows of the table; one that was changed so that it cannot be read hides no other."""
    for row in rows:
        try:
            yield effect_of(row)
        except ConflictError:
            log.exception("effect_unreadable", tenant=row.tenant, effect=row.id)


def _seat(row: Row[Any]) -> Seat:
    return Seat.model_validate({name: getattr(row, name) for name in Seat.model_fields})
