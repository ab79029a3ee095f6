"""What goes to a model and what comes from it, apart from any protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


class Tool(Protocol):
    """A tool as models are shown it; `parameters` is the JSON schema of an object."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """What it is for."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The JSON schema of its arguments."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model asks for: a known tool, and arguments that fit its schema. `id` is unique in its reply."""

    id: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a dialogue.

    An assistant's message has `calls` when it asked for tools; a tool's message has the `call_id` it answers and the
    tool's `name`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a model wants next: calls to make side by side, or a text; `cut` when an answer's limit ended it."""

    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a model: the stable part first (tools, answer's schema), then the messages, then the limit."""

    messages: tuple[Message, ...]
    most: int
    tools: tuple[Tool, ...] = ()
    shape: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CallPart:
    """A piece of a tool call as it is streamed; pieces of the same `index` belong together."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens as the endpoint counts them."""

    input: int
    output: int
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply. `finish` is why the model ended, in the last piece that has any."""

    text: str = ""
    calls: tuple[CallPart, ...] = ()
    tokens: Tokens | None = None
    finish: str | None = None


@dataclass(slots=True)
class Reply:
    """A whole reply, put together from its pieces."""

    text: str = ""
    calls: dict[int, CallPart] = field(default_factory=dict)
    finish: str | None = None
    _places: dict[int, int] = field(default_factory=dict)

    def add(self, delta: Delta) -> None:
        """Take one more piece in."""
        self.text += delta.text
        self.finish = delta.finish or self.finish
        for part in delta.calls:
            index = self._index(part)
            known = self.calls.get(index, CallPart(index))
            self.calls[index] = CallPart(
                index, known.id or part.id, known.name or part.name, known.arguments + part.arguments
            )

    def _index(self, part: CallPart) -> int:
        # Some servers number every call of a reply 0 and tell them apart by their ids alone.
        index = self._places.setdefault(part.index, part.index)
        known = self.calls.get(index)
        if known is not None and part.id and part.name and part.id != known.id:
            index = self._places[part.index] = max(self.calls) + 1
        return index
