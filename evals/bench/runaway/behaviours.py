"""The ways in which a model can run away; each says what one call of it brings, piece by piece."""

import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

from core.model_settings import ModelRole

Wanted: TypeAlias = tuple[str, dict[str, Any]]

PRODUCTS = ("CP-200", "SC-75", "VS-300", "RB-60", "VD-37")
_FLOOD = 4_000
_FLOOD_PIECE = "and on it goes without an end " * 8
_MANY_CALLS = 150
_HUGE = 300_000


class FellOverError(Exception):
    """The model's own failure."""


@dataclass
class Call:
    """One call of a model: its number in the turn, and whether tools came with it."""

    number: int
    planning: bool
    rng: random.Random = field(repr=False)


Behaviour: TypeAlias = Callable[[Call], AsyncIterator[AIMessageChunk]]


def _calls(*wanted: Wanted) -> AIMessageChunk:
    parts = [
        tool_call_chunk(name=name, args=json.dumps(args), id=f"call_{place}", index=place)
        for place, (name, args) in enumerate(wanted)
    ]
    return AIMessageChunk(content="", tool_call_chunks=parts)


def _stock(product: str, **more: Any) -> Wanted:
    return "check_stock", {"product_ids": [product], **more}


async def repeats(call: Call) -> AsyncIterator[AIMessageChunk]:
    """The same call again and again."""
    del call
    yield _calls(_stock("CP-200"), ("look_again", {}))


async def wanders(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Always one more call, a new one each time, and another look after it."""
    yield _calls(_stock(call.rng.choice(PRODUCTS), quantity=call.number + 1), ("look_again", {}))


async def recurses(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Another look, and nothing else."""
    del call
    yield _calls(("look_again", {}))


async def wants_everything(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Far too many calls at once."""
    yield _calls(*(_stock(call.rng.choice(PRODUCTS), quantity=number + 1) for number in range(_MANY_CALLS)))


async def writes_everything(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Far too many writes at once."""
    wanted = {"account": "Helios", "subject": "Call"}
    yield _calls(*(("create_task", {**wanted, "subject": f"Call {call.rng.random()}"}) for _ in range(_MANY_CALLS)))


async def invents_tools(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Tools that nobody offered."""
    yield _calls((f"delete_company_{call.number}", {"sure": True}), ("look_again", {}))


async def misfits(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Arguments that fit no tool."""
    yield _calls(("check_stock", {"product_ids": call.rng.randrange(9), "colour": "blue"}), ("look_again", {}))


async def mumbles(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Arguments that are no JSON."""
    part = tool_call_chunk(name="check_stock", args='{"product_ids": ["CP-', id=f"call_{call.number}", index=0)
    yield AIMessageChunk(content="", tool_call_chunks=[part])


async def bloats(call: Call) -> AsyncIterator[AIMessageChunk]:
    """One argument the size of a book."""
    del call
    yield _calls(_stock("x" * _HUGE), ("look_again", {}))


async def floods(call: Call) -> AsyncIterator[AIMessageChunk]:
    """A look-up, then text without an end; without tools only the text."""
    if call.planning and call.number == 0:
        yield _calls(_stock("CP-200"))
        return
    for _ in range(_FLOOD):
        yield AIMessageChunk(content=_FLOOD_PIECE)


async def babbles(call: Call) -> AsyncIterator[AIMessageChunk]:
    """Text without an end from the first word on."""
    del call
    for _ in range(_FLOOD):
        yield AIMessageChunk(content=_FLOOD_PIECE)


async def says_nothing(call: Call) -> AsyncIterator[AIMessageChunk]:
    """An empty answer every time."""
    del call
    yield AIMessageChunk(content="")


async def falls_over(call: Call) -> AsyncIterator[AIMessageChunk]:
    """An error every time."""
    if call.number >= 0:
        raise FellOverError(call.number)
    yield AIMessageChunk(content="")


BEHAVIOURS: tuple[Behaviour, ...] = (
    repeats, wanders, recurses, wants_everything, writes_everything, invents_tools, misfits, mumbles, bloats, floods,
    babbles, says_nothing, falls_over,
)  # fmt: skip


@dataclass
class Ran:
    """What a model did for one question in one of its parts: its calls, its tokens, and calls begun with none left."""

    limit: int
    calls: int = 0
    tokens: int = 0
    late: int = 0


class Runaway(BaseChatModel):
    """A chat model that behaves as it is told for the question at hand, and keeps count of what it did.

    `reports` is whether it tells what its calls cost, as most endpoints do.
    """

    behaviour: Behaviour = repeats
    seed: int = 0
    reports: bool = True
    ran: dict[ModelRole, Ran] = Field(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "runaway"

    def begin(self, behaviour: Behaviour, seed: int, limits: Mapping[ModelRole, Mapping[str, int]]) -> None:
        """Another question comes, within these limits."""
        self.behaviour, self.seed, self.reports = behaviour, seed, bool(seed % 2)
        self.ran = {role: Ran(told["tokens"]) for role, told in limits.items()}

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, Any]:
        """The model, told of tools."""
        return self.bind(tools=tools, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise AssertionError("asked synchronously")

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        planning = "tools" in kwargs
        ran = self.ran[ModelRole.PLANNER if planning else ModelRole.WRITER]
        call = Call(ran.calls, planning, random.Random(self.seed + ran.calls))
        ran.late += ran.tokens >= ran.limit
        ran.calls += 1
        given = (len(str(kwargs.get("tools", ""))) + sum(len(str(message.content)) for message in messages)) // 4
        ran.tokens += given if self.reports else 0
        async for chunk in self.behaviour(call):
            made = len(str(chunk.content)) + sum(len(part["args"] or "") for part in chunk.tool_call_chunks)
            ran.tokens += made // 4
            if self.reports:
                told = UsageMetadata(input_tokens=given, output_tokens=made // 4, total_tokens=given + made // 4)
                chunk.usage_metadata, given = told, 0
            yield ChatGenerationChunk(message=chunk)
