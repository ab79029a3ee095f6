"""API keys: made for a user, for some uses; shown once; found again; revoked."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain.access import ApiKey, Scope
from core.domain.audit import AuditEntry
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.access.tokens import hash_token, new_id, new_token
from hub.installation import Platform
from hub.people import require_active, require_of_regions

_FORM = re.compile(r"(shk[0-9a-f]{12})_([A-Za-z0-9_-]{20,100})")
_NOTICE_EVERY = timedelta(minutes=1)


def add_key(
    platform: Platform,
    caller: Caller,
    user_id: str,
    scopes: Iterable[Scope],
    *,
    label: str = "",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key that acts as a user, and its text, which nobody can show again.

    Raises ForbiddenError unless the caller may manage keys, and for a user who is not active or has regions that the
    caller has not, NotFoundError for an unknown one, InvalidInputError without a scope or with an end in the past.
    """
    require(caller, Action.MANAGE_KEYS)
    wanted, now = frozenset(scopes), platform.clock.now()
    if not wanted:
        raise InvalidInputError(
            "a key is for something", field="--scope", remedy="Name what it may be used for.", nearest=list(Scope)
        )
    if expires_at is not None and expires_at <= now:
        raise InvalidInputError("lies in the past", field="--expires", remedy="Name a later time, or none.")
    secret = new_token()
    with platform.store.write() as unit:
        require_of_regions(caller, require_active(unit, caller.tenant, user_id, "--as"))
        key = ApiKey(
            id=new_id("shk"),
            tenant=caller.tenant,
            user=user_id,
            label=label[:200],
            scopes=wanted,
            created_by=caller.user,
            created_at=now,
            expires_at=expires_at,
        )
        unit.credentials.add_key(key, hash_token(secret))
        body = {"as": user_id, "scopes": sorted(wanted), "label": key.label, "expires_at": str(expires_at or "")}
        entry = AuditEntry(actor=caller.user, action="key.added", subject=key.id, body=body)
        unit.audit.append(caller.tenant, entry, at=now)
    return key, f"{key.id}_{secret}"


def list_keys(platform: Platform, caller: Caller) -> list[ApiKey]:
    """All keys of the company, revoked ones included, oldest first. Raises ForbiddenError."""
    require(caller, Action.MANAGE_KEYS)
    with platform.store.read() as unit:
        return unit.credentials.keys(caller.tenant)


def revoke_key(platform: Platform, caller: Caller, key_id: str) -> None:
    """End a key at once. Raises ForbiddenError, also for a user of regions that the caller has not; NotFoundError."""
    require(caller, Action.MANAGE_KEYS)
    now = platform.clock.now()
    with platform.store.write() as unit:
        found = unit.credentials.key(key_id)
        if found is not None and found[0].tenant == caller.tenant:
            require_of_regions(caller, unit.users.get(caller.tenant, found[0].user))
        if not unit.credentials.revoke_key(caller.tenant, key_id, at=now):
            known = [key.id for key in unit.credentials.keys(caller.tenant)]
            raise NotFoundError(
                f"no key “{key_id}”", field="ID", remedy="`saleshub key list` lists them.", nearest=known[:5]
            )
        entry = AuditEntry(actor=caller.user, action="key.revoked", subject=key_id)
        unit.audit.append(caller.tenant, entry, at=now)


def find_key(platform: Platform, text: str) -> tuple[ApiKey, Caller] | None:
    """The key written so, with its user's present rights; None when it opens nothing."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    now = platform.clock.now()
    with platform.store.read() as unit:
        found = unit.credentials.key(form[1])
        if found is None or not secrets.compare_digest(found[1], hash_token(form[2])):
            return None
        key = found[0]
        user = unit.users.get(key.tenant, key.user)
    if not key.is_valid(now) or user is None or not user.active:
        return None
    if key.last_used_at is None or now - key.last_used_at > _NOTICE_EVERY:
        with platform.store.write() as unit:
            unit.credentials.note_key_use(key.tenant, key.id, at=now, every=_NOTICE_EVERY)
    return key, user.caller(key.tenant)
