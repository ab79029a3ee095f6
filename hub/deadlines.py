"""What the hub does by itself when a time has come: remind, escalate, tell. Each deadline acts exactly once."""

from collections.abc import Callable

import structlog

from core.domain.audit import AuditEntry
from core.domain.contracts import Department
from core.domain.deadlines import Deadline, DeadlineKind
from core.domain.notifications import Notification
from core.domain.people import User
from core.domain.reviews import ReviewEventKind, ReviewStatus
from core.domain.visits import Run, RunStatus
from core.identity import Caller, Role
from db.store import Session
from hub.installation import Platform
from hub.reviews.changing import HUB, Change, hold
from hub.reviews.talk import able_to_review

log = structlog.get_logger()

_ROUND = 100


def act_on_deadlines(platform: Platform, worker: str, *, limit: int = _ROUND) -> int:
    """Act on up to `limit` deadlines that are due, the earliest first; how many this worker acted on.

    Any number of workers may do this at once: a deadline is claimed in the transaction of what it does. One whose
    action fails stays due, is logged, and holds up no other.
    """
    with platform.store.read() as unit:
        due = unit.deadlines.due(platform.clock.now(), limit)
    acted = 0
    for tenant, deadline in due:
        try:
            with platform.store.write() as unit:
                acted += _act(platform, unit, tenant, deadline)
        except Exception:
            log.exception("deadline_failed", tenant=tenant, deadline=deadline.id, worker=worker)
    return acted


def late_packages(platform: Platform, caller: Caller, limit: int = 500) -> list[Run]:
    """Of the newest runs the caller may see, those whose package is overdue or will not come."""
    latest = platform.clock.now() - platform.settings.package_within
    with platform.store.read() as unit:
        runs = unit.visits.list(caller, limit)
    missing = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.FAILED)
    return [run for run in runs if run.status in missing and run.created_at < latest]


def list_notifications(platform: Platform, caller: Caller, limit: int = 100) -> list[Notification]:
    """What the caller or one of their departments was told, newest first."""
    with platform.store.read() as unit:
        return unit.notifications.inbox(caller, limit)


def _act(platform: Platform, unit: Session, tenant: str, deadline: Deadline) -> bool:
    now = platform.clock.now()
    if deadline.kind is DeadlineKind.PACKAGE_DUE:
        # Held in the order of everybody else, the run before its deadlines, so that nobody waits in a circle.
        unit.reviews.lock(tenant, deadline.subject)
        if unit.deadlines.claim(tenant, deadline.id, now):
            _package_late(platform, unit, tenant, deadline)
            return True
        return False
    change = hold(platform, unit, tenant, deadline.subject, HUB)
    if not unit.deadlines.claim(tenant, deadline.id, now):
        return False
    if change is not None and not change.review.status.is_over:
        _ACTIONS[deadline.kind](change, deadline)
    return True


def _package_late(platform: Platform, unit: Session, tenant: str, deadline: Deadline) -> None:
    """Tell the requester and their manager that there is no package in time."""
    now, run = platform.clock.now(), unit.visits.load(tenant, deadline.subject)
    requester = unit.users.get(tenant, run.requester.user)
    body = {"account": run.account, "due_at": deadline.due_at.isoformat(), "status": run.status.value}
    for user in filter(None, (run.requester.user, requester.manager if requester else None)):
        unit.notifications.send(
            tenant, run.id, f"{run.id}-package_late-{user}", "package_late", Department.SALES,
            recipient=user, body=body, at=now,
        )  # fmt: skip
    unit.audit.append(tenant, AuditEntry(actor=HUB, action="visit.late", subject=run.id, body=body), at=now)


def _remind(change: Change, deadline: Deadline) -> None:
    if change.review.status is ReviewStatus.OPEN:
        change.record(ReviewEventKind.REMINDED, deadline=deadline.id)
        change.tell("review_reminder", deadline.id, to=change.review.assignee)


def _remind_requester(change: Change, deadline: Deadline) -> None:
    """The question is still open: the requester and their manager hear of it."""
    if change.review.status is ReviewStatus.ASKED:
        change.record(ReviewEventKind.REMINDED, deadline=deadline.id)
        requester = change.unit.users.get(change.tenant, change.requester)
        for user in filter(None, (change.requester, requester.manager if requester else None)):
            change.tell("answer_overdue", deadline.id, to=user)


def _escalate(change: Change, deadline: Deadline) -> None:
    """Hand an overdue review to the assignee's delegate, and let the manager decide as well; both hear of it."""
    unit, tenant, review = change.unit, change.tenant, change.review
    delegate = _delegate(change)
    leaders = _leaders(change)
    after = change.set(
        escalated_to=tuple(dict.fromkeys([*review.escalated_to, *leaders])), assignee=delegate or review.assignee
    )
    after.record(ReviewEventKind.ESCALATED, to=[*filter(None, [delegate]), *leaders], before=review.assignee)
    for user in dict.fromkeys([*filter(None, [review.assignee, delegate]), *leaders]):
        after.tell("review_overdue", to=user)
    if review.assignee is None:
        after.tell("review_overdue")
    data = {
        "review": review.id,
        "run_id": review.run_id,
        "department": review.department.value,
        "due_at": deadline.due_at.isoformat(),
        "assignee": after.review.assignee,
        "escalated_to": list(after.review.escalated_to),
    }
    unit.webhooks.publish(tenant, "review.due", review.id, data, at=change.now)


def _delegate(change: Change) -> str | None:
    assignee = change.review.assignee
    user = change.unit.users.get(change.tenant, assignee) if assignee else None
    person = change.unit.users.get(change.tenant, user.delegate) if user and user.delegate else None
    if person is None or not able_to_review(change, person.caller(change.tenant), active=person.active):
        return None
    return person.id


def _leaders(change: Change) -> list[str]:
    """The assignee's manager; without one who can decide here, all managers who can."""
    unit, tenant = change.unit, change.tenant
    assignee = unit.users.get(tenant, change.review.assignee) if change.review.assignee else None
    named = unit.users.get(tenant, assignee.manager) if assignee and assignee.manager else None
    if named is not None and _may_decide(change, named):
        return [named.id]
    return [user.id for user in unit.users.list(tenant) if Role.MANAGER in user.roles and _may_decide(change, user)]


def _may_decide(change: Change, user: User) -> bool:
    """Whether an overdue review may be left to the user: not to who asked for the visit, nor to who has it already."""
    other = user.id not in (change.requester, change.review.assignee)
    return user.active and other and change.unit.visits.get(user.caller(change.tenant), change.run.id) is not None


_ACTIONS: dict[DeadlineKind, Callable[[Change, Deadline], None]] = {
    DeadlineKind.REVIEW_REMINDER: _remind,
    DeadlineKind.REVIEW_DUE: _escalate,
    DeadlineKind.ANSWER_DUE: _remind_requester,
}
