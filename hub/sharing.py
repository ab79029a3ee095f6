"""Sharing a package: a link for a colleague or a role that gives no rights, says who looked, and ends."""

import secrets
from datetime import timedelta

from core.domain.audit import AuditEntry
from core.domain.packages import Package
from core.domain.shares import Share
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller, Role
from hub.installation import Platform
from hub.people import get_user
from hub.reviews.rights import LEADERS, REVIEWING, sees_whole
from hub.visits import get_package, get_run

LONGEST = timedelta(days=90)


def share_package(
    platform: Platform,
    caller: Caller,
    run_id: str,
    *,
    with_user: str | None = None,
    with_role: Role | None = None,
    days: int = 7,
) -> Share:
    """Make a link to a package for one person or one role, which works for `days` days.

    The link adds no right: whoever follows it signs in and sees what their own rights show. Raises NotFoundError for a
    package or person that does not exist, ForbiddenError when the caller may not read the package as a whole, and
    InvalidInputError when those named could not read it either, or for a time that is not from 1 to 90 days.
    """
    if (with_user is None) == (with_role is None):
        raise InvalidInputError("name one person or one role", field="with", remedy="Give with_user or with_role.")
    if not 1 <= days <= LONGEST.days:
        raise InvalidInputError(
            f"{days} days is not possible", field="days", remedy=f"Give a number from 1 to {LONGEST.days}."
        )
    get_package(platform, caller, run_id)
    run = get_run(platform, caller, run_id)
    if with_user is not None:
        _require_reader(platform, caller.tenant, run_id, with_user)
    elif with_role in REVIEWING:
        raise _only_their_part("with_role")
    now = platform.clock.now()
    share = Share(
        id=secrets.token_urlsafe(18),
        run_id=run_id,
        account_id=run.account_id,
        shared_by=caller.user,
        with_user=with_user,
        with_role=with_role,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    body = {"run_id": run_id, "with_user": with_user, "with_role": with_role, "expires_at": share.expires_at}
    with platform.store.write() as unit:
        unit.shares.add(caller.tenant, share)
        entry = AuditEntry(actor=caller.user, action="share.created", subject=share.id, body=body)
        unit.audit.append(caller.tenant, entry, at=now)
    return share


def open_shared(platform: Platform, caller: Caller, share_id: str) -> tuple[Share, Package]:
    """Follow a link: the package as the caller's own rights show it. Each opening by somebody else is on record.

    Raises NotFoundError when there is no such link, ForbiddenError when it has ended, is for somebody else, or the
    caller may not see the customer.
    """
    share = _get(platform, caller, share_id)
    if not share.is_for(caller):
        raise ForbiddenError(
            "this link is for somebody else", field="share", remedy="Ask who sent it to you for one in your name."
        )
    now = platform.clock.now()
    if (ended := share.ended_at(now)) is not None:
        raise ForbiddenError(
            f"this link ended on {ended.date()}", field="share", remedy=f"Ask {share.shared_by} for a new one."
        )
    try:
        package = get_package(platform, caller, share.run_id)
    except NotFoundError as error:
        raise ForbiddenError(
            "this customer is outside your region", field="share", remedy="Ask an administrator for the region."
        ) from error
    if caller.user != share.shared_by:
        entry = AuditEntry(actor=caller.user, action="share.opened", subject=share.id, body={"run_id": share.run_id})
        with platform.store.write() as unit:
            unit.audit.append(caller.tenant, entry, at=now)
    return share, package


def list_shares(platform: Platform, caller: Caller, run_id: str) -> list[Share]:
    """The links to a package, the newest first. Raises as reading the package does."""
    get_package(platform, caller, run_id)
    with platform.store.read() as unit:
        return unit.shares.of_run(caller.tenant, run_id)


def revoke_share(platform: Platform, caller: Caller, share_id: str) -> Share:
    """End a link at once, as who made it, a manager or an administrator; ending it again changes nothing.

    Raises NotFoundError and ForbiddenError.
    """
    share = _get(platform, caller, share_id)
    if caller.user != share.shared_by:
        # Whoever may not see the customer does not learn of the link.
        try:
            get_run(platform, caller, share.run_id)
        except NotFoundError as error:
            raise _unknown(share_id) from error
        if not caller.roles & LEADERS:
            raise ForbiddenError(
                "only who made a link ends it", field="share", remedy=f"Ask {share.shared_by} or a manager."
            )
    now = platform.clock.now()
    with platform.store.write() as unit:
        if unit.shares.revoke(caller.tenant, share_id, by=caller.user, at=now):
            entry = AuditEntry(actor=caller.user, action="share.revoked", subject=share_id)
            unit.audit.append(caller.tenant, entry, at=now)
    return _get(platform, caller, share_id)


def _get(platform: Platform, caller: Caller, share_id: str) -> Share:
    with platform.store.read() as unit:
        share = unit.shares.get(caller.tenant, share_id)
    if share is None:
        raise _unknown(share_id)
    return share


def _unknown(share_id: str) -> NotFoundError:
    return NotFoundError(f"no link “{share_id}”", field="share", remedy="Copy the whole link.")


def _require_reader(platform: Platform, tenant: str, run_id: str, user_id: str) -> None:
    """Refuse to send somebody a link that would not open for them."""
    user = get_user(platform, tenant, user_id)
    reader = user.caller(tenant)
    with platform.store.read() as unit:
        run = unit.visits.get(reader, run_id)
    if not user.active or run is None:
        raise InvalidInputError(
            f"{user.id} may not see this customer", field="with_user", remedy="Choose somebody of the region."
        )
    if not sees_whole(reader, run.requester.user):
        raise _only_their_part("with_user")


def _only_their_part(field: str) -> InvalidInputError:
    return InvalidInputError(
        "reviewers read their department’s part alone",
        field=field,
        remedy="They find it among the pre-reviews; choose somebody else for the whole package.",
    )
