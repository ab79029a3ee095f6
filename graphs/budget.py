"""What one run may spend on language models: reserved before each call, settled after it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Protocol

from core.domain.packages import Usage
from core.domain.spending import Spend
from graphs.models.stops import ModelStoppedError, Stop


@dataclass(frozen=True, slots=True)
class Limits:
    """The most one run may use; None is no limit. `money` is in the currency of the prices, `seconds` wall time."""

    calls: int | None = None
    tokens: int | None = None
    money: Decimal | None = None
    seconds: float | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What is set aside for one call: tokens, and millionths of the currency."""

    tokens: int
    micros: int


class Purse(Protocol):
    """Money that several runs share, in millionths of the currency. Safe to use from many threads."""

    def hold(self, micros: int) -> bool:
        """Set money aside; False, and nothing changes, when it is not there."""

    def settle(self, held: int, spent: int) -> None:
        """Give `held` back and take `spent` out."""


class Budget:
    """The limits of one run and what it has used; `spends` has each call in the order of their ends.

    Calls under way count with what they may cost at the most, so no limit is overrun by more than what one endpoint
    charges beyond what it was told to. Safe to use from many tasks and threads.
    """

    def __init__(
        self, limits: Limits, *, purse: Purse | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits
        self.used = Usage()
        self.micros = 0
        self.spends: list[Spend] = []
        self._purse = purse
        self._clock = clock
        self._started = clock()
        self._lock = Lock()
        self._held_calls = 0
        self._held_tokens = 0
        self._held_micros = 0
        self._depth = 0

    @property
    def left_s(self) -> float | None:
        """Seconds of wall time left, not below 0; None without a limit."""
        if self.limits.seconds is None:
            return None
        return max(0.0, self.limits.seconds - (self._clock() - self._started))

    def reserve(self, tokens: int, micros: int = 0) -> Hold:
        """Set aside what one call may cost at the most.

        Raises ModelStoppedError, naming the limit, when it is not there; then nothing has changed.
        """
        with self._lock:
            reason = self._short_of(tokens, micros)
            if reason is None and self._purse is not None and not self._purse.hold(micros):
                reason = Stop.BUDGET_MONEY
            if reason is not None:
                raise ModelStoppedError(reason)
            self._held_calls += 1
            self._held_tokens += tokens
            self._held_micros += micros
        return Hold(tokens, micros)

    def settle(self, hold: Hold, spend: Spend) -> None:
        """Give back what was set aside and count the call with what it did cost."""
        with self._lock:
            self._give_back(hold)
            self.micros += spend.micros or 0
            self.spends.append(spend)
            self.used = Usage(
                model_calls=self.used.model_calls + 1,
                input_tokens=self.used.input_tokens + spend.input_tokens,
                output_tokens=self.used.output_tokens + spend.output_tokens,
            )
        if self._purse is not None:
            self._purse.settle(hold.micros, spend.micros or 0)

    def release(self, hold: Hold) -> None:
        """Give back what was set aside for a call that was not made."""
        with self._lock:
            self._give_back(hold)
        if self._purse is not None:
            self._purse.settle(hold.micros, 0)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further down while the block runs. Raises ModelStoppedError beyond the deepest."""
        with self._lock:
            if self.limits.depth is not None and self._depth >= self.limits.depth:
                raise ModelStoppedError(Stop.DEPTH)
            self._depth += 1
        try:
            yield
        finally:
            with self._lock:
                self._depth -= 1

    def _give_back(self, hold: Hold) -> None:
        self._held_calls -= 1
        self._held_tokens -= hold.tokens
        self._held_micros -= hold.micros

    def _short_of(self, tokens: int, micros: int) -> Stop | None:
        limits = self.limits
        if limits.calls is not None and self.used.model_calls + self._held_calls >= limits.calls:
            return Stop.BUDGET_CALLS
        used = self.used.input_tokens + self.used.output_tokens
        if limits.tokens is not None and used + self._held_tokens + tokens > limits.tokens:
            return Stop.BUDGET_TOKENS
        if limits.money is not None and self.micros + self._held_micros + micros > limits.money * 1_000_000:
            return Stop.BUDGET_MONEY
        return Stop.BUDGET_TIME if self.left_s == 0 else None
