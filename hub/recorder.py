"""Writing a run's progress without a disk flush for every step."""

from collections.abc import Callable

from core.domain.visits import RunEvent, StepStatus
from core.ports.clock import Clock

_FLUSH_AFTER_S = 0.05


class Recorder:
    """Numbers a run's events and hands them on in batches at most 50 ms apart; `flush` hands on the rest."""

    def __init__(self, clock: Clock, last_seq: int, save: Callable[[list[RunEvent]], None]) -> None:
        self._clock = clock
        self._seq = last_seq
        self._save = save
        self._waiting: list[RunEvent] = []
        self._saved_at = clock.now()

    def __call__(self, step: str, status: StepStatus, detail: str | None = None) -> None:
        """Record one event."""
        now = self._clock.now()
        self._seq += 1
        self._waiting.append(RunEvent(seq=self._seq, step=step, status=status, detail=detail, at=now))
        if (now - self._saved_at).total_seconds() >= _FLUSH_AFTER_S:
            self.flush()

    def flush(self) -> None:
        """Save what is waiting."""
        if self._waiting:
            self._save(self._waiting)
            self._waiting = []
        self._saved_at = self._clock.now()
