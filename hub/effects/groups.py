"""What the state of one effect means for the others of its group, within the transaction that changes it.

Effects of a group run one after the other: each is put in the outbox when those before it are confirmed. When one ends
otherwise, those after it never run, and those before it are undone, the latest first.
"""

from datetime import datetime

from core.domain.audit import AuditEntry
from core.domain.effects import Effect, EffectStatus, digest_of_preview
from db.store import Session

HUB = "hub"
_ENDED_BADLY = (EffectStatus.REJECTED, EffectStatus.EXPIRED, EffectStatus.WITHDRAWN, EffectStatus.DEAD)
_FAILED = (*_ENDED_BADLY, EffectStatus.COMPENSATED)


def hold_effect(unit: Session, tenant: str, effect_id: str) -> Effect:
    """The effect as it is now, and held with its group until the transaction ends; NotFoundError when there is none."""
    effect = unit.effects.load(tenant, effect_id)
    unit.effects.lock(tenant, effect_id, effect.group)
    return unit.effects.load(tenant, effect_id)


def note(unit: Session, effect: Effect, action: str, *, actor: str, at: datetime, **body: object) -> None:
    """Put on record what happened to an effect."""
    about = {"operation": effect.payload.operation.value, "account": effect.account_id, "digest": effect.digest}
    about["shown"] = digest_of_preview(effect.preview)
    entry = AuditEntry(actor=actor, action=f"effect.{action}", subject=effect.id, body=about | body)
    unit.audit.append(effect.proposed_by.tenant, entry, at=at)


def has_failed(members: list[Effect]) -> bool:
    """Whether one of a group ended in another way than confirmed."""
    return any(member.status in _FAILED for member in members)


def queue_if_ready(unit: Session, effect: Effect, *, at: datetime) -> None:
    """Put an approved effect in the outbox, unless it must wait for others of its group."""
    tenant = effect.proposed_by.tenant
    members = [effect] if effect.group is None else unit.effects.group(tenant, effect.group)
    before = [member for member in members if member.position < effect.position]
    if all(member.status is EffectStatus.CONFIRMED for member in before):
        unit.outbox.put(tenant, effect.id, at=at)


def after_confirmed(unit: Session, effect: Effect, *, at: datetime) -> None:
    """Queue what waited for this effect; undo it when its group has failed meanwhile."""
    if effect.group is None:
        return
    members = unit.effects.group(effect.proposed_by.tenant, effect.group)
    if has_failed(members):
        undo_latest(unit, effect, at=at)
        return
    for member in members:
        if member.status is EffectStatus.APPROVED:
            queue_if_ready(unit, member, at=at)


def end_group(unit: Session, effect: Effect, *, at: datetime) -> None:
    """This effect ended otherwise than confirmed: withdraw the rest of its group, undo what was done of it."""
    if effect.group is None:
        return
    for member in unit.effects.group(effect.proposed_by.tenant, effect.group):
        if member.id != effect.id and stop_unsent(unit, member, at=at, reason=f"{effect.id} of its group ended"):
            note(unit, member, "withdrawn", actor=HUB, at=at, reason=f"{effect.id} of its group ended")
    undo_latest(unit, effect, at=at)


def stop_unsent(unit: Session, effect: Effect, *, at: datetime, reason: str) -> bool:
    """Withdraw an effect that no worker has had in its hands; whether this call did it."""
    tenant = effect.proposed_by.tenant
    if effect.status not in (EffectStatus.PROPOSED, EffectStatus.APPROVED):
        return False
    if unit.outbox.of_effect(tenant, effect.id) and not unit.outbox.cancel_untouched(tenant, effect.id, at=at):
        return False
    unit.effects.void_seats(tenant, effect.id)
    return unit.effects.move(tenant, effect.id, EffectStatus.WITHDRAWN, among=[effect.status], at=at, reason=reason)


def undo_latest(unit: Session, effect: Effect, *, at: datetime) -> None:
    """Queue the undoing of the latest confirmed effects of a failed group, once nothing after them is under way."""
    if effect.group is None:
        return
    tenant = effect.proposed_by.tenant
    members = unit.effects.group(tenant, effect.group)
    deliveries = [delivery for member in members for delivery in unit.outbox.of_effect(tenant, member.id)]
    if any(not delivery.status.is_over for delivery in deliveries):
        return
    confirmed = [member for member in members if member.status is EffectStatus.CONFIRMED]
    for member in confirmed:
        if member.position == confirmed[-1].position:
            unit.outbox.put(tenant, member.id, undo=True, at=at)
