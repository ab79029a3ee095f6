"""When departments get their part: planned with the package, opened in order, ended when all have decided."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.audit import AuditEntry
from core.domain.claims import Claim
from core.domain.contracts import Department
from core.domain.deadlines import DeadlineKind
from core.domain.packages import Package
from core.domain.reviews import Review, ReviewEventKind, ReviewStatus
from core.domain.visits import Run
from core.policy.calendar import add_working_time, calendar_of
from core.policy.review_order import ReviewFacts, load_review_rules, review_place
from db.deliverables import REVIEW_REQUESTED
from db.store import Session
from hub.installation import Platform
from hub.reviews.changing import HUB, Change, hold

REVIEWERS = (Department.LEGAL, Department.SUPPLY_CHAIN, Department.FINANCE)
# Parts of the time a department has, after which it is reminded.
REMINDERS = {"half": 0.5, "most": 0.8}


def plan_reviews(
    run: Run, claims: Iterable[Claim], region: str | None, now: datetime, within: timedelta
) -> tuple[Review, ...]:
    """The pre-reviews of a package made at `now`, due after `within` of the region's working time.

    Departments of a later position wait; their due time assumes that all before them take their full time. Raises
    PolicyError when the table of reviews names no place for a department.
    """
    parts: dict[Department, list[str]] = {department: [] for department in REVIEWERS}
    for claim in claims:
        for department in claim.departments & parts.keys():
            parts[department].append(claim.id)
    rules = load_review_rules()
    places = {one: review_place(rules, ReviewFacts(department=one, region=region)) for one in parts}
    positions = sorted({place.position for place in places.values()})
    calendar = calendar_of(region)

    def review(department: Department) -> Review:
        place = places[department]
        before = positions.index(place.position)
        return Review(
            id=f"{run.id}-{department}",
            run_id=run.id,
            department=department,
            due_at=add_working_time(calendar, now, within * (before + 1)),
            claims=tuple(parts[department]),
            position=place.position,
            quorum=place.quorum,
            status=ReviewStatus.WAITING if before else ReviewStatus.OPEN,
            opened_at=None if before else now,
        )

    return tuple(review(department) for department in parts)


def watch_package(platform: Platform, unit: Session, run: Run) -> None:
    """Have the package missed when it is late, in the transaction that accepts the request."""
    if run.status.is_over:
        return
    due_at = run.created_at + platform.settings.package_within
    unit.deadlines.set(run.requester.tenant, f"{run.id}-package", DeadlineKind.PACKAGE_DUE, run.id, due_at)


def begin_reviews(platform: Platform, unit: Session, tenant: str, package: Package) -> None:
    """Start the clocks of the reviews that are open, in the transaction that saves the package."""
    unit.deadlines.cancel(tenant, package.run_id)
    for review in package.reviews:
        change = hold(platform, unit, tenant, review.id, HUB)
        if change is not None and review.status is ReviewStatus.OPEN:
            change.record(ReviewEventKind.OPENED)
            _set_deadlines(change)


def after_decision(change: Change) -> None:
    """What follows a decision: its clock stops, the next position opens, the requester hears when all is decided."""
    unit, tenant = change.unit, change.tenant
    unit.deadlines.cancel(tenant, change.review.id)
    left = [review for review in unit.reviews.of_run(tenant, change.run.id) if not review.status.is_over]
    if not left:
        _end(change)
        return
    turn = min(review.position for review in left)
    for review in left:
        if review.position == turn and review.status is ReviewStatus.WAITING:
            _open(replace(change, review=review, actor=HUB))


def _open(change: Change) -> None:
    due_at = add_working_time(change.calendar, change.now, change.within)
    opened = change.set(status=ReviewStatus.OPEN, opened_at=change.now, due_at=due_at)
    opened.record(ReviewEventKind.OPENED)
    opened.tell(REVIEW_REQUESTED, claims=len(opened.review.claims))
    _set_deadlines(opened)


def _set_deadlines(change: Change) -> None:
    review, deadlines = change.review, change.unit.deadlines
    for name, part in REMINDERS.items():
        at = add_working_time(change.calendar, change.now, change.within * part)
        deadlines.set(change.tenant, f"{review.id}-{name}", DeadlineKind.REVIEW_REMINDER, review.id, at)
    deadlines.set(change.tenant, f"{review.id}-due", DeadlineKind.REVIEW_DUE, review.id, review.due_at)


def _end(change: Change) -> None:
    reviews = change.unit.reviews.of_run(change.tenant, change.run.id)
    results = {review.department.value: review.status.value for review in reviews}
    change.unit.notifications.send(
        change.tenant,
        change.run.id,
        f"{change.run.id}-reviews_done",
        "reviews_done",
        Department.SALES,
        recipient=change.requester,
        body=results,
        at=change.now,
    )
    entry = AuditEntry(actor=HUB, action="visit.reviews_done", subject=change.run.id, body=results)
    change.unit.audit.append(change.tenant, entry, at=change.now)
