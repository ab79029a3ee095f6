"""Signing in with a name and a password."""

import secrets
from dataclasses import replace

from core.domain.access import Means
from core.domain.audit import AuditEntry
from core.errors import HubError, TooManyError
from core.identity import local_owner
from db.tenants import DEFAULT_TENANT
from hub.access.devices import known_device, new_device
from hub.access.lockout import Attempts
from hub.access.passwords import hash_password, is_outdated, is_password
from hub.access.sessions import OWNER, Opened, Origin, open_session
from hub.installation import Platform


class SignInError(HubError):
    """Name and password do not fit; which of them is not said."""

    status = 401
    title = "Not signed in"

    def __init__(self) -> None:
        super().__init__(
            "name and password do not fit", field="password", remedy="Try again, or ask an administrator to invite you."
        )


def sign_in(
    platform: Platform,
    tenant: str | None,
    user: str,
    password: str,
    *,
    origin: Origin | None = None,
    replaces: str | None = None,
    device: str | None = None,
) -> Opened:
    """Sign a user in; `tenant` may be left out while there is only one. `device` is what the browser holds of before.

    The owner of an installation signs in as `owner` with the key of SALESHUB_API_KEY. Raises SignInError, which is the
    same whether the user, the company or the password is wrong, and TooManyError after too many attempts.
    """
    origin, now = origin or Origin(), platform.clock.now()
    user = user.strip()
    with platform.store.read() as unit:
        known = unit.tenants.list()
    named = tenant.strip() if tenant else ""
    tenant = named or (known[0] if len(known) == 1 else "")
    with platform.store.write() as unit:
        hashed = unit.credentials.password(tenant, user)
        found = unit.users.get(tenant, user)
        attempts = Attempts.of(tenant, user, origin.address, known_device(platform, device, tenant, user, hashed))
        wait = attempts.count(unit, now)
    if wait is not None:
        raise TooManyError("there were too many attempts", field="user", retry_after=int(wait.total_seconds()) + 1)
    fits = is_password(hashed, password)
    if fits and found is not None and found.active:
        caller, means = found.caller(tenant), Means.PASSWORD
    elif found is None and user == OWNER and _is_owner_key(platform, password) and tenant in (known or [tenant]):
        caller, means = local_owner(tenant or DEFAULT_TENANT), Means.OWNER_KEY
    else:
        if tenant in known:
            _note_failure(platform, tenant, user if found else _UNKNOWN, origin)
        raise SignInError
    # Hashing takes long, and is no work for a transaction.
    renewed = hash_password(password) if means is Means.PASSWORD and hashed and is_outdated(hashed) else None
    kept = renewed or hashed
    with platform.store.write() as unit:
        attempts.forgive(unit)
        if renewed is not None:
            unit.credentials.set_password(tenant, user, renewed, at=now)
        opened = open_session(unit, platform.settings, caller, means, origin, now=now, replaces=replaces)
    return replace(opened, device=new_device(platform, tenant, user, kept)) if kept else opened


# People type passwords into the wrong field: names that are no user's are not on record.
_UNKNOWN = "unknown"


def _is_owner_key(platform: Platform, password: str) -> bool:
    key = platform.settings.api_key
    return key is not None and secrets.compare_digest(key.get_secret_value().encode(), password.encode())


def _note_failure(platform: Platform, tenant: str, user: str, origin: Origin) -> None:
    body = {"address": origin.address, "agent": origin.agent[:200]}
    entry = AuditEntry(actor=user, action="session.refused", subject=user, body=body)
    with platform.store.write() as unit:
        unit.audit.append(tenant, entry, at=platform.clock.now())
