"""Deciding an effect: one person, one seat, once. Each refusal names its rule."""

from datetime import datetime
from typing import TypeVar

from core.domain.effects import Effect, EffectStatus, Seat, SeatStatus, digest_of_payload
from core.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, may
from db.store import Session
from hub.effects.groups import HUB, end_group, hold_effect, note, queue_if_ready
from hub.installation import Platform

E = TypeVar("E", ConflictError, ForbiddenError)


def decide_effect(
    platform: Platform, caller: Caller, effect_id: str, *, approve: bool, reason: str, digest: str | None = None
) -> Effect:
    """Fill the seat that is the caller's turn; the last approval and the place in the outbox are one transaction.

    `digest` is that of the payload the caller was shown. Raises NotFoundError for an effect they may not see, and
    ForbiddenError or ConflictError that names the rule: `self-approval`, `wrong-role`, `not-your-turn`, `second-seat`,
    `already-decided`, `expired`, `other-payload`. Refusals are on record as well.
    """
    if not approve and not reason.strip():
        raise InvalidInputError("a rejection needs a reason", field="reason", remedy="Say why, for the proposer.")
    now = platform.clock.now()
    with platform.store.write() as unit:
        seen_effect(unit, caller, effect_id)
        effect = hold_effect(unit, caller.tenant, effect_id)
        seats = unit.effects.seats(caller.tenant, effect_id)
        seat = _seat_of(unit, caller, effect, seats, digest=digest, now=now)
        if isinstance(seat, Seat):
            _fill(unit, caller, effect, seat, approve=approve, reason=reason, now=now)
        else:
            note(unit, effect, "decision_refused", actor=caller.user, at=now, rule=seat.problem.partition(":")[0])
        decided = unit.effects.load(caller.tenant, effect_id)
    if isinstance(seat, HubError):
        raise seat
    if decided.status is not EffectStatus.PROPOSED:
        # Approved, it is to be sent; rejected, others of its group may be to be undone.
        platform.wake("dispatch")
    return decided


def _seat_of(
    unit: Session, caller: Caller, effect: Effect, seats: list[Seat], *, digest: str | None, now: datetime
) -> Seat | HubError:
    """The seat that the caller fills, or why there is none."""
    stopped = _not_open(effect, digest, now)
    if stopped is not None:
        return stopped
    if caller.user in _barred(unit, effect):
        return refusal(ForbiddenError, "self-approval", "whoever asked for it cannot decide it", "Ask a colleague.")
    if any(seat.decided_by == caller.user for seat in seats):
        return refusal(ForbiddenError, "second-seat", "you have decided it already", "Another person must decide too.")
    waiting = [seat for seat in seats if seat.status is SeatStatus.OPEN]
    mine = [seat for seat in waiting if may_fill(caller, seat)]
    if not mine:
        needed = ", ".join(sorted({seat.role.value for seat in waiting}))
        return refusal(ForbiddenError, "wrong-role", f"it is for {needed} to decide", "Ask one of them.")
    turn = min(seat.position for seat in waiting)
    first = next((seat for seat in mine if seat.position == turn), None)
    return first or refusal(ForbiddenError, "not-your-turn", "others decide before you", "Wait until they have.")


def _not_open(effect: Effect, digest: str | None, now: datetime) -> ConflictError | None:
    """Why nobody decides this effect now, if that is so."""
    late = effect.status is EffectStatus.PROPOSED and now >= effect.expires_at
    if late or effect.status is EffectStatus.EXPIRED:
        return refusal(ConflictError, "expired", "its time for approval is over", "Propose it anew.")
    if effect.status is not EffectStatus.PROPOSED:
        return refusal(ConflictError, "already-decided", f"it is {effect.status}", "Nothing is left to decide.")
    if digest_of_payload(effect.payload) != effect.digest or digest not in (None, effect.digest):
        return refusal(ConflictError, "other-payload", "what it writes is not what you were shown", "Look at it again.")
    return None


def seen_effect(unit: Session, caller: Caller, effect_id: str) -> Effect:
    """The effect; NotFoundError when there is none, or the caller may not know that there is."""
    effect = unit.effects.get(caller, effect_id)
    if effect is None:
        raise NotFoundError(f"no effect “{effect_id}”", field="effect_id", remedy="List the effects.")
    return effect


def may_fill(caller: Caller, seat: Seat) -> bool:
    """Whether the caller has the role of the seat."""
    return seat.role in caller.roles or may(caller, Action.FILL_ANY_SEAT)


def refusal(kind: type[E], rule: str, problem: str, remedy: str) -> E:
    """An error that begins with the stable name of the rule."""
    return kind(f"{rule}: {problem}", field="effect_id", remedy=remedy)


def _barred(unit: Session, effect: Effect) -> set[str]:
    """Those who never decide this effect: its proposer, the hub, and whoever asked for the run that it comes from."""
    barred = {effect.proposed_by.user, HUB}
    if effect.run_id is not None:
        barred.add(unit.visits.load(effect.proposed_by.tenant, effect.run_id).requester.user)
    return barred


def _fill(
    unit: Session, caller: Caller, effect: Effect, seat: Seat, *, approve: bool, reason: str, now: datetime
) -> None:
    tenant = caller.tenant
    status = SeatStatus.APPROVED if approve else SeatStatus.REJECTED
    if not unit.effects.fill(tenant, seat.id, status, digest=effect.digest, by=caller.user, comment=reason, at=now):
        # The seat is held by this transaction, so only a change of the database by hand comes here.
        raise refusal(ConflictError, "other-payload", "its approval is about something else", "Propose it anew.")
    about = {"seat": seat.id, "role": seat.role.value, "rule": seat.rule, "reason": reason}
    note(unit, effect, "approved" if approve else "rejected", actor=caller.user, at=now, **about)
    if not approve:
        unit.effects.move(
            tenant, effect.id, EffectStatus.REJECTED, among=[EffectStatus.PROPOSED], at=now, reason=reason
        )
        unit.effects.void_seats(tenant, effect.id)
        end_group(unit, effect, at=now)
    elif all(other.status is not SeatStatus.OPEN for other in unit.effects.seats(tenant, effect.id)):
        unit.effects.move(tenant, effect.id, EffectStatus.APPROVED, among=[EffectStatus.PROPOSED], at=now)
        queue_if_ready(unit, effect, at=now)
