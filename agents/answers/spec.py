"""What every question is made of that a specialist answers in chat."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import Field

from agents.spec import AgentInput, AgentOutput, Notebook
from core.domain.base import Frozen
from core.identity import Caller
from tools.spec import ToolArgs

Args = TypeVar("Args", bound=ToolArgs)


class Reader(Protocol):
    """Asks a read tool by name, with the rights of whoever asked the question."""

    async def __call__(self, tool: str, args: ToolArgs) -> Any:
        """The tool's result. Raises `core.errors.SourceError` when its system does not answer usefully."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question's surroundings: who asks, when, in which language, and how to read."""

    caller: Caller
    now: datetime
    given: AgentInput
    read: Reader


class Told(Frozen):
    """What an answer concludes beside its sentences; fields that programs and tests may rely on, JSON values."""

    facts: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerSpec(Generic[Args]):
    """A question that `agent` answers in chat, called as a tool by its `name`.

    `purpose` says in English, for planners and models, when it fits. `run` reads what it needs, side by side where it
    can, and writes claims into the notebook, which belongs to `agent`; it computes, and writes to no system.
    """

    name: str
    agent: str
    purpose: str
    args_model: type[Args]
    run: Callable[[Asking, Args, Notebook], Awaitable[AgentOutput[Told]]]
