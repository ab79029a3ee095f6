"""A customer's message that waits for our answer: what it moved, who answers, and a drafted reply."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from core.domain.base import Evidence, Frozen
from core.domain.views.reply import ReplyDraft
from core.domain.views.stage import BuyingStage


class InboundStatus(StrEnum):
    """`new` is being worked on, `waiting` has its draft, `failed` could not be prepared; the others are over."""

    NEW = "new"
    WAITING = "waiting"
    FAILED = "failed"
    ANSWERED = "answered"
    DISMISSED = "dismissed"

    @property
    def is_over(self) -> bool:
        """Whether a person has dealt with the message."""
        return self in (InboundStatus.ANSWERED, InboundStatus.DISMISSED)


class StageMove(Frozen):
    """Where the buyer stands with the message, and stood before it; `share` (0–1) is the belief in `after`.

    `urgency` in 0–1. `telling` says that the message itself carried a signal; without one nothing moved.
    """

    before: BuyingStage | None = None
    after: BuyingStage
    share: float
    urgency: float
    telling: bool


class Inbound(Frozen):
    """A message, by the id of its interaction, and how far its answer is.

    `assigned_to` is the user who answers; None when no owner is known. `edited` is the reply as it was sent.
    """

    id: str
    account_id: str
    status: InboundStatus
    received_at: AwareDatetime
    noticed_at: AwareDatetime
    prepared_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    assigned_to: str | None = None
    ended_by: str | None = None
    edited: str | None = None
    stage: StageMove | None = None
    draft: ReplyDraft | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)


def answered_within(message: Inbound, at: datetime) -> float:
    """Hours from its receipt to the end of the message, or to `at` while it waits."""
    return ((message.ended_at or at) - message.received_at).total_seconds() / 3600
