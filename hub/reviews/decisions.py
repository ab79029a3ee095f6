"""Deciding a pre-review: once, on what one has read, by who may."""

from core.domain.reviews import ReviewEventKind, ReviewStatus, ReviewTask
from core.errors import ConflictError, InvalidInputError
from core.identity import Caller
from hub.installation import Platform
from hub.reviews.changing import Change, changing, require_going
from hub.reviews.opening import after_decision
from hub.reviews.rights import decides_for_another, require_decider, require_not_agreed


def approve_review(
    platform: Platform, caller: Caller, review_id: str, *, revision: int | None = None, comment: str = ""
) -> ReviewTask:
    """Agree to the department's part as it reads at `revision` (None: as it reads now).

    The review is approved when its quorum of different people agrees to one revision. Who may decide only since the
    deadline was missed says why in `comment`. Raises ForbiddenError, InvalidInputError, or ConflictError when it is
    decided, was edited since, or the caller has agreed already.
    """
    with changing(platform, caller, review_id) as change:
        now_at = _require_decision(change, caller, revision)
        if decides_for_another(change, caller) and not comment.strip():
            raise InvalidInputError("is empty", field="comment", remedy="Say why you decide for the department.")
        earlier = change.agreed()
        require_not_agreed(caller, earlier)
        change.record(
            ReviewEventKind.APPROVED,
            revision=now_at,
            comment=comment,
            escalated=caller.user in change.review.escalated_to,
        )
        if len(earlier) + 1 < change.review.quorum:
            # The next one must be able to take it.
            return change.set(assignee=None).task()
        return _decided(change, ReviewStatus.APPROVED, caller)


def reject_review(
    platform: Platform, caller: Caller, review_id: str, *, reason: str, revision: int | None = None
) -> ReviewTask:
    """Refuse the department's part, with the reason that the requester reads; one refusal ends the review."""
    if not reason.strip():
        raise InvalidInputError("is empty", field="reason", remedy="Say what must change.")
    with changing(platform, caller, review_id) as change:
        now_at = _require_decision(change, caller, revision)
        change.record(
            ReviewEventKind.REJECTED,
            revision=now_at,
            reason=reason,
            escalated=caller.user in change.review.escalated_to,
        )
        change.tell("review_rejected", to=change.requester, reason=reason)
        return _decided(change, ReviewStatus.REJECTED, caller)


def require_revision(change: Change, revision: int | None) -> int:
    """The revision as it is now; ConflictError when the caller has read another."""
    found = change.revision()
    if revision is not None and revision != found:
        raise ConflictError(
            f"the sentences were edited since revision {revision}; they are at {found}",
            field="revision",
            remedy="Read them again: `saleshub reviews show`.",
        )
    return found


def _require_decision(change: Change, caller: Caller, revision: int | None) -> int:
    require_decider(change, caller)
    require_going(change.review, ReviewStatus.OPEN, ReviewStatus.ASKED)
    return require_revision(change, revision)


def _decided(change: Change, status: ReviewStatus, caller: Caller) -> ReviewTask:
    over = change.set(status=status, decided_at=change.now, assignee=caller.user)
    after_decision(over)
    return over.task()
