"""The company's own people: who they are, who acts, who is no longer there."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from core.domain.audit import AuditEntry
from core.domain.people import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, require
from db.store import Session
from hub.access.sessions import end_sessions
from hub.installation import Platform

_NEAREST = 5
# The hub itself is on record by it.
_RESERVED = frozenset({"hub"})


def get_user(platform: Platform, tenant: str, user_id: str) -> User:
    """The user, active or not; NotFoundError with the nearest ids when there is none."""
    with platform.store.read() as unit:
        return _pick(unit.users.list(tenant), user_id, "user")


def acting_as(platform: Platform, owner: Caller, user_id: str | None) -> Caller:
    """The rights of the user named; those of `owner` when none is.

    Raises NotFoundError for an unknown user, ForbiddenError for one who is no longer active.
    """
    if user_id is None:
        return owner
    user = get_user(platform, owner.tenant, user_id)
    if not user.active:
        raise ForbiddenError(f"“{user.id}” is not active", field="user", remedy="Add the user again, or name another.")
    return user.caller(owner.tenant)


def list_users(platform: Platform, tenant: str) -> list[User]:
    """All users, by id."""
    with platform.store.read() as unit:
        return unit.users.list(tenant)


def save_user(platform: Platform, caller: Caller, user: User) -> User:
    """Add a user, or change the one with the id.

    Raises ForbiddenError unless the caller is an administrator of all regions that the user has or had,
    InvalidInputError for the id of the hub itself, and NotFoundError for an unknown manager or delegate.
    """
    require(caller, Action.MANAGE_PEOPLE)
    if user.id in _RESERVED:
        raise InvalidInputError(
            f"“{user.id}” is how the hub itself is on record", field="user", remedy="Choose another id."
        )
    with platform.store.write() as unit:
        known = unit.users.list(caller.tenant)
        for field, other in (("manager", user.manager), ("delegate", user.delegate)):
            if other is not None:
                _pick(known, other, field)
        before = unit.users.get(caller.tenant, user.id)
        for one in (before, user):
            require_of_regions(caller, one)
        unit.users.save(caller.tenant, user)
        now = platform.clock.now()
        if before is not None and _rights(before) != _rights(user):
            end_sessions(unit, caller.tenant, user.id, by=caller.user, why="rights changed", now=now)
        body = user.model_dump(mode="json")
        body |= {"roles": sorted(user.roles), "regions": None if user.regions is None else sorted(user.regions)}
        entry = AuditEntry(actor=caller.user, action="user.saved", subject=user.id, body=body)
        unit.audit.append(caller.tenant, entry, at=now)
    return user


def deactivate_user(platform: Platform, caller: Caller, user_id: str) -> User:
    """Take a user's rights away; what they did stays theirs. Raises ForbiddenError and NotFoundError."""
    require(caller, Action.MANAGE_PEOPLE)
    with platform.store.write() as unit:
        user = _pick(unit.users.list(caller.tenant), user_id, "user").model_copy(update={"active": False})
        require_of_regions(caller, user)
        now = platform.clock.now()
        unit.users.save(caller.tenant, user)
        end_sessions(unit, caller.tenant, user.id, by=caller.user, why="deactivated", now=now)
        unit.credentials.drop_invites(caller.tenant, user.id)
        unit.credentials.unlink(caller.tenant, user.id)
        entry = AuditEntry(actor=caller.user, action="user.deactivated", subject=user.id)
        unit.audit.append(caller.tenant, entry, at=now)
    return user


def require_active(unit: Session, tenant: str, user_id: str, field: str) -> User:
    """The user, who is active; NotFoundError and ForbiddenError for `field`."""
    user = _pick(unit.users.list(tenant), user_id, field)
    if not user.active:
        raise ForbiddenError(f"“{user.id}” is not active", field=field, remedy="Add the user again, or name another.")
    return user


def require_of_regions(caller: Caller, user: User | None) -> None:
    """ForbiddenError unless the user has no region that the caller has not: rights are given, never made."""
    if user is not None and not caller.covers(user.regions):
        raise ForbiddenError(
            f"“{user.id}” works outside your regions",
            field="user",
            remedy="Ask an administrator of all these regions.",
        )


def _rights(user: User) -> object:
    return user.roles, user.regions, user.active


def _pick(known: Iterable[User], user_id: str, field: str) -> User:
    by_id = {user.id: user for user in known}
    if user_id in by_id:
        return by_id[user_id]
    close = process.extract(user_id, list(by_id), scorer=fuzz.WRatio, limit=_NEAREST)
    raise NotFoundError(
        f"no user “{user_id}”",
        field=field,
        remedy="Use an id from `saleshub user list`." if by_id else "Add people first: `saleshub user add`.",
        nearest=[match for match, _score, _index in close],
    )
