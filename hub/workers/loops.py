"""What workers do again and again beside the jobs; each loop is safe to run in many workers at once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import Counter

from hub.changes import read_changes
from hub.deadlines import act_on_deadlines
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import expire_effects
from hub.events.deliveries import deliver_due
from hub.hearing import resume_unheard
from hub.inbound.preparing import prepare_inbound
from hub.installation import Platform
from hub.visits import resume_unfinished
from hub.workers.retention import delete_old

log = structlog.get_logger()

# One series a loop, in whatever process it runs.
ROUNDS = Counter("saleshub_loop_rounds_total", "Rounds of a worker's loop", ["loop"])
FAILURES = Counter("saleshub_loop_failures_total", "Rounds of a worker's loop that ended in an error", ["loop"])

_LONGEST_PAUSE_S = 60.0
_STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Loop:
    """Something done at least `every` so often; `run(platform, worker)` returns how much there was to do.

    A round that found something is followed by the next at once.
    """

    name: str
    every: timedelta
    run: Callable[[Platform, str], int]


def _resume(platform: Platform, _worker: str) -> int:
    # What was accepted while the engine's database was away. Never followed at once: it may be away still.
    resume_unfinished(platform)
    resume_unheard(platform)
    return 0


def _expire(platform: Platform, _worker: str) -> int:
    return expire_effects(platform)


LOOPS: tuple[Loop, ...] = (
    Loop("dispatch", timedelta(seconds=1), dispatch_due),
    Loop("deliveries", timedelta(seconds=1), deliver_due),
    Loop("inbound", timedelta(seconds=1), prepare_inbound),
    Loop("changes", timedelta(seconds=2), read_changes),
    Loop("deadlines", timedelta(seconds=5), act_on_deadlines),
    Loop("expiry", timedelta(seconds=30), _expire),
    Loop("resume", timedelta(seconds=30), _resume),
    Loop("retention", timedelta(minutes=10), delete_old),
)


class Looping:
    """Loops at work, each in a thread of its own, so that one that waits for a slow system holds up no other."""

    def __init__(self, platform: Platform, worker: str, loops: Sequence[Loop]) -> None:
        self._platform = platform
        self._worker = worker
        self._stop = threading.Event()
        self._wake = {loop.name: threading.Event() for loop in loops}
        self._threads = [
            threading.Thread(target=self._run, args=[loop], name=f"loop-{loop.name}", daemon=True) for loop in loops
        ]
        for thread in self._threads:
            thread.start()

    def wake(self, name: str) -> None:
        """Let a loop look at once: there is something to do."""
        if name in self._wake:
            self._wake[name].set()

    def stop(self) -> None:
        """End the loops, each after the round it is in, or after ten seconds."""
        self._stop.set()
        for event in self._wake.values():
            event.set()
        for thread in self._threads:
            thread.join(timeout=_STOP_S)

    def _run(self, loop: Loop) -> None:
        wake, failed = self._wake[loop.name], 0
        while not self._stop.is_set():
            wake.clear()
            found = 0
            ROUNDS.labels(loop.name).inc()
            try:
                found = loop.run(self._platform, self._worker)
                failed = 0
            except Exception:
                # The database or a system may be away for a while: whatever it is, the next round tries again.
                failed += 1
                FAILURES.labels(loop.name).inc()
                log.exception("loop_failed", loop=loop.name, in_a_row=failed)
            every = loop.every.total_seconds()
            pause = every if failed == 0 else max(every, min(every * 2.0**failed, _LONGEST_PAUSE_S))
            if not found and not self._stop.is_set():
                wake.wait(pause)


@contextmanager
def looping(platform: Platform, worker: str, loops: Sequence[Loop] = LOOPS) -> Iterator[Looping]:
    """Run loops in the name of a worker while the block runs."""
    running = Looping(platform, worker, loops)
    try:
        yield running
    finally:
        running.stop()
