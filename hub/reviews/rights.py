"""Who may do what with a pre-review."""

from collections.abc import Set as AbstractSet

from core.domain.reviews import Review
from core.errors import ConflictError, ForbiddenError
from core.identity import Caller, Role
from core.policy.permissions import PERMISSIONS, Action
from hub.reviews.changing import HUB, Change

LEADERS = PERMISSIONS[Action.LEAD_REVIEWS]
REVIEWING = frozenset({Role.LEGAL, Role.SUPPLY_CHAIN, Role.FINANCE})


def has_department(caller: Caller, review: Review) -> bool:
    """Whether the caller belongs to the department that reviews."""
    return any(role.value == review.department.value for role in caller.roles)


def sees_whole(caller: Caller, requester: str) -> bool:
    """Whether the caller reads a package as a whole: whose roles are only reviewing ones read their part of it."""
    return caller.user == requester or not caller.roles <= REVIEWING


def require_sight(caller: Caller, review: Review, requester: str) -> None:
    """The department's people, managers, the requester and those it was given to may see a part; ForbiddenError."""
    given = caller.user in (requester, review.assignee, *review.escalated_to)
    if not (given or has_department(caller, review) or caller.roles & LEADERS):
        raise ForbiddenError(
            f"this part is for {review.department} alone",
            field="department",
            remedy="Ask for your own department’s part.",
        )


def require_decider(change: Change, caller: Caller) -> None:
    """Only the assignee, or while there is none anybody of the department, or whom a missed deadline named.

    Never the requester or the hub. Raises ForbiddenError with the rule that refused.
    """
    review = change.review
    if caller.user in (change.requester, HUB):
        raise ForbiddenError(
            "who asked for the visit does not review it",
            field="review",
            remedy=f"Leave it to {review.department}, or have a manager delegate it.",
        )
    if caller.user in review.escalated_to:
        return
    if not has_department(caller, review):
        raise ForbiddenError(
            f"{caller.user} does not belong to {review.department}",
            field="review",
            remedy="A manager can delegate it, and decide once it is overdue.",
        )
    if review.assignee not in (None, caller.user):
        raise ForbiddenError(
            f"{review.assignee} has taken it",
            field="review",
            remedy="Have it delegated: `saleshub reviews delegate`.",
        )


def require_not_agreed(caller: Caller, agreed: AbstractSet[str]) -> None:
    """Who has agreed neither agrees again nor keeps the review from the others; ConflictError."""
    if caller.user in agreed:
        raise ConflictError(
            "you have already agreed", field="review", remedy="The quorum takes different people; wait for them."
        )


def decides_for_another(change: Change, caller: Caller) -> bool:
    """Whether the caller may decide only since the deadline was missed."""
    return caller.user in change.review.escalated_to and not has_department(caller, change.review)
