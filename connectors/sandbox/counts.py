"""How often the sandbox systems were called."""

from collections import Counter
from threading import Lock

from core.domain.base import System


class Counts:
    """Calls by `system.method`, failed ones included; may be used from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reads: Counter[str] = Counter()
        self._writes: Counter[str] = Counter()

    def note_read(self, system: System, method: str) -> None:
        """Count one read."""
        with self._lock:
            self._reads[f"{system.value}.{method}"] += 1

    def note_write(self, system: System, method: str) -> None:
        """Count one write."""
        with self._lock:
            self._writes[f"{system.value}.{method}"] += 1

    @property
    def reads(self) -> dict[str, int]:
        """Reads so far."""
        with self._lock:
            return dict(self._reads)

    @property
    def writes(self) -> dict[str, int]:
        """Writes so far."""
        with self._lock:
            return dict(self._writes)
