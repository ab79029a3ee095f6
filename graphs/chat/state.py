"""What the chat graph carries from node to node, and what a turn is run with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Protocol, TypeAlias, TypedDict

from langgraph.runtime import Runtime
from langgraph.types import Command

from agents.understanding.dialogue import Dialogue, Understanding
from agents.understanding.names import Names
from core.domain.base import Frozen
from core.domain.chat import AnswerStatus, Call, Choice, Reason, Source, Statement
from core.domain.chat_events import Step, Words
from core.identity import Role
from core.language import Lang
from graphs.budget import Budget
from graphs.models.model import Model
from tools.spec import ToolArgs

Reach: TypeAlias = tuple[str | None, tuple[Role, ...]]
Json: TypeAlias = dict[str, Any]


class Said(Frozen):
    """What came of one call: sentences with their sources, proposed effects, or the reason why there are none.

    `rights` are region and audience of the records that the sentences tell of.
    """

    call: Call
    statements: tuple[Statement, ...] = ()
    sources: tuple[Source, ...] = ()
    proposals: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    reason: Reason | None = None
    rights: tuple[Reach, ...] = ()


class Outcome(Frozen):
    """How a turn ended, apart from its thread and its costs."""

    status: AnswerStatus
    reason: Reason | None = None
    statements: tuple[Statement, ...] = ()
    calls: tuple[Call, ...] = ()
    sources: tuple[Source, ...] = ()
    proposals: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    confidence: float | None = None
    rights: tuple[Reach, ...] = ()
    model: str = "embedded"


@dataclass(frozen=True, slots=True)
class ChatTool:
    """Something that can be called in chat. `run` never raises for what a person or a system did wrong.

    `writes` marks those that propose or file something: a model may call them only before it has read any record.
    """

    name: str
    agent: str
    purpose: str
    args_model: type[ToolArgs]
    run: Callable[[Call, ToolArgs], Awaitable[Said]]
    writes: bool = False
    # Whether its sentences are facts that a model may put into other words.
    facts: bool = True


@dataclass(frozen=True, slots=True)
class Assistant:
    """The models of one turn with what they may spend; without them the embedded engine stands alone."""

    planner: Model
    planner_budget: Budget
    writer: Model
    writer_budget: Budget


@dataclass(frozen=True, slots=True)
class ChatContext:
    """One turn's surroundings. `tools` are those that the caller may use; `most_calls` is their number in a turn.

    `said` collects what came of the calls by their place, so that a turn that is stopped keeps it.
    """

    lang: Lang
    today: date
    names: Names
    tools: Mapping[str, ChatTool]
    understand: Callable[[str, Dialogue], Understanding]
    tell: Callable[[Step | Words], None]
    most_calls: int
    most_rounds: int
    assistant: Assistant | None = None
    said: dict[int, Said] = field(default_factory=dict)


def merge(old: Json, new: Json | None) -> Json:
    """Reducer for calls that run side by side; None starts anew."""
    return {} if new is None else {**old, **new}


class ChatState(TypedDict, total=False):
    """JSON values. `dialogue` and `asked`, the last questions, outlive a turn; the rest is that of the turn.

    `covered` are the calls that the embedded engine understood, `uncovered` the parts that it did not; a model may
    then take over, and `rounds` are the calls that it asked for, round by round. `said` is what came of the calls by
    place.
    """

    question: str
    dialogue: Json
    asked: list[str]
    confidence: float | None
    by_model: bool
    covered: list[Json]
    uncovered: list[str]
    rounds: list[list[Json]]
    again: bool
    said: Annotated[Json, merge]
    outcome: Json


class Doing(TypedDict):
    """One call to run, and its place among those of the turn."""

    place: int
    call: Json


class Node(Protocol):
    """A node of the chat graph."""

    def __call__(self, state: ChatState, *, runtime: Runtime[ChatContext]) -> Awaitable[ChatState | Command[Any]]:
        """What the node adds to the state, and where the turn goes on."""
