"""What every tool is made of. Identity comes from the context, never from a model's arguments."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from core.domain.base import Frozen, Record, System
from core.domain.effects import Proposal
from core.domain.payloads import PAYLOADS, Operation
from core.identity import Caller
from core.ports.memory import Memory
from core.ports.reading import Reading
from core.ports.systems import Systems

Args = TypeVar("Args", bound="ToolArgs")
Result = TypeVar("Result")
R = TypeVar("R", bound=Record)


class ToolArgs(Frozen):
    """Arguments a model or a graph may choose."""


class OfAccounts(ToolArgs):
    """Arguments of a tool about one account, or about every account that the caller may see."""

    account_id: str | None = None


class OfAccount(OfAccounts):
    """Arguments of a tool about one account."""

    account_id: str


class OfProducts(ToolArgs):
    """Arguments of a tool about some products."""

    product_ids: tuple[str, ...]


class NoArgs(ToolArgs):
    """No arguments."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool works with.

    `until` hides interactions that happened later, `past_day` records made after that day; None hides nothing.
    """

    caller: Caller
    systems: Systems
    memory: Memory
    until: datetime | None = None
    past_day: date | None = None

    def known(self, reading: Reading[R], made_on: Callable[[R], date | None]) -> Reading[R]:
        """The reading without records made after the past day that is asked about; undated ones stay."""
        day = self.past_day
        if day is None:
            return reading
        kept = (record for record in reading.records if (made := made_on(record)) is None or made <= day)
        return replace(reading, records=tuple(kept))


@dataclass(frozen=True, slots=True)
class ToolSpec(Generic[Args, Result]):
    """A tool that reads. `run` raises `core.errors.SourceError` when its system does not answer usefully."""

    name: str
    purpose: str
    system: System
    args_model: type[Args]
    run: Callable[[ToolContext, Args], Awaitable[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteContext(ToolContext):
    """What a write tool works with; days are compared with that of `now`."""

    now: datetime

    @property
    def today(self) -> date:
        """The day on which the write is proposed."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class WriteSpec(Generic[Args]):
    """A tool that proposes one write. It reads and resolves; nothing is written.

    `run` raises NotFoundError or InvalidInputError when the arguments cannot be resolved to exactly one sensible
    write, and SourceError when a system it must read does not answer usefully.
    """

    operation: Operation
    purpose: str
    args_model: type[Args]
    run: Callable[[WriteContext, Args], Coroutine[Any, Any, Proposal]]

    @property
    def name(self) -> str:
        """The tool is called as its operation."""
        return self.operation.value

    @property
    def system(self) -> System:
        """The system that would be written to."""
        return PAYLOADS[self.operation].system
