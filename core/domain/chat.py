"""Chat: threads of questions, and answers whose every statement names its specialist and its records."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen
from core.domain.claims import ClaimState
from core.language import Lang


class AnswerStatus(StrEnum):
    """How a question ended: answered, asked back, declined, or stopped before its end."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    REFUSED = "refused"
    STOPPED = "stopped"


class Reason(StrEnum):
    """Why a question did not end with an answer; none of these is an error of the program."""

    AMBIGUOUS_NAME = "ambiguous_name"
    MISSING_ARGUMENT = "missing_argument"
    UNSURE = "unsure"
    OUT_OF_SCOPE = "out_of_scope"
    NEEDS_MODEL = "needs_model"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    SOURCE_DOWN = "source_down"
    BUDGET_CALLS = "budget_calls"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_MONEY = "budget_money"
    BUDGET_TIME = "budget_time"
    DEPTH = "depth"
    REPEATING = "repeating"
    CANCELLED = "cancelled"
    MODEL_FAILED = "model_failed"


class Call(Frozen):
    """A tool that was called for an answer: by which agent, with which resolved arguments (JSON values)."""

    agent: str
    tool: str
    args: dict[str, Any] = Field(default_factory=dict)


class Source(Frozen):
    """A record that an answer cites; `id` is the evidence id, `quote` is verbatim."""

    id: str
    system: str
    record: str
    quote: str


class Statement(Frozen):
    """One sentence of an answer: who says so, and the ids of the sources it rests on."""

    text: str
    agent: str
    state: ClaimState
    sources: tuple[str, ...] = ()


class Choice(Frozen):
    """One way to answer when the assistant asks back: what a person reads, and what to send."""

    label: str
    message: str


class Answer(Frozen):
    """What came of one question.

    `answer` is the whole text in `lang`; `statements` are its sentences with their sources. `confidence` is the
    calibrated probability that the calls are what was meant; None when a language model chose them. `proposals` are
    ids of proposed effects: nothing has been written by them. `output_tokens` are those of `tokens` that models wrote.
    `elapsed_ms` is wall time.
    """

    thread: str
    answer: str
    lang: Lang
    status: AnswerStatus
    reason: Reason | None = None
    confidence: float | None = None
    calls: tuple[Call, ...] = ()
    sources: tuple[Source, ...] = ()
    proposals: tuple[str, ...] = ()
    model_calls: int = 0
    tokens: int = 0
    output_tokens: int = 0
    elapsed_ms: int = 0
    statements: tuple[Statement, ...] = ()
    choices: tuple[Choice, ...] = ()


class Turn(Frozen):
    """One question of a thread, and its answer."""

    id: str
    question: str
    asked_at: AwareDatetime
    answer: Answer


class Thread(Frozen):
    """A conversation of one user, about one account or deal where these are named."""

    id: str
    user: str
    title: str
    account_id: str | None = None
    opportunity_id: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
