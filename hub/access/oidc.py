"""Signing in by way of an identity provider: only people who are users already, never more than their groups give."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from core.domain.access import Attempt, Means
from core.domain.audit import AuditEntry
from core.domain.people import User
from core.identity import Role
from core.settings import Settings
from db.store import Session
from hub.access.links import linked_user
from hub.access.oidc_provider import OidcError, Provider
from hub.access.sessions import Opened, Origin, end_sessions, open_session
from hub.access.tokens import hash_token, new_token
from hub.installation import Platform

log = structlog.get_logger()

_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it holds to show that it is the one that went."""

    address: str
    holder: str


def begin_sign_in(platform: Platform, base_url: str, *, next: str) -> Begun:  # noqa: A002 - as in the address
    """Begin at the provider; `base_url` is where this server was reached, unless the settings say better.

    Raises OidcError when there is no provider, or it does not answer.
    """
    now, tenant = platform.clock.now(), _tenant(platform)
    state, holder = new_token(), new_token()
    attempt = Attempt(
        nonce=new_token(),
        verifier=new_token(),
        holder=hash_token(holder),
        next=next,
        tenant=tenant,
        expires_at=now + _PATIENCE,
    )
    back = _back(platform.settings, base_url)
    address = Provider(platform.settings).address(back, state=state, nonce=attempt.nonce, verifier=attempt.verifier)
    with platform.store.write() as unit:
        unit.sign_ins.begin_attempt(hash_token(state), attempt, now=now)
    return Begun(address, holder)


def finish_sign_in(
    platform: Platform,
    base_url: str,
    answer: Mapping[str, str],
    *,
    holder: str | None,
    origin: Origin | None = None,
    replaces: str | None = None,
) -> tuple[Opened, str]:
    """Sign in whom the provider names, and the path they wanted; each answer is taken once, from the same browser.

    Raises OidcError whatever is wrong with it; why is in the log and on record.
    """
    origin = origin or Origin()
    try:
        return _finish(platform, base_url, answer, holder=holder, origin=origin, replaces=replaces)
    except OidcError as error:
        _note_refusal(platform, origin, error)
        raise


def _finish(
    platform: Platform,
    base_url: str,
    answer: Mapping[str, str],
    *,
    holder: str | None,
    origin: Origin,
    replaces: str | None,
) -> tuple[Opened, str]:
    now = platform.clock.now()
    with platform.store.write() as unit:
        attempt = unit.sign_ins.take_attempt(hash_token(answer.get("state", "")), now=now)
    if attempt is None:
        raise OidcError("the state is unknown, used or too old")
    if not secrets.compare_digest(hash_token(holder or ""), attempt.holder):
        raise OidcError("another browser began this")
    if "error" in answer or "code" not in answer:
        raise OidcError(f"the provider said {answer.get('error', 'nothing')[:100]}")
    if answer.get("iss", platform.settings.oidc_issuer) != platform.settings.oidc_issuer:
        raise OidcError("the answer is another provider's")
    back = _back(platform.settings, base_url)
    claims = Provider(platform.settings).claims(
        answer["code"], back, nonce=attempt.nonce, verifier=attempt.verifier, now=now
    )
    with platform.store.write() as unit:
        user = _user(unit, platform, attempt.tenant, claims)
        caller = user.caller(attempt.tenant)
        opened = open_session(unit, platform.settings, caller, Means.OIDC, origin, now=now, replaces=replaces)
    return opened, attempt.next


def _user(unit: Session, platform: Platform, tenant: str, claims: Mapping[str, Any]) -> User:
    """The active user whom the claims name, with the roles that their groups give."""
    settings = platform.settings
    user = linked_user(unit, platform, tenant, claims)
    if not settings.oidc_group_roles:
        return user
    groups = claims.get(settings.oidc_groups_claim)
    names = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    given = {settings.oidc_group_roles[name] for name in names if name in settings.oidc_group_roles}
    # Who is an administrator is decided here alone.
    roles = frozenset(given) | (user.roles & {Role.ADMIN})
    if not roles:
        raise OidcError("none of the groups gives a role")
    if roles == user.roles:
        return user
    changed, now = user.model_copy(update={"roles": roles}), platform.clock.now()
    unit.users.save(tenant, changed)
    end_sessions(unit, tenant, user.id, by=user.id, why="roles changed", now=now)
    body = {"roles": sorted(roles), "by": "oidc"}
    unit.audit.append(tenant, AuditEntry(actor="hub", action="user.saved", subject=user.id, body=body), at=now)
    return changed


def _tenant(platform: Platform) -> str:
    """The company whose people the provider knows."""
    with platform.store.read() as unit:
        known = unit.tenants.list()
    tenant = platform.settings.oidc_tenant or (known[0] if len(known) == 1 else None)
    if tenant not in known:
        raise OidcError("SALESHUB_OIDC_TENANT does not name a company")
    return tenant


def _back(settings: Settings, base_url: str) -> str:
    """Where the provider sends browsers back to, as registered there."""
    if settings.public_url is None and not settings.is_local:
        raise OidcError("SALESHUB_PUBLIC_URL is not set")
    return (settings.public_url or base_url.rstrip("/")) + "/session/oidc/callback"


def _note_refusal(platform: Platform, origin: Origin, error: OidcError) -> None:
    log.warning("oidc_refused", why=error.why, address=origin.address)
    try:
        tenant = _tenant(platform)
    except OidcError:
        return
    body = {"means": "oidc", "why": error.why[:300], "address": origin.address}
    entry = AuditEntry(actor="unknown", action="session.refused", subject="unknown", body=body)
    with platform.store.write() as unit:
        unit.audit.append(tenant, entry, at=platform.clock.now())
