"""What happens to a pre-review before its decision: taken, asked back, answered, delegated, delayed."""

from core.domain.deadlines import DeadlineKind, DeadlineStatus
from core.domain.reviews import DelayReason, ReviewEventKind, ReviewStatus, ReviewTask
from core.errors import ForbiddenError, InvalidInputError
from core.identity import Caller
from core.policy.calendar import add_working_time, working_time
from hub.installation import Platform
from hub.people import get_user
from hub.reviews.changing import Change, changing, require_going
from hub.reviews.rights import LEADERS, has_department, require_decider, require_not_agreed

_GOING = (ReviewStatus.WAITING, ReviewStatus.OPEN, ReviewStatus.ASKED)


def start_review(platform: Platform, caller: Caller, review_id: str) -> ReviewTask:
    """Take a review: it is the caller's from now on. Taking it again changes nothing."""
    with changing(platform, caller, review_id) as change:
        require_decider(change, caller)
        require_going(change.review, ReviewStatus.OPEN, ReviewStatus.ASKED)
        require_not_agreed(caller, change.agreed())
        return take(change, caller).task()


def take(change: Change, caller: Caller) -> Change:
    """The change of the review as the caller's, on record as started by them unless it already is.

    Who has agreed already does not get it: others of the quorum must be able to take it.
    """
    started = (event.actor for event in change.events() if event.kind is ReviewEventKind.STARTED)
    if caller.user not in started:
        change.record(ReviewEventKind.STARTED)
    keeps = change.review.assignee == caller.user or caller.user in change.agreed()
    return change if keeps else change.set(assignee=caller.user)


def ask_back(platform: Platform, caller: Caller, review_id: str, question: str) -> ReviewTask:
    """Ask the requester; the department's clock stands still until the answer."""
    _require_text(question, "question")
    with changing(platform, caller, review_id) as change:
        require_decider(change, caller)
        require_going(change.review, ReviewStatus.OPEN)
        asked = take(change, caller).set(status=ReviewStatus.ASKED)
        event = asked.record(ReviewEventKind.ASKED, question=question)
        deadlines = change.unit.deadlines
        deadlines.cancel(change.tenant, change.review.id)
        answer_by = add_working_time(change.calendar, change.now, change.within)
        id_ = f"{change.review.id}-answer-{event.seq}"
        deadlines.set(change.tenant, id_, DeadlineKind.ANSWER_DUE, change.review.id, answer_by)
        asked.tell("review_question", event.seq, to=change.requester, question=question)
        return asked.task()


def answer_question(platform: Platform, caller: Caller, review_id: str, text: str) -> ReviewTask:
    """Answer the department's question, as the requester or a manager; its clock goes on where it stood."""
    _require_text(text, "text")
    with changing(platform, caller, review_id) as change:
        if caller.user != change.requester and not caller.roles & LEADERS:
            raise ForbiddenError("only the requester answers", field="review", remedy=f"Ask {change.requester}.")
        require_going(change.review, ReviewStatus.ASKED)
        going = _resume(change)
        event = going.record(ReviewEventKind.ANSWERED, text=text)
        going.tell("review_answer", event.seq, to=change.review.assignee, text=text)
        return going.task()


def delegate_review(platform: Platform, caller: Caller, review_id: str, to: str) -> ReviewTask:
    """Give a review to a colleague of the department who may see the account; managers may give any."""
    target = get_user(platform, caller.tenant, to)
    with changing(platform, caller, review_id) as change:
        if not caller.roles & LEADERS:
            require_decider(change, caller)
        require_going(change.review, *_GOING)
        _require_able(change, target.caller(change.tenant), active=target.active)
        given = change.set(assignee=to)
        event = given.record(ReviewEventKind.DELEGATED, to=to, before=change.review.assignee)
        given.tell("review_delegated", event.seq, to=to, by=caller.user)
        return given.task()


def note_delay(
    platform: Platform, caller: Caller, review_id: str, reason: DelayReason, note: str | None = None
) -> ReviewTask:
    """Record why a review takes long, as a code with an optional note; the clock goes on."""
    with changing(platform, caller, review_id) as change:
        if not caller.roles & LEADERS:
            require_decider(change, caller)
        require_going(change.review, *_GOING)
        change.record(ReviewEventKind.DELAY_NOTED, reason=reason.value, note=note)
        return change.task()


def able_to_review(change: Change, person: Caller, *, active: bool) -> bool:
    """Whether a review may be given to the person.

    Of the department, sees the account, did not ask for the visit, and has not agreed already.
    """
    barred = {change.requester, *change.agreed()}
    allowed = active and has_department(person, change.review) and person.user not in barred
    return allowed and change.unit.visits.get(person, change.run.id) is not None


def _require_able(change: Change, person: Caller, *, active: bool) -> None:
    if not able_to_review(change, person, active=active):
        raise InvalidInputError(
            f"{person.user} cannot review for {change.review.department} here",
            field="to",
            remedy="Name an active colleague of the department who may see the account, did not ask for the visit and "
            "has not agreed yet.",
        )


def _resume(change: Change) -> Change:
    """The review open again, its due time and reminders later by the working time that the question took."""
    asked_at = max(event.at for event in change.events() if event.kind is ReviewEventKind.ASKED)
    unit, review = change.unit, change.review
    unit.deadlines.cancel(change.tenant, review.id)
    for deadline in unit.deadlines.of(change.tenant, review.id):
        if deadline.status is DeadlineStatus.CANCELLED and deadline.kind is not DeadlineKind.ANSWER_DUE:
            left = working_time(change.calendar, asked_at, deadline.due_at)
            # What was due before the question is due at once.
            at = add_working_time(change.calendar, change.now, left) if left else deadline.due_at
            unit.deadlines.set(change.tenant, deadline.id, deadline.kind, review.id, at)
    left = working_time(change.calendar, asked_at, review.due_at)
    due_at = add_working_time(change.calendar, change.now, left) if left else review.due_at
    return change.set(status=ReviewStatus.OPEN, due_at=due_at)


def _require_text(text: str, field: str) -> None:
    if not text.strip():
        raise InvalidInputError("is empty", field=field, remedy="Write what you want to say.")
