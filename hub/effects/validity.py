"""The last look before something is sent: what is about to be written is what was approved, by those who must."""

from core.audit_chain import moment_of
from core.domain.effects import Effect, EffectStatus, SeatStatus, Verdict, digest_of_payload
from core.errors import HubError
from db.outbox import Lease
from db.store import Session
from hub.effects.groups import HUB
from hub.installation import Platform

PROPOSED, APPROVED, DEAD = "effect.proposed", "effect.approved", "effect.dead"
_ENDED = ("effect.rejected", "effect.withdrawn", "effect.expired")
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
        problem = _fault_of(effect, lease) or (_unfounded if lease.undo else _missing)(unit, effect)
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


def _unfounded(unit: Session, effect: Effect) -> str | None:
    """Why it may not be taken back, if so: it is on record that something of its group ended before it was done."""
    tenant, group = effect.proposed_by.tenant, effect.group
    members = unit.effects.group(tenant, group) if group is not None else []
    for member in members:
        records = unit.audit.genuine(tenant, member.id, (PROPOSED, DEAD, *_ENDED))
        belongs = any(record.action == PROPOSED and record.body.get("group") == group for record in records)
        if belongs and any(record.action != PROPOSED for record in records):
            return None
    return "nothing of its group failed"


def _missing(unit: Session, effect: Effect) -> str | None:  # noqa: PLR0911
    """Why it may not be sent, if so: it is on record what policy said and who agreed, and the rows say the same.

    Rows can be changed by whoever reaches the database; the records cannot, without the key of the audit log.
    """
    tenant = effect.proposed_by.tenant
    records = unit.audit.genuine(tenant, effect.id, (PROPOSED, APPROVED, *_ENDED))
    if any(record.action in _ENDED for record in records):
        return "it is on record that it ended"
    records = [record for record in records if record.body.get("digest") == effect.digest]
    proposed = next((record for record in records if record.action == PROPOSED), None)
    if proposed is None or proposed.body["verdict"] != effect.route.verdict:
        return "policy’s verdict is not on record"
    if any(record.body.get("shown") != proposed.body.get("shown") for record in records):
        return "who agreed was shown something else than what was proposed"
    if proposed.body.get("expires") != moment_of(effect.expires_at):
        return "the time it was given is not on record"
    seats = unit.effects.seats_with_digests(tenant, effect.id)
    if any(digest != effect.digest for _seat, digest in seats):
        return "an approval is about another payload"
    given = {seat.id: (seat.role, seat.decided_by) for seat, _digest in seats if seat.status is SeatStatus.APPROVED}
    agreed = {one.body["seat"]: (one.body["role"], one.actor) for one in records if one.action == APPROVED}
    if given != agreed or {seat: role for seat, (role, _by) in given.items()} != proposed.body.get("seats"):
        return "not every approval was given and is on record"
    people = {by for _role, by in given.values()}
    if len(people) != len(given) or people & (_asked_by(unit, effect) | {proposed.actor}):
        return "not by different people, none of whom asked for it"
    return None if given or effect.route.verdict is Verdict.ALLOWED else "nobody approved it"
