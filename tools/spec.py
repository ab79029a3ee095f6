"""What every tool is made of. Identity comes from the context, never from a model's arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from core.domain.base import Frozen, System
from core.identity import Caller
from core.ports.memory import Memory
from core.ports.systems import Systems

Args = TypeVar("Args", bound="ToolArgs")
Result = TypeVar("Result")


class ToolArgs(Frozen):
    """Arguments a model or a graph may choose."""


class OfAccount(ToolArgs):
    """Arguments of a tool about one account."""

    account_id: str


class OfProducts(ToolArgs):
    """Arguments of a tool about some products."""

    product_ids: tuple[str, ...]


class NoArgs(ToolArgs):
    """No arguments."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool works with. `until` hides what happened later; None hides nothing."""

    caller: Caller
    systems: Systems
    memory: Memory
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec(Generic[Args, Result]):
    """A tool that reads. `run` raises `core.errors.SourceError` when its system does not answer usefully."""

    name: str
    purpose: str
    system: System
    args_model: type[Args]
    run: Callable[[ToolContext, Args], Awaitable[Result]]
