"""An endpoint that keeps failing is left alone for a while, then tried with one call."""

import time
from collections.abc import Callable
from threading import Lock

_FAILURES = 5
_REST_S = 30.0


class Breaker:
    """Failures in a row of one endpoint, as this process has seen them. Safe to use from many threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether a call may be made now; after a rest, the first to ask may, and the others wait for what it finds."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            now = self._clock()
            if now < self._rests_until:
                return False
            self._rests_until = now + _REST_S
            return True

    def note(self, *, answered: bool) -> None:
        """What came of a call."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= _FAILURES:
                self._rests_until = self._clock() + _REST_S
