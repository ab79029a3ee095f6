"""One change of a pre-review: its run held, its state compared, and everything on record in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.domain.audit import AuditEntry
from core.domain.contracts import Department
from core.domain.reviews import Review, ReviewEdit, ReviewEvent, ReviewEventKind, ReviewStatus, ReviewTask
from core.domain.visits import Run
from core.errors import ConflictError, NotFoundError
from core.identity import Caller
from core.policy.calendar import Calendar, calendar_of
from db.store import Session
from hub.installation import Platform

HUB = "hub"


@dataclass(frozen=True)
class Change:
    """A review with its run, held by this transaction, and who is changing it.

    `calendar` is that of the account's region; `within` is the working time that a department has.
    """

    unit: Session
    tenant: str
    review: Review
    run: Run
    actor: str
    now: datetime
    calendar: Calendar
    within: timedelta

    @property
    def requester(self) -> str:
        """Id of the user who asked for the visit."""
        return self.run.requester.user

    def events(self) -> list[ReviewEvent]:
        """What happened to the review so far."""
        return self.unit.reviews.events(self.tenant, [self.review.id])

    def revision(self) -> int:
        """How many edits the review's claims have had."""
        return revision_of(self.review, self.unit.reviews.edits(self.tenant, self.run.id))

    def agreed(self) -> frozenset[str]:
        """Who has agreed to the sentences as they read now."""
        approved, revision = ReviewEventKind.APPROVED, self.revision()
        return frozenset(
            event.actor for event in self.events() if event.kind is approved and event.body.get("revision") == revision
        )

    def record(self, kind: ReviewEventKind, **body: Any) -> ReviewEvent:
        """Put on record what happened, in the review's history and in the audit log."""
        event = self.unit.reviews.append(self.tenant, self.review.id, kind, self.actor, body=body, at=self.now)
        entry = AuditEntry(
            actor=self.actor, action=f"review.{kind}", subject=self.review.id, body={"run": self.run.id, **body}
        )
        self.unit.audit.append(self.tenant, entry, at=self.now)
        return event

    def set(self, **changes: Any) -> "Change":
        """The change of a review that was changed so; ConflictError when somebody else was faster."""
        if not self.unit.reviews.change(self.tenant, self.review, **changes):
            raise ConflictError(
                "the review has changed meanwhile",
                field="review",
                remedy="Look at it again with `saleshub reviews show`.",
            )
        return replace(self, review=self.review.model_copy(update=changes))

    def tell(self, kind: str, mark: object = "", *, to: str | None = None, **body: Any) -> None:
        """Notify a user, or the whole department; `mark` tells repeated notices of one kind apart."""
        parts = (self.review.id, kind, str(mark), to or "")
        self.unit.notifications.send(
            self.tenant,
            self.run.id,
            "-".join(filter(None, parts)),
            kind,
            Department(self.review.department),
            recipient=to,
            body={"review": self.review.id, "due_at": self.review.due_at.isoformat(), **body},
            at=self.now,
        )

    def task(self) -> ReviewTask:
        """The review as a list shows it."""
        return ReviewTask(
            review=self.review,
            account=self.run.account,
            account_id=self.run.account_id,
            requester=self.requester,
            revision=self.revision(),
            made_at=self.run.finished_at,
        )


def revision_of(review: Review, edits: list[ReviewEdit]) -> int:
    """How many of a run's edits concern the review's claims."""
    return sum(edit.claim_id in review.claims for edit in edits)


@contextmanager
def changing(platform: Platform, caller: Caller, review_id: str) -> Iterator[Change]:
    """Hold a review that the caller may know of; NotFoundError otherwise. What is not yet opened can be changed too."""
    with platform.store.write() as unit:
        change = hold(platform, unit, caller.tenant, review_id, caller.user)
        if change is None or unit.visits.get(caller, change.run.id) is None:
            raise unknown_review(review_id)
        yield change


def hold(platform: Platform, unit: Session, tenant: str, review_id: str, actor: str) -> Change | None:
    """Hold a review in a transaction, for `actor`; None when there is none with this id."""
    known = unit.reviews.get(tenant, review_id)
    if known is None:
        return None
    unit.reviews.lock(tenant, known.run_id)
    review = unit.reviews.get(tenant, review_id)
    assert review is not None  # noqa: S101
    run = unit.visits.load(tenant, review.run_id)
    return Change(
        unit=unit,
        tenant=tenant,
        review=review,
        run=run,
        actor=actor,
        now=platform.clock.now(),
        calendar=calendar_of(unit.reviews.region(tenant, run.account_id)),
        within=platform.settings.review_within,
    )


def require_going(review: Review, *statuses: ReviewStatus) -> None:
    """ConflictError unless the review stands in one of the statuses."""
    if review.status not in statuses:
        wanted = " or ".join(statuses)
        raise ConflictError(
            f"the review is {review.status}, not {wanted}",
            field="review",
            remedy="Its history tells why: `saleshub reviews show`.",
        )


def unknown_review(review_id: str) -> NotFoundError:
    """There is no such review, or the caller may not know of it."""
    return NotFoundError(f"no review “{review_id}”", field="review", remedy="Use an id from `saleshub reviews list`.")
