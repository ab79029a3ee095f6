"""Effects: proposed under policy, decided by people, and what became of them. Sending is `hub.effects.dispatching`."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.audit_chain import moment_of
from core.domain.accounts import Account
from core.domain.audit import AuditEntry
from core.domain.base import Frozen
from core.domain.effects import (
    Delivery,
    Effect,
    EffectFacts,
    EffectStatus,
    Proposal,
    Route,
    Seat,
    Verdict,
    digest_of_payload,
)
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.decision import PolicyError
from core.policy.effects import effect_route
from core.policy.permissions import Action, require
from db.store import Session
from hub.effects.decisions import refusal, seen_effect
from hub.effects.groups import has_failed, note, queue_if_ready
from hub.installation import Platform
from hub.policies import active_effect_rules


class Asked(Frozen):
    """One write of a group: what is wanted, its key, and the digest of the request before names became ids."""

    proposal: Proposal
    request_key: str
    request_digest: str | None = None


class EffectDetail(Frozen):
    """An effect, who must agree or has, and how far its sending is."""

    effect: Effect
    seats: tuple[Seat, ...]
    deliveries: tuple[Delivery, ...]


class DeadLetter(Frozen):
    """An effect, or its undoing, that was given up."""

    effect: Effect
    delivery: Delivery


def propose_effect(
    platform: Platform,
    caller: Caller,
    proposal: Proposal,
    *,
    request_key: str,
    origin: str,
    request_digest: str | None = None,
    run_id: str | None = None,
    group: str | None = None,
    position: int = 0,
) -> Effect:
    """Record what somebody wants written; with policy's leave it is on its way, else it waits for approvals.

    The same `request_key` gives the same effect; `request_digest` is that of the request before names became ids.
    `origin` says where it comes from (`chat`, `visit`, `cli`). Effects of a `group` are proposed in the order of their
    `position`, from 0. Raises ForbiddenError for who proposes nothing, and one that names the rule when policy forbids
    it, NotFoundError for an account
    or run the caller may not see, ConflictError for a key that was used for something else, and for a group that cannot
    take it.
    """
    account = _check(platform, caller, proposal, run_id)
    digest = digest_of_payload(proposal.payload)
    with platform.store.read() as unit:
        known = unit.effects.under_key(caller.tenant, request_key, digest, request_digest)
    if known is not None:
        return known
    effect = _effect(platform, caller, proposal, account, origin=origin, run_id=run_id, group=group, position=position)
    with platform.store.write() as unit:
        recorded = _record(unit, effect, request_key, request_digest)
    if recorded.status is EffectStatus.APPROVED:
        platform.wake("dispatch")
    return recorded


def propose_together(
    platform: Platform, caller: Caller, asked: Sequence[Asked], *, group: str, origin: str
) -> list[Effect]:
    """Record writes that belong together, all of them or, when policy forbids one, none; they run in this order.

    Raises what `propose_effect` raises.
    """
    effects = [
        _effect(
            platform,
            caller,
            one.proposal,
            _check(platform, caller, one.proposal, None),
            origin=origin,
            group=group,
            position=place,
        )
        for place, one in enumerate(asked)
    ]
    with platform.store.write() as unit:
        recorded = [
            _record(unit, effect, one.request_key, one.request_digest)
            for effect, one in zip(effects, asked, strict=True)
        ]
    platform.wake("dispatch")
    return recorded


def _effect(
    platform: Platform,
    caller: Caller,
    proposal: Proposal,
    account: Account,
    *,
    origin: str,
    run_id: str | None = None,
    group: str | None = None,
    position: int = 0,
) -> Effect:
    """The effect that a proposal becomes; ForbiddenError when policy says no."""
    payload, now = proposal.payload, platform.clock.now()
    facts = _facts(proposal, account)
    route = _route(platform, caller, proposal, facts, now)
    # Who must agree sees what they agree to.
    deciders = frozenset(step.role for step in route.steps)
    return Effect(
        id=uuid.uuid4().hex,
        system=payload.system,
        payload=payload,
        digest=digest_of_payload(payload),
        risk=proposal.risk,
        facts=facts,
        preview=proposal.preview,
        route=route,
        account_id=account.id,
        region=proposal.region,
        audience=proposal.audience and proposal.audience | deciders,
        proposed_by=caller,
        origin=origin,
        run_id=run_id,
        group=group,
        position=position,
        status=EffectStatus.APPROVED if route.verdict is Verdict.ALLOWED else EffectStatus.PROPOSED,
        created_at=now,
        expires_at=now + platform.settings.effect_expires_after,
    )


def _record(unit: Session, effect: Effect, request_key: str, request_digest: str | None) -> Effect:
    tenant, now = effect.proposed_by.tenant, effect.created_at
    if effect.group is not None:
        unit.effects.lock(tenant, effect.id, effect.group)
    seats = _seats(effect)
    held, created = unit.effects.create(tenant, effect, request_key, seats, request_digest=request_digest)
    if not created:
        return held
    if effect.group is not None:
        _check_group([one for one in unit.effects.group(tenant, effect.group) if one.id != effect.id], effect)
    wanted = {seat.id: seat.role.value for seat in seats}
    route = {"verdict": effect.route.verdict.value, "rules": list(effect.route.rules), "seats": wanted}
    bounds = {"group": effect.group, "expires": moment_of(effect.expires_at)}
    note(unit, effect, "proposed", actor=effect.proposed_by.user, at=now, origin=effect.origin, **bounds, **route)
    if effect.status is EffectStatus.APPROVED:
        queue_if_ready(unit, effect, at=now)
    return effect


def _check(platform: Platform, caller: Caller, proposal: Proposal, run_id: str | None) -> Account:
    require(caller, Action.PROPOSE_EFFECT)
    payload = proposal.payload
    if payload.system not in platform.targets:
        raise ConflictError(f"nothing writes to {payload.system}", field="system", remedy="Set up that system first.")
    if proposal.facts.operation is not payload.operation:
        raise InvalidInputError("is not what the payload does", field="facts.operation", remedy="Give its operation.")
    with platform.store.read() as unit:
        accounts = unit.records.find(caller, Account, ids=[payload.account_id])
        run_seen = run_id is None or unit.visits.get(caller, run_id) is not None
    if not accounts:
        raise NotFoundError(f"no account “{payload.account_id}”", field="account_id", remedy="List the accounts.")
    if not run_seen:
        raise NotFoundError(f"no run “{run_id}”", field="run_id", remedy="List the runs.")
    return accounts[0]


def _facts(proposal: Proposal, account: Account) -> EffectFacts:
    """The facts, with what our own record of the account says where the proposal does not know."""
    facts = proposal.facts
    known = {"region": account.region, "customer_class": account.customer_class}
    missing = {name: value for name, value in known.items() if getattr(facts, name) is None}
    return facts.model_copy(update=missing)


def _route(platform: Platform, caller: Caller, proposal: Proposal, facts: EffectFacts, now: datetime) -> Route:
    """What policy says; ForbiddenError, which is on record, when it says no or does not know."""
    try:
        rules = active_effect_rules(platform, caller.tenant)
        route = effect_route(rules, facts)
    except PolicyError as error:
        names, reason, in_chinese = "no-rule", str(error), {}
    else:
        if route.verdict is not Verdict.FORBIDDEN:
            return route
        names = ", ".join(route.rules)
        because = [rule for rule in rules if rule.id in route.rules]
        reason = "; ".join(rule.reason for rule in because)
        in_chinese = {reason: "；".join(rule.reason_zh for rule in because)}
    about = {"operation": facts.operation.value, "account": proposal.payload.account_id, "rules": names}
    with platform.store.write() as unit:
        entry = AuditEntry(
            actor=caller.user, action="effect.forbidden", subject=proposal.payload.account_id, body=about
        )
        unit.audit.append(caller.tenant, entry, at=now)
    raise ForbiddenError(
        f"forbidden by {names}: {reason}",
        field="operation",
        remedy="Ask whoever keeps the policy.",
        in_chinese=in_chinese,
    )


def _check_group(others: list[Effect], effect: Effect) -> None:
    if has_failed(others):
        raise refusal(ConflictError, "group-ended", "its group has failed", "Propose all of it in a new group.")
    if effect.position > 0 and all(one.position != effect.position - 1 for one in others):
        raise refusal(ConflictError, "group-gap", "nothing comes right before it", "Propose a group in its order.")


def _seats(effect: Effect) -> list[Seat]:
    """One seat a person who must agree."""
    return [
        Seat(
            id=f"{effect.id}-{step.position}-{step.role}-{number}",
            effect_id=effect.id,
            **step.model_dump(include={"position", "role", "rule", "reason", "reason_zh"}),
        )
        for step in effect.route.steps
        for number in range(1, step.quorum + 1)
    ]


def get_effect(platform: Platform, caller: Caller, effect_id: str) -> EffectDetail:
    """An effect with its approvals and deliveries; NotFoundError when the caller may not see it."""
    with platform.store.read() as unit:
        effect = seen_effect(unit, caller, effect_id)
        return EffectDetail(
            effect=effect,
            seats=tuple(unit.effects.seats(caller.tenant, effect_id)),
            deliveries=tuple(unit.outbox.of_effect(caller.tenant, effect_id)),
        )


def list_effects(
    platform: Platform,
    caller: Caller,
    *,
    status: EffectStatus | None = None,
    account_id: str | None = None,
    run_id: str | None = None,
    limit: int = 50,
) -> list[Effect]:
    """The newest effects the caller may see, newest first."""
    with platform.store.read() as unit:
        return unit.effects.list(caller, status=status, account_id=account_id, run_id=run_id, limit=limit)


def list_dead_letters(platform: Platform, caller: Caller, limit: int = 50) -> list[DeadLetter]:
    """What was given up and waits for a person, latest first."""
    with platform.store.read() as unit:
        found = unit.outbox.dead_letters(caller, limit)
    return [DeadLetter(effect=effect, delivery=delivery) for effect, delivery in found]
