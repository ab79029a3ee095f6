"""How effects end without having been sent, and how those that were given up are tried again."""

from datetime import datetime

import structlog

from core.domain.effects import Delivery, DeliveryStatus, Effect, EffectStatus
from core.errors import ConflictError, ForbiddenError, HubError
from core.identity import Caller
from core.policy.permissions import Action, may
from db.store import Session
from hub.effects.decisions import refusal, seen_effect
from hub.effects.groups import HUB, end_group, hold_effect, note, stop_unsent
from hub.installation import Platform

log = structlog.get_logger()

_WAITING = (EffectStatus.PROPOSED, EffectStatus.APPROVED)


def withdraw_effect(platform: Platform, caller: Caller, effect_id: str, *, reason: str = "") -> Effect:
    """Take a proposal back before any of it was sent; for its proposer, or an admin."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        seen_effect(unit, caller, effect_id)
        effect = hold_effect(unit, caller.tenant, effect_id)
        if caller.user != effect.proposed_by.user and not may(caller, Action.WITHDRAW_FOR_OTHERS):
            raise refusal(ForbiddenError, "wrong-role", "only its proposer takes it back", "Reject it instead.")
        if not stop_unsent(unit, effect, at=now, reason=reason or "withdrawn"):
            raise refusal(ConflictError, "already-sent", f"it is {effect.status}", "Nothing is left to withdraw.")
        note(unit, effect, "withdrawn", actor=caller.user, at=now, reason=reason)
        end_group(unit, effect, at=now)
        return unit.effects.load(caller.tenant, effect_id)


def retry_effect(platform: Platform, caller: Caller, effect_id: str) -> Effect:
    """Make what was given up of an effect due again; for managers and admins.

    Raises ForbiddenError (`wrong-role`) and ConflictError (`not-dead`, `expired`, `group-ended`).
    """
    now = platform.clock.now()
    with platform.store.write() as unit:
        seen_effect(unit, caller, effect_id)
        effect = hold_effect(unit, caller.tenant, effect_id)
        if not may(caller, Action.RETRY_EFFECT):
            raise refusal(ForbiddenError, "wrong-role", "managers try again", "Ask your manager.")
        dead = {
            one.undo: one
            for one in unit.outbox.of_effect(caller.tenant, effect_id)
            if one.status is DeliveryStatus.DEAD
        }
        if True in dead:
            unit.outbox.retry(caller.tenant, effect_id, undo=True, at=now)
        elif False in dead:
            _retry_sending(unit, effect, dead[False], now)
        else:
            raise refusal(ConflictError, "not-dead", "nothing of it was given up", "Wait until it was sent.")
        note(unit, effect, "retried", actor=caller.user, at=now, undo=True in dead)
        return unit.effects.load(caller.tenant, effect_id)


def _retry_sending(unit: Session, effect: Effect, delivery: Delivery, now: datetime) -> None:
    if effect.group is not None:
        raise refusal(ConflictError, "group-ended", "the rest of its group was undone", "Propose a new group.")
    if delivery.receipt is None and now >= effect.expires_at:
        raise refusal(ConflictError, "expired", "its approval is too old", "Propose it anew.")
    tenant = effect.proposed_by.tenant
    unit.outbox.retry(tenant, effect.id, undo=False, at=now)
    status = EffectStatus.APPROVED if delivery.receipt is None else EffectStatus.SENT
    unit.effects.move(tenant, effect.id, status, among=[EffectStatus.DEAD], at=now)


def expire_effects(platform: Platform) -> int:
    """End what was not approved and on its way in time; how many."""
    now = platform.clock.now()
    with platform.store.read() as unit:
        overdue = unit.effects.overdue(now)
    ended = 0
    for tenant, effect_id in overdue:
        try:
            ended += _expire(platform, tenant, effect_id, now)
        except HubError:
            # Somebody changed its row: that must not keep the others alive.
            log.exception("effect_not_expired", effect=effect_id)
    return ended


def _expire(platform: Platform, tenant: str, effect_id: str, now: datetime) -> bool:
    with platform.store.write() as unit:
        effect = hold_effect(unit, tenant, effect_id)
        if effect.status not in _WAITING or unit.outbox.of_effect(tenant, effect_id):
            return False
        unit.effects.move(tenant, effect_id, EffectStatus.EXPIRED, among=_WAITING, at=now, reason="expired")
        unit.effects.void_seats(tenant, effect_id)
        note(unit, effect, "expired", actor=HUB, at=now)
        end_group(unit, effect, at=now)
    return True
