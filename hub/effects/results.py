"""What came of sending an effect, recorded under the lease: a worker whose lease is over records nothing."""

from core.domain.audit import AuditEntry
from core.domain.effects import DeliveryStatus, Effect, EffectStatus, Receipt
from db.outbox import Lease
from hub.effects.groups import HUB, after_confirmed, end_group, hold_effect, note, undo_latest
from hub.effects.validity import EXPIRED, UNREADABLE, InvalidEffectError
from hub.installation import Platform

CONFIRMED_EVENT = "effect.confirmed"
_GOING = (EffectStatus.APPROVED, EffectStatus.SENT)


def record_sent(platform: Platform, lease: Lease, receipt: Receipt) -> bool:
    """The system has accepted it; False when the lease is over and somebody else goes on."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.SENT, now=now, receipt=receipt):
            return False
        unit.effects.move(lease.tenant, effect.id, EffectStatus.SENT, among=[EffectStatus.APPROVED], at=now)
    return True


def record_confirmed(platform: Platform, lease: Lease, receipt: Receipt) -> None:
    """It was read back as it should be: tell those who want to know, and let its group go on."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.CONFIRMED, now=now):
            return
        unit.effects.move(lease.tenant, effect.id, EffectStatus.CONFIRMED, among=[EffectStatus.SENT], at=now)
        note(unit, effect, "confirmed", actor=HUB, at=now, record=receipt.record_id, kind=receipt.record_kind)
        unit.webhooks.publish(lease.tenant, CONFIRMED_EVENT, effect.id, _told(effect, receipt), at=now)
        after_confirmed(unit, effect, at=now)


def record_undone(platform: Platform, lease: Lease, receipt: Receipt | None) -> None:
    """It was taken back, or was never there; those before it in its group are next."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.CONFIRMED, now=now, receipt=receipt):
            return
        known = [EffectStatus.CONFIRMED, EffectStatus.DEAD]
        unit.effects.move(lease.tenant, effect.id, EffectStatus.COMPENSATED, among=known, at=now, reason=effect.reason)
        note(unit, effect, "compensated", actor=HUB, at=now, written=receipt is not None)
        undo_latest(unit, effect, at=now)


def record_invalid(platform: Platform, lease: Lease, why: InvalidEffectError) -> None:
    """It must not be sent, or can no longer be."""
    if why.code == EXPIRED:
        _record_expired(platform, lease)
    elif why.code == UNREADABLE:
        _record_unreadable(platform, lease, why.detail)
    else:
        record_dead(platform, lease, why.code, why.detail, written=False)


def _record_expired(platform: Platform, lease: Lease) -> None:
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.CANCELLED, now=now, error=EXPIRED):
            return
        known = [EffectStatus.APPROVED]
        unit.effects.move(lease.tenant, effect.id, EffectStatus.EXPIRED, among=known, at=now, reason=EXPIRED)
        note(unit, effect, "expired", actor=HUB, at=now)
        end_group(unit, effect, at=now)


def _record_unreadable(platform: Platform, lease: Lease, detail: str) -> None:
    """Somebody changed the row so that it cannot be loaded: all that can be done is to put it aside."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        if not unit.outbox.settle(lease, DeliveryStatus.DEAD, now=now, error=UNREADABLE, detail=detail):
            return
        unit.effects.move(lease.tenant, lease.effect_id, EffectStatus.DEAD, among=_GOING, at=now, reason=UNREADABLE)
        entry = AuditEntry(actor=HUB, action="effect.dead", subject=lease.effect_id, body={"code": UNREADABLE})
        unit.audit.append(lease.tenant, entry, at=now)


def record_dead(platform: Platform, lease: Lease, code: str, detail: str, *, written: bool) -> None:
    """It is given up: a person must look at it. What it may have `written` within a group is taken back."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.DEAD, now=now, error=code, detail=detail):
            return
        note(unit, effect, "dead", actor=HUB, at=now, code=code, detail=detail, undo=lease.undo)
        if lease.undo:
            return
        unit.effects.move(lease.tenant, effect.id, EffectStatus.DEAD, among=_GOING, at=now, reason=code)
        if effect.group is not None and written:
            unit.outbox.put(lease.tenant, effect.id, undo=True, at=now)
        end_group(unit, effect, at=now)


def _told(effect: Effect, receipt: Receipt) -> dict[str, str]:
    return {
        "effect": effect.id,
        "operation": effect.payload.operation.value,
        "system": effect.system.value,
        "account": effect.account_id,
        "record_kind": receipt.record_kind,
        "record_id": receipt.record_id,
    }
