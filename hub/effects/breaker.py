"""A system that keeps failing is left alone for a while, then tried with one effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from core.domain.base import System

_FAILURES = 5
_REST = timedelta(seconds=30)


@dataclass(slots=True)
class _State:
    failures: int = 0
    rests_until: datetime | None = None


class Breaker:
    """Failures in a row of each system, as this process has seen them; may be used from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[System, _State] = {}

    def room(self, system: System, now: datetime, most: int) -> int:
        """How many effects may be sent at once: `most`, none while the system rests, one when it has rested."""
        with self._lock:
            state = self._states.get(system)
            if state is None or state.rests_until is None:
                return most
            return 0 if now < state.rests_until else 1

    def note_answer(self, system: System) -> None:
        """The system answered."""
        with self._lock:
            self._states.pop(system, None)

    def note_failure(self, system: System, now: datetime, retry_after: float | None = None) -> None:
        """The system did not answer usefully; `retry_after` is how many seconds it asks to be left alone."""
        with self._lock:
            state = self._states.setdefault(system, _State())
            state.failures += 1
            rest = timedelta(0) if retry_after is None else timedelta(seconds=retry_after)
            if state.failures >= _FAILURES:
                rest = max(rest, _REST)
            if rest:
                state.rests_until = max(now + rest, state.rests_until or now)
