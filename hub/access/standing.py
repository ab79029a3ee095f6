"""How users stand with signing in: who has a password, who is locked out, who was there when; and unlocking."""

from datetime import datetime

from core.domain.audit import AuditEntry, AuditRecord
from core.domain.base import Frozen
from core.domain.people import User
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.access.lockout import Attempts
from hub.installation import Platform
from hub.people import require_active, require_of_regions


class Standing(Frozen):
    """A user and their way in. `seen_at` is when a session that still lasts was last used."""

    user: User
    has_password: bool
    locked_until: datetime | None = None
    seen_at: datetime | None = None


def list_standings(platform: Platform, caller: Caller) -> list[Standing]:
    """All users with how they stand, by id. Raises ForbiddenError unless the caller manages people."""
    require(caller, Action.MANAGE_PEOPLE)
    now = platform.clock.now()
    with platform.store.read() as unit:
        users = unit.users.list(caller.tenant)
        signing_in = unit.credentials.with_password(caller.tenant)
        seen = unit.sign_ins.last_seen(caller.tenant, now)
        locks = {user.id: unit.sign_ins.locked_until(_account(caller.tenant, user.id)) for user in users}
    return [
        Standing(
            user=user,
            has_password=user.id in signing_in,
            locked_until=lock if (lock := locks[user.id]) is not None and lock > now else None,
            seen_at=seen.get(user.id),
        )
        for user in users
    ]


def unlock_user(platform: Platform, caller: Caller, user_id: str) -> None:
    """Let a user who is locked out after failed attempts try again at once.

    Attempts from an address stay counted. Raises ForbiddenError unless the caller manages people of the user's regions,
    and NotFoundError.
    """
    require(caller, Action.MANAGE_PEOPLE)
    now = platform.clock.now()
    with platform.store.write() as unit:
        require_of_regions(caller, require_active(unit, caller.tenant, user_id, "user"))
        unit.sign_ins.forget_failures(_account(caller.tenant, user_id))
        entry = AuditEntry(actor=caller.user, action="user.unlocked", subject=user_id)
        unit.audit.append(caller.tenant, entry, at=now)


def list_user_records(platform: Platform, caller: Caller, user_id: str, limit: int = 20) -> list[AuditRecord]:
    """What the audit log says of a user, the newest first. Raises ForbiddenError unless the caller manages people."""
    require(caller, Action.MANAGE_PEOPLE)
    with platform.store.read() as unit:
        return unit.audit.records(caller.tenant, subject=user_id, limit=limit)


def _account(tenant: str, user_id: str) -> str:
    return Attempts.of(tenant, user_id, "").account
