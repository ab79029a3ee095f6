"""One model at one endpoint: each call is allowed, paid for, watched and accounted for here."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

import structlog

from core.domain.spending import Spend
from core.model_settings import ModelRole, ToolCalls
from graphs.budget import Budget
from graphs.models.breaker import Breaker
from graphs.models.messages import Delta, Request, Tokens
from graphs.models.sizes import longest_answer, most_tokens, usual_tokens
from graphs.models.stops import ModelStoppedError, Stop, ToolsRefusedError
from graphs.models.transport import Transport

log = structlog.get_logger()

T = TypeVar("T")

# Troubles of the endpoint. A refused key or a text that is too long says nothing about whether it works.
_ENDPOINT_FAILED = frozenset({Stop.TIMEOUT, Stop.STALLED, Stop.TRUNCATED, Stop.BUSY, Stop.FAILED})
# Here the endpoint answered with an error before it did any work.
_UNPAID = frozenset({Stop.BUSY, Stop.REFUSED, Stop.FAILED, Stop.TOO_LONG})


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices per million tokens, which is millionths per token; None where they are not known."""

    input: Decimal | None = None
    output: Decimal | None = None

    def micros(self, input_tokens: int, output_tokens: int) -> int | None:
        """The cost in millionths of the currency, rounded up."""
        if self.input is None or self.output is None:
            return None
        return int((input_tokens * self.input + output_tokens * self.output).to_integral_value(ROUND_CEILING))


@dataclass(slots=True)
class Endpoint:
    """A model that can be asked. `tool_calls` becomes definite once it is known how the model takes tools."""

    name: str
    role: ModelRole
    transport: Transport
    seconds: float
    context: int | None = None
    prices: Prices = field(default_factory=Prices)
    tool_calls: ToolCalls = ToolCalls.AUTO
    breaker: Breaker = field(default_factory=Breaker)

    async def call(self, request: Request, budget: Budget) -> AsyncGenerator[Delta, None]:
        """The pieces of one reply, paid from `budget`; close it to stop the model early.

        Raises ModelStoppedError when the call is not allowed, fails, or falls silent for too long, and
        ToolsRefusedError when the endpoint takes no tools.
        """
        asked = most_tokens(request)
        if self.context is not None and usual_tokens(asked) + request.most > self.context:
            raise ModelStoppedError(Stop.TOO_LONG)
        if not self.breaker.allows():
            raise ModelStoppedError(Stop.RESTING)
        hold = budget.reserve(asked + request.most, self.prices.micros(asked, request.most) or 0)
        bill = _Bill(asked)
        stream = self._pieces(request, budget)
        try:
            async for delta in stream:
                bill.take(delta)
                yield delta
                if bill.written > longest_answer(request.most):
                    # It does not keep to the limit it was given.
                    bill.finished = True
                    yield Delta(finish="length")
                    break
            bill.require_end()
            self.breaker.note(answered=True)
        except ModelStoppedError as error:
            bill.outcome = error.reason
            if error.reason in _ENDPOINT_FAILED:
                self.breaker.note(answered=False)
            # Not the message: clients put parts of keys and of what was sent into it.
            cause = type(error.__cause__).__name__
            log.warning("model_stopped", model=self.name, role=self.role, reason=error.reason, error=cause)
            raise
        except ToolsRefusedError:
            bill.made = False
            raise
        except (GeneratorExit, asyncio.CancelledError):
            bill.outcome = "cancelled"
            raise
        finally:
            if bill.made:
                budget.settle(hold, self._spend(bill))
            else:
                budget.release(hold)
            await stream.aclose()

    async def _pieces(self, request: Request, budget: Budget) -> AsyncGenerator[Delta, None]:
        """The pieces, each within the time that is left and the longest silence."""
        left = budget.left_s
        deadline = asyncio.get_running_loop().time() + (self.seconds if left is None else min(self.seconds, left))
        try:
            # The client tries again within this time; silence before the reply is its own to notice.
            async with asyncio.timeout_at(deadline):
                stream = await self.transport.open(request)
        except TimeoutError:
            raise ModelStoppedError(Stop.TIMEOUT) from None
        try:
            while True:
                silent_until = asyncio.get_running_loop().time() + self.transport.stall_s
                try:
                    async with asyncio.timeout_at(min(silent_until, deadline)):
                        delta = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise ModelStoppedError(Stop.STALLED if silent_until < deadline else Stop.TIMEOUT) from None
                yield delta
        finally:
            await stream.aclose()

    def _spend(self, bill: "_Bill") -> Spend:
        tokens = bill.tokens
        if tokens is None:
            unpaid = bill.outcome in _UNPAID and bill.written == 0
            tokens = Tokens(0, 0) if unpaid else Tokens(bill.asked, bill.written)
        return Spend(
            role=self.role,
            model=self.name,
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cached_tokens=tokens.cached,
            micros=self.prices.micros(tokens.input, tokens.output),
            ms=round((time.monotonic() - bill.started) * 1000),
            outcome=str(bill.outcome),
        )


@dataclass(slots=True)
class _Bill:
    """What one call comes to: the most tokens `asked` and `written`, until the endpoint tells `tokens`."""

    asked: int
    written: int = 0
    tokens: Tokens | None = None
    finished: bool = False
    made: bool = True
    outcome: str = "done"
    started: float = field(default_factory=time.monotonic)

    def require_end(self) -> None:
        if not self.finished:
            raise ModelStoppedError(Stop.TRUNCATED)

    def take(self, delta: Delta) -> None:
        self.written += len(delta.text.encode()) + sum(len(part.arguments.encode()) for part in delta.calls)
        self.tokens = delta.tokens or self.tokens
        self.finished = self.finished or delta.finish is not None
