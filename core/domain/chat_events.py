"""What is told while a question is answered, in the order in which it happens."""

from enum import StrEnum
from typing import TypeAlias

from core.domain.base import Frozen
from core.domain.chat import Answer


class StepState(StrEnum):
    """How far one call is."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class Began(Frozen):
    """The question is on record, in this thread."""

    thread: str


class Step(Frozen):
    """A specialist takes up a call, or is done with it."""

    agent: str
    tool: str
    state: StepState


class Words(Frozen):
    """More of the answer's text. What was said may still be corrected: the text that counts comes with `Done`."""

    text: str


class Done(Frozen):
    """The end, always the last event."""

    answer: Answer


ChatEvent: TypeAlias = Began | Step | Words | Done
