"""What a thread remembers between two messages, and what is made of one message. All of it turns into JSON."""

from enum import StrEnum
from typing import Any

from core.domain.base import Frozen
from core.domain.chat import Call, Choice, Reason
from core.language import Lang


class Status(StrEnum):
    """What to do about a message: run the calls, ask back, or decline."""

    PLAN = "plan"
    CLARIFY = "clarify"
    REFUSE = "refuse"


class Focus(Frozen):
    """What the conversation is about: records, by ids that the caller could see when they were said, and how many."""

    account_id: str | None = None
    opportunity_id: str | None = None
    contact_id: str | None = None
    product_ids: tuple[str, ...] = ()
    quantity: int | None = None


class Option(Frozen):
    """One answer to an open question: what a person reads, the id that it stands for, and other ways to say it."""

    label: str
    value: str
    also: tuple[str, ...] = ()


class Pending(Frozen):
    """A call of the same message that will be asked back for in its turn, too, and why."""

    call: Call
    slot: str
    reason: Reason
    options: tuple[Option, ...] = ()


class OpenQuestion(Frozen):
    """What was asked back: the argument `slot` of the call `pending` is missing or ambiguous.

    `before` and `after` are the calls of the same message that were understood and wait with it, `later` those that
    lack something themselves, `uncovered` its parts that were not understood. `said` is the text that the pending call
    was read from.
    """

    pending: Call
    slot: str
    options: tuple[Option, ...] = ()
    before: tuple[Call, ...] = ()
    after: tuple[Call, ...] = ()
    later: tuple[Pending, ...] = ()
    uncovered: tuple[str, ...] = ()
    said: str = ""
    confidence: float = 1.0


class Dialogue(Frozen):
    """What a thread remembers. An empty one begins a conversation; `Understanding.dialogue` is the next one."""

    focus: Focus = Focus()
    last_calls: tuple[Call, ...] = ()
    question: OpenQuestion | None = None


class Understanding(Frozen):
    """What a message means.

    With the status PLAN, `calls` are to be run; `confidence` is the calibrated probability that all of them are what
    was meant. With CLARIFY, `asking` words what to ask back, `choices` are ready answers. With REFUSE, `reason` says
    why. `uncovered` are parts of the message that were not understood. `dialogue` is to be kept for the next message.
    """

    status: Status
    calls: tuple[Call, ...] = ()
    confidence: float = 0.0
    reason: Reason | None = None
    choices: tuple[Choice, ...] = ()
    asking: str | None = None
    lang: Lang
    uncovered: tuple[str, ...] = ()
    dialogue: Dialogue = Dialogue()

    @property
    def focus(self) -> Focus:
        """The records that the next message is about, unless it says otherwise."""
        return self.dialogue.focus

    def to_json(self) -> dict[str, Any]:
        """As JSON values, for logs and measurements."""
        return self.model_dump(mode="json")
