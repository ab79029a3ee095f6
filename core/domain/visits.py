"""A visit request and the run that answers it."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen
from core.identity import Caller
from core.language import Lang


class VisitRequest(Frozen):
    """What the regional manager asks. `at` is the planned day; a day in the past asks for the package as of that day.

    `account` is a name, alias or id; `attendees` are names of people at the account.
    """

    account: str = Field(min_length=1, max_length=200)
    purpose: str = Field(min_length=1, max_length=2000)
    at: date | None = None
    attendees: tuple[str, ...] = Field(default=(), max_length=50)
    lang: Lang = Lang.EN


class RunStatus(StrEnum):
    """How far a run is. `complete` has every section; `partial` has sections that are missing, with reasons."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


class Run(Frozen):
    """One run of a visit request, as stored. It reads with the rights `requester` had when asking."""

    id: str
    account_id: str
    account: str
    request: VisitRequest
    requester: Caller
    status: RunStatus
    reason: str | None = None
    created_at: AwareDatetime
    finished_at: AwareDatetime | None = None


class StepStatus(StrEnum):
    """State of one step of a run."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class RunEvent(Frozen):
    """Progress of a run; `seq` counts from 1 within it. `detail` is a short code or figure, not a sentence."""

    seq: int
    step: str
    status: StepStatus
    detail: str | None = None
    at: datetime
