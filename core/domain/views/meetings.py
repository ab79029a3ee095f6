"""What a meeting came to: the meetings agent's view."""

from datetime import date
from enum import StrEnum

from core.domain.base import Frozen
from core.domain.money import Money
from core.language import Lang


class Undecided(StrEnum):
    """Why something spoken of does not count as decided."""

    DENIED = "denied"
    CONDITIONAL = "conditional"
    DEFERRED = "deferred"
    CONSIDERED = "considered"
    ASKED = "asked"
    CONTESTED = "contested"


class Said(Frozen):
    """A sentence of the meeting.

    `evidence` is verbatim, `text` the same without fillers and repeated words, or in reported speech. `at` is the start
    of the turn in seconds, or, where the transcript gives no times, the turn's number, counted from 0, as `turn` is.
    """

    at: float
    turn: int
    speaker: str
    text: str
    evidence: str
    lang: Lang


class Open(Said):
    """Something that was not decided, and why."""

    why: Undecided


class ActionItem(Said):
    """What somebody is to do. `due` is None when no day is named, or none can be told without the meeting's date."""

    owner: str
    due: date | None = None
    due_said: str = ""


class Noted(Said):
    """An objection or a competitor; `label` as the intent agent's signals have it."""

    label: str


class Priced(Said):
    """Money spoken of, amounts with their currency where one is named."""

    amounts: tuple[Money, ...] = ()


class Timed(Said):
    """When something is to happen: the days named, empty when only a span or no computable day is."""

    days: tuple[date, ...] = ()


class Segment(Frozen):
    """A stretch of the meeting about one thing: the words that set it apart, and its most telling sentence."""

    words: tuple[str, ...]
    first_turn: int
    last_turn: int
    at: float
    told: Said


class MeetingsView(Frozen):
    """Minutes. `timed`: `at` counts seconds, not turns. `answer` is to the query, empty without one."""

    timed: bool
    held_on: date | None
    languages: dict[Lang, float]
    speakers: tuple[str, ...]
    summary: tuple[Said, ...] = ()
    answer: tuple[Said, ...] = ()
    topics: tuple[Segment, ...] = ()
    decisions: tuple[Said, ...] = ()
    not_decided: tuple[Open, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    questions: tuple[Said, ...] = ()
    objections: tuple[Noted, ...] = ()
    competitors: tuple[Noted, ...] = ()
    budget: tuple[Priced, ...] = ()
    timing: tuple[Timed, ...] = ()
    quotes: tuple[Said, ...] = ()
