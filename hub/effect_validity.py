"""The last look before something is sent: what is about to be written is what was approved, by those who must."""

from core.domain.effects import Effect, EffectStatus, Seat, SeatStatus, Verdict, digest_of_payload
from core.errors import HubError
from db.outbox import Lease
from db.store import Session
from hub.effect_groups import HUB
from hub.installation import Platform

UNAPPROVED, EXPIRED, UNREADABLE = "unapproved", "expired", "unreadable"
_SENDABLE = (EffectStatus.APPROVED, EffectStatus.SENT)
_UNDOABLE = (EffectStatus.CONFIRMED, EffectStatus.DEAD)


class InvalidEffectError(Exception):
    """What is leased must not be sent; `code` is `unapproved`, `expired` or `unreadable`."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def valid_effect(platform: Platform, lease: Lease) -> Effect:
    """The effect of a lease when it may be sent, or undone, now; InvalidEffectError otherwise."""
    with platform.store.read() as unit:
        try:
            effect = unit.effects.load(lease.tenant, lease.effect_id)
        except HubError as error:
            raise InvalidEffectError(UNREADABLE, str(error)) from error
        seats = unit.effects.seats_with_digests(lease.tenant, lease.effect_id)
        asked = _asked_by(unit, effect)
    problem = _fault_of(effect, lease) or (None if lease.undo else _missing(effect, seats, asked))
    if problem is not None:
        raise InvalidEffectError(UNAPPROVED, problem)
    # Once a worker had it, it may have been written: then it is finished.
    if not lease.undo and lease.number == 1 and platform.clock.now() >= effect.expires_at:
        raise InvalidEffectError(EXPIRED)
    return effect


def _asked_by(unit: Session, effect: Effect) -> set[str]:
    if effect.run_id is None:
        return {HUB, effect.proposed_by.user}
    run = unit.visits.load(effect.proposed_by.tenant, effect.run_id)
    return {HUB, effect.proposed_by.user, run.requester.user}


def _fault_of(effect: Effect, lease: Lease) -> str | None:
    payload = effect.payload
    if digest_of_payload(payload) != effect.digest:
        return "the payload is not the one that was recorded"
    if (payload.system, payload.account_id) != (effect.system, effect.account_id):
        return "the payload is for another system or account"
    if effect.status not in (_UNDOABLE if lease.undo else _SENDABLE):
        return f"the effect is {effect.status}"
    return None


def _missing(effect: Effect, seats: list[tuple[Seat, str]], asked: set[str]) -> str | None:
    """Why the approvals do not allow this effect, if they do not."""
    if effect.route.verdict is Verdict.ALLOWED and not effect.route.steps:
        return None
    if effect.route.verdict is not Verdict.NEEDS_APPROVAL or not effect.route.steps:
        return "policy does not allow it"
    if any(digest != effect.digest for _seat, digest in seats):
        return "an approval is about another payload"
    given = [seat for seat, _digest in seats if seat.status is SeatStatus.APPROVED]
    people = {seat.decided_by for seat in given}
    if len(given) != len(seats) or len(people) != len(given) or people & {None, *asked}:
        return "not every approval was given, or not by different people"
    for step in effect.route.steps:
        if sum((seat.position, seat.role) == (step.position, step.role) for seat in given) != step.quorum:
            return f"{step.quorum} approvals by {step.role} are needed"
    return None
