"""Pre-reviews: a department's task on its part of a package, and everything that happened to it."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen
from core.domain.claims import ClaimState
from core.domain.contracts import Department


class ReviewStatus(StrEnum):
    """Where a pre-review stands. `waiting` for another department's turn, `asked` for the requester's answer."""

    WAITING = "waiting"
    OPEN = "open"
    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def is_over(self) -> bool:
        """Whether the department has decided."""
        return self in (ReviewStatus.APPROVED, ReviewStatus.REJECTED)


class DelayReason(StrEnum):
    """Why a review takes or took long, as the reviewer says."""

    MISSING_INFORMATION = "missing_information"
    UNCLEAR_TERMS = "unclear_terms"
    STOCK_NOT_CONFIRMED = "stock_not_confirmed"
    PRICE_BELOW_POLICY = "price_below_policy"
    EXTERNAL_COUNSEL = "external_counsel"
    WORKLOAD = "workload"
    ABSENCE = "absence"
    OTHER = "other"


class Review(Frozen):
    """A department's pre-review. `quorum` different people of the department must approve; one rejection ends it.

    Reviews of one `position` run side by side, lower positions first. `assignee` is a user id once somebody took it or
    it was delegated; None means anybody of the department may. `escalated_to` names who may decide as well since the
    review was due.
    """

    id: str
    run_id: str
    department: Department
    due_at: AwareDatetime
    claims: tuple[str, ...]
    position: int = 1
    quorum: int = 1
    status: ReviewStatus = ReviewStatus.OPEN
    assignee: str | None = None
    escalated_to: tuple[str, ...] = ()
    opened_at: AwareDatetime | None = None
    decided_at: AwareDatetime | None = None


class ReviewEventKind(StrEnum):
    """What can happen to a review."""

    OPENED = "opened"
    STARTED = "started"
    EDITED = "edited"
    ASKED = "asked"
    ANSWERED = "answered"
    DELEGATED = "delegated"
    DELAY_NOTED = "delay_noted"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    APPROVED = "approved"
    REJECTED = "rejected"


class ReviewEvent(Frozen):
    """One thing that happened to a review; `seq` counts from 1 within it, `actor` is a user id or `hub`."""

    review_id: str
    seq: int
    kind: ReviewEventKind
    actor: str
    at: AwareDatetime
    body: dict[str, Any] = Field(default_factory=dict)


class ReviewEdit(Frozen):
    """A reviewer's change of one claim's text, kept as a diff (unified, word by word); `seq` counts within the run.

    `state` is how well the new text stands: *unsupported* when it says what the claim's evidence does not.
    """

    review_id: str
    seq: int
    claim_id: str
    before: str
    after: str
    diff: str
    state: ClaimState
    by: str
    at: AwareDatetime


class ReviewTask(Frozen):
    """A review in a list: what it is about, who asked for the visit, and how many edits its sentences have had.

    A decision names the `revision` it was made on; `made_at` is when the package was.
    """

    review: Review
    account: str
    account_id: str
    requester: str
    revision: int = 0
    made_at: AwareDatetime | None = None
