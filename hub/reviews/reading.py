"""What reviewers see: the list of their tasks, and of a package their department's part with its history."""

from datetime import datetime, timedelta

from core.domain.base import Evidence, Frozen
from core.domain.claims import Claim
from core.domain.contracts import Department
from core.domain.packages import Package
from core.domain.reviews import Review, ReviewEdit, ReviewEvent, ReviewStatus, ReviewTask
from core.errors import NotFoundError
from core.identity import Caller
from core.policy.calendar import calendar_of, working_time
from hub.installation import Platform
from hub.reviews.changing import revision_of, unknown_review
from hub.reviews.rights import require_sight
from hub.visits import get_run, read_package


class Part(Frozen):
    """One department's part of a package: its claims and the evidence they cite, nothing else."""

    run_id: str
    account: str
    purpose: str
    review: Review
    claims: tuple[Claim, ...]
    evidence: dict[str, Evidence]


class ReviewDetail(Frozen):
    """A part with its clock and history.

    `left` is the working time until it is due, in whole seconds; None while the clock stands still or all is decided.
    A decision names the `revision` it was made on.
    """

    part: Part
    requester: str
    revision: int
    overdue: bool
    left: timedelta | None
    history: tuple[ReviewEvent, ...]
    edits: tuple[ReviewEdit, ...]


def list_reviews(
    platform: Platform,
    caller: Caller,
    *,
    department: Department | None = None,
    mine: bool = False,
    over: bool = False,
    limit: int = 200,
) -> list[ReviewTask]:
    """Reviews the caller may see, the most urgent first; `mine` are those that wait for the caller.

    Those that are decided come only with `over`, after the others, the latest decided first.
    """
    with platform.store.read() as unit:
        return unit.reviews.list(caller, department=department, mine=mine, over=over, limit=limit)


def is_overdue(review: Review, now: datetime) -> bool:
    """Whether the department should have decided by now; never while it waits for an answer or for its turn."""
    return review.status is ReviewStatus.OPEN and now > review.due_at


def get_part(platform: Platform, caller: Caller, run_id: str, department: Department) -> Part:
    """The department's part, for its own people, managers, and the requester.

    NotFoundError when the department does not review this package, ForbiddenError for people of another department.
    """
    requester = get_run(platform, caller, run_id).requester.user
    package = read_package(platform, caller, run_id)
    review = next((review for review in package.reviews if review.department is department), None)
    if review is None:
        names = [review.department.value for review in package.reviews]
        raise NotFoundError(
            f"{department} does not review this package", field="department", remedy="Use a reviewer.", nearest=names
        )
    require_sight(caller, review, requester)
    return _part(package, review)


def get_review(platform: Platform, caller: Caller, review_id: str) -> ReviewDetail:
    """A review's part with its clock and history; NotFoundError and ForbiddenError as for `get_part`."""
    with platform.store.read() as unit:
        review = unit.reviews.get(caller.tenant, review_id)
        run = unit.visits.get(caller, review.run_id) if review else None
        if review is None or run is None:
            raise unknown_review(review_id)
        require_sight(caller, review, run.requester.user)
        history = unit.reviews.events(caller.tenant, [review_id])
        edits = unit.reviews.edits(caller.tenant, run.id)
        region = unit.reviews.region(caller.tenant, run.account_id)
    part = _part(read_package(platform, caller, run.id), review)
    now = platform.clock.now()
    shown = {claim.id for claim in part.claims}
    return ReviewDetail(
        part=part,
        requester=run.requester.user,
        revision=revision_of(review, edits),
        overdue=is_overdue(review, now),
        left=_left(region, now, review) if review.status is ReviewStatus.OPEN else None,
        history=tuple(history),
        edits=tuple(edit for edit in edits if edit.claim_id in shown),
    )


def _left(region: str | None, now: datetime, review: Review) -> timedelta:
    return timedelta(seconds=int(working_time(calendar_of(region), now, review.due_at).total_seconds()))


def _part(package: Package, review: Review) -> Part:
    claims = tuple(claim for claim in package.claims if claim.id in review.claims)
    shown = {claim.id for claim in claims}
    cited = {evidence_id for claim in claims for evidence_id in claim.evidence}
    return Part(
        run_id=package.run_id,
        account=package.account,
        purpose=package.purpose,
        review=review.model_copy(update={"claims": tuple(each for each in review.claims if each in shown)}),
        claims=claims,
        evidence={id_: evidence for id_, evidence in package.evidence.items() if id_ in cited},
    )
