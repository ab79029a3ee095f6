"""Which person at the provider of identities a user is: bound at the first sign-in, by what never changes hands."""

from collections.abc import Mapping
from typing import Any

from core.domain.audit import AuditEntry
from core.domain.people import User
from core.identity import Caller
from core.policy.permissions import Action, require
from db.store import Session
from hub.access.oidc_provider import OidcError
from hub.access.sessions import end_sessions
from hub.installation import Platform
from hub.people import require_active, require_of_regions

_MAIL = "email"


def linked_user(unit: Session, platform: Platform, tenant: str, claims: Mapping[str, Any]) -> User:
    """The active user whom the claims mean; one who comes for the first time is linked.

    Names at a provider can be changed and given to somebody else, so a name counts once: from then on its subject does.
    Raises OidcError for a name that is no active user's, an address nobody has verified, and a user who is somebody
    else already.
    """
    settings, subject = platform.settings, str(claims.get("sub", ""))
    issuer = settings.oidc_issuer or ""
    linked = unit.credentials.linked_user(tenant, issuer, subject)
    named = claims.get(settings.oidc_claim)
    user = unit.users.get(tenant, linked or (named.strip().casefold() if isinstance(named, str) else ""))
    if user is None or not user.active:
        raise OidcError(f"{settings.oidc_claim} names no active user")
    if linked is not None:
        return user
    if settings.oidc_claim == _MAIL and claims.get("email_verified") is not True:
        raise OidcError("the provider has not verified the address")
    if not subject or unit.credentials.linked_subject(tenant, issuer, user.id) is not None:
        raise OidcError(f"another person of the provider is {user.id} already")
    now = platform.clock.now()
    unit.credentials.link(tenant, issuer, subject, user.id, at=now)
    body = {"issuer": issuer, "subject": subject}
    unit.audit.append(tenant, AuditEntry(actor=user.id, action="user.linked", subject=user.id, body=body), at=now)
    return user


def unlink_user(platform: Platform, caller: Caller, user_id: str) -> None:
    """Forget who the user is at the provider, and sign them out: the next who comes with the name is the user.

    Raises ForbiddenError unless the caller manages people of the user's regions, and NotFoundError.
    """
    require(caller, Action.MANAGE_PEOPLE)
    now = platform.clock.now()
    with platform.store.write() as unit:
        require_of_regions(caller, require_active(unit, caller.tenant, user_id, "user"))
        unit.credentials.unlink(caller.tenant, user_id)
        end_sessions(unit, caller.tenant, user_id, by=caller.user, why="unlinked", now=now)
        entry = AuditEntry(actor=caller.user, action="user.unlinked", subject=user_id)
        unit.audit.append(caller.tenant, entry, at=now)
