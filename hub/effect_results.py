"""What came of sending an effect, recorded under the lease: a worker whose lease is over records nothing."""

from core.domain.effects import DeliveryStatus, Effect, EffectStatus, Receipt
from db.outbox import Lease
from hub.effect_groups import HUB, after_confirmed, end_group, hold_effect, note, undo_latest
from hub.effect_validity import UNAPPROVED
from hub.installation import Platform

CONFIRMED_EVENT = "effect.confirmed"
# With these nothing can have been written, so nothing is to be undone.
_NOT_WRITTEN = (UNAPPROVED, "changed", "unknown", "invalid", "forbidden", "short")


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


def record_expired(platform: Platform, lease: Lease) -> None:
    """Its time was over before it was sent."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.CANCELLED, now=now, error="expired"):
            return
        unit.effects.move(
            lease.tenant, effect.id, EffectStatus.EXPIRED, among=[EffectStatus.APPROVED], at=now, reason="expired"
        )
        note(unit, effect, "expired", actor=HUB, at=now)
        end_group(unit, effect, at=now)


def record_dead(platform: Platform, lease: Lease, code: str, detail: str) -> None:
    """It is given up: a person must look at it. What it may have written within a group is taken back."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        effect = hold_effect(unit, lease.tenant, lease.effect_id)
        if not unit.outbox.settle(lease, DeliveryStatus.DEAD, now=now, error=code, detail=detail):
            return
        note(unit, effect, "dead", actor=HUB, at=now, code=code, detail=detail, undo=lease.undo)
        if lease.undo:
            return
        known = [EffectStatus.APPROVED, EffectStatus.SENT]
        unit.effects.move(lease.tenant, effect.id, EffectStatus.DEAD, among=known, at=now, reason=code)
        if effect.group is not None and code not in _NOT_WRITTEN:
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
