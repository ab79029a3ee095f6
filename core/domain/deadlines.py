"""Deadlines: moments at which the hub acts by itself, once each."""

from enum import StrEnum

from pydantic import AwareDatetime

from core.domain.base import Frozen


class DeadlineKind(StrEnum):
    """What happens when the moment comes and nobody cancelled it."""

    PACKAGE_DUE = "package.due"
    REVIEW_REMINDER = "review.reminder"
    REVIEW_DUE = "review.due"
    ANSWER_DUE = "answer.due"


class DeadlineStatus(StrEnum):
    """`open` until it acted or was cancelled; only a cancelled one can be set again."""

    OPEN = "open"
    ACTED = "acted"
    CANCELLED = "cancelled"


class Deadline(Frozen):
    """One deadline; `subject` is the id of the run or the review it watches."""

    id: str
    kind: DeadlineKind
    subject: str
    due_at: AwareDatetime
    status: DeadlineStatus = DeadlineStatus.OPEN
    acted_at: AwareDatetime | None = None
