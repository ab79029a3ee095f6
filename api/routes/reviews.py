"""Pre-reviews: what waits for departments, and deciding it."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.deps import CallerDep, PlatformDep
from core.domain.contracts import Department
from core.domain.notifications import Notification
from core.domain.reviews import DelayReason, ReviewEdit, ReviewTask
from hub.deadlines import list_notifications
from hub.installation import Platform
from hub.reviews.claim_edits import edit_claim
from hub.reviews.cycle_times import CycleTimes, cycle_times
from hub.reviews.decisions import approve_review, reject_review
from hub.reviews.reading import ReviewDetail, get_review, is_overdue, list_reviews
from hub.reviews.talk import answer_question, ask_back, delegate_review, note_delay, start_review

router = APIRouter(tags=["reviews"])

ReviewId = Annotated[str, Path(max_length=100)]
Said = Annotated[str, Field(min_length=1, max_length=2000)]
Revision = Annotated[int, Field(ge=0, le=10**6, description="The revision that was read")]


class ListedReview(ReviewTask):
    """A review in the list."""

    overdue: bool


class ReviewList(BaseModel):
    """Reviews, the most urgent first."""

    reviews: list[ListedReview]


class NotificationList(BaseModel):
    """Notifications, newest first."""

    notifications: list[Notification]


class Approval(BaseModel):
    """An agreement to what was read."""

    revision: Revision
    comment: str = Field(default="", max_length=2000)


class Rejection(BaseModel):
    """A refusal of what was read."""

    revision: Revision
    reason: Said


class Edit(BaseModel):
    """A sentence as it should read."""

    revision: Revision
    claim: str = Field(min_length=1, max_length=100)
    text: Said


class Question(BaseModel):
    """A question to the requester."""

    question: Said


class Answer(BaseModel):
    """The requester's answer."""

    text: Said


class Delegation(BaseModel):
    """Who gets the review."""

    to: str = Field(min_length=1, max_length=64)


class Delay(BaseModel):
    """Why a review takes long."""

    reason: DelayReason
    note: str | None = Field(default=None, max_length=2000)


@router.get("/notifications")
def notifications(
    platform: PlatformDep, caller: CallerDep, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> NotificationList:
    """What the caller or one of their departments was told."""
    return NotificationList(notifications=list_notifications(platform, caller, limit))


@router.get("/reviews")
def reviews(
    platform: PlatformDep,
    caller: CallerDep,
    department: Department | None = None,
    mine: Annotated[bool, Query(description="Only what waits for the caller")] = False,
    over: Annotated[bool, Query(description="With those that are decided")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> ReviewList:
    """Reviews the caller may see."""
    tasks = list_reviews(platform, caller, department=department, mine=mine, over=over, limit=limit)
    return ReviewList(reviews=[_listed(platform, task) for task in tasks])


def _listed(platform: Platform, task: ReviewTask) -> ListedReview:
    fields = {name: getattr(task, name) for name in ReviewTask.model_fields}
    return ListedReview(**fields, overdue=is_overdue(task.review, platform.clock.now()))


# Before the reviews by id, of which none is called so.
@router.get("/reviews/times")
def times(platform: PlatformDep, caller: CallerDep, since: date | None = None) -> CycleTimes:
    """How long reviews take: waiting and working, by department and by reason of delay."""
    return cycle_times(platform, caller, datetime.combine(since, time.min, UTC) if since else None)


@router.get("/reviews/{review_id}")
def review(platform: PlatformDep, caller: CallerDep, review_id: ReviewId) -> ReviewDetail:
    """A department's part with its sources, clock, edits and history."""
    return get_review(platform, caller, review_id)


@router.post("/reviews/{review_id}/start")
def start(platform: PlatformDep, caller: CallerDep, review_id: ReviewId) -> ReviewTask:
    """Take a review."""
    return start_review(platform, caller, review_id)


@router.post("/reviews/{review_id}/approve")
def approve(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Approval) -> ReviewTask:
    """Agree to the part; refused when it was edited since it was read."""
    return approve_review(platform, caller, review_id, revision=sent.revision, comment=sent.comment)


@router.post("/reviews/{review_id}/reject")
def reject(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Rejection) -> ReviewTask:
    """Refuse the part, with the reason that the requester reads."""
    return reject_review(platform, caller, review_id, reason=sent.reason, revision=sent.revision)


@router.post("/reviews/{review_id}/edits", status_code=201)
def edit(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Edit) -> ReviewEdit:
    """Change a sentence; what its sources do not bear out is marked as the reviewer's own statement."""
    return edit_claim(platform, caller, review_id, sent.claim, sent.text, revision=sent.revision)


@router.post("/reviews/{review_id}/ask")
def ask(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Question) -> ReviewTask:
    """Ask the requester; the department's clock stands still until the answer."""
    return ask_back(platform, caller, review_id, sent.question)


@router.post("/reviews/{review_id}/answer")
def answer(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Answer) -> ReviewTask:
    """Answer a department's question."""
    return answer_question(platform, caller, review_id, sent.text)


@router.post("/reviews/{review_id}/delegate")
def delegate(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Delegation) -> ReviewTask:
    """Give a review to a colleague of the department."""
    return delegate_review(platform, caller, review_id, sent.to)


@router.post("/reviews/{review_id}/delay")
def delay(platform: PlatformDep, caller: CallerDep, review_id: ReviewId, sent: Delay) -> ReviewTask:
    """Record why a review takes long."""
    return note_delay(platform, caller, review_id, sent.reason, sent.note)
