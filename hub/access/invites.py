"""Passwords of other people: set by an administrator, or by the user through a link that works once."""

from core.domain.access import Invite, Means
from core.domain.audit import AuditEntry
from core.errors import NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.access.passwords import check_password, hash_password
from hub.access.sessions import Opened, Origin, end_sessions, open_session
from hub.access.tokens import hash_token, new_token
from hub.installation import Platform
from hub.people import require_active, require_of_regions


def set_password(platform: Platform, caller: Caller, user_id: str, password: str) -> None:
    """Give a user a password; whoever is signed in as them is no more.

    Raises ForbiddenError unless the caller manages people of the user's regions, NotFoundError, and InvalidInputError
    for a poor password.
    """
    require(caller, Action.MANAGE_PEOPLE)
    check_password(password, user_id)
    hashed, now = hash_password(password), platform.clock.now()
    with platform.store.write() as unit:
        require_of_regions(caller, require_active(unit, caller.tenant, user_id, "user"))
        unit.credentials.set_password(caller.tenant, user_id, hashed, at=now)
        end_sessions(unit, caller.tenant, user_id, by=caller.user, why="password changed", now=now)
        entry = AuditEntry(actor=caller.user, action="password.set", subject=user_id)
        unit.audit.append(caller.tenant, entry, at=now)


def invite_user(platform: Platform, caller: Caller, user_id: str) -> tuple[Invite, str]:
    """An invitation for a user to set a password, in place of earlier ones, and its token, which is shown this once.

    The link is `/invite?invite=TOKEN`. Raises ForbiddenError unless the caller manages people, and NotFoundError.
    """
    require(caller, Action.MANAGE_PEOPLE)
    now, token = platform.clock.now(), new_token()
    with platform.store.write() as unit:
        require_of_regions(caller, require_active(unit, caller.tenant, user_id, "user"))
        invite = Invite(
            tenant=caller.tenant,
            user=user_id,
            created_by=caller.user,
            created_at=now,
            expires_at=now + platform.settings.invite_lifetime,
        )
        unit.credentials.add_invite(hash_token(token), invite)
        entry = AuditEntry(actor=caller.user, action="user.invited", subject=user_id)
        unit.audit.append(caller.tenant, entry, at=now)
    return invite, token


def list_with_password(platform: Platform, tenant: str) -> frozenset[str]:
    """Ids of the users who sign in with a password of ours."""
    with platform.store.read() as unit:
        return unit.credentials.with_password(tenant)


def find_invited(platform: Platform, token: str) -> Invite | None:
    """The invitation of a token, while it is valid."""
    with platform.store.read() as unit:
        return unit.credentials.invite(hash_token(token), now=platform.clock.now())


def accept_invite(
    platform: Platform, token: str, password: str, *, origin: Origin | None = None, replaces: str | None = None
) -> Opened:
    """Set the password an invitation gives leave to set, and sign its user in.

    Raises NotFoundError when the invitation is not valid (any more), InvalidInputError for a poor password, after which
    it still is.
    """
    now, hashed_token = platform.clock.now(), hash_token(token)
    invite = find_invited(platform, token)
    if invite is None:
        raise _not_valid()
    check_password(password, invite.user)
    hashed = hash_password(password)
    with platform.store.write() as unit:
        user = unit.users.get(invite.tenant, invite.user)
        if not unit.credentials.take_invite(hashed_token, now=now) or user is None or not user.active:
            raise _not_valid()
        unit.credentials.set_password(invite.tenant, user.id, hashed, at=now)
        end_sessions(unit, invite.tenant, user.id, by=user.id, why="password changed", now=now)
        entry = AuditEntry(
            actor=user.id, action="password.set", subject=user.id, body={"invited_by": invite.created_by}
        )
        unit.audit.append(invite.tenant, entry, at=now)
        caller = user.caller(invite.tenant)
        where = origin or Origin()
        return open_session(unit, platform.settings, caller, Means.INVITATION, where, now=now, replaces=replaces)


def _not_valid() -> NotFoundError:
    return NotFoundError(
        "the invitation is not valid any more", field="invite", remedy="Ask an administrator for a new one."
    )
