"""A process that accepts requests, for tests of the processes that do them."""

import json
import threading
from collections.abc import Callable

from core.domain.visits import RunStatus, VisitRequest
from core.domain.workers import Worker
from hub.installation import Platform
from hub.visits import get_run, request_visit

# One slow source holds a run open while something happens to its worker.
HELD = {"SALESHUB_SANDBOX_FAULTS": json.dumps({"memory": {"slow": 60}}), "SALESHUB_GATHER_TIMEOUT_S": "60"}
SLOW = {"SALESHUB_SANDBOX_FAULTS": json.dumps({"memory": {"slow": 0.5}})}
SHORT = {"SALESHUB_WORKER_LEASE": "PT1S", "SALESHUB_WORKER_GRACE": "PT0.2S"}
# Processes on one database sign one audit log.
KEY = "7e" * 32


class Hub:
    """A process that accepts requests and does none, and what workers need to find them."""

    def __init__(self, platform: Platform, shared: dict[str, str]) -> None:
        self.platform = platform
        self.shared = shared

    def ask(self) -> str:
        request = VisitRequest(account="Acme Drives Ltd", purpose="Agree on price and delivery")
        return request_visit(self.platform, self.platform.owner(), request).id

    def is_now(self, run_id: str, *statuses: RunStatus) -> bool:
        return get_run(self.platform, self.platform.owner(), run_id).status in statuses

    def begin(self, run_id: str) -> None:
        wait_until(lambda: self.is_now(run_id, RunStatus.RUNNING))

    def finish(self, run_id: str) -> None:
        wait_until(lambda: not self.is_now(run_id, RunStatus.QUEUED, RunStatus.RUNNING))
        assert self.is_now(run_id, RunStatus.COMPLETE, RunStatus.PARTIAL)

    def worker(self, name: str) -> Worker:
        with self.platform.store.read() as unit:
            found = unit.workers.get(name)
        assert found is not None
        return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, half a minute at most."""
    never = threading.Event()
    for _look in range(600):
        if holds():
            return
        never.wait(0.05)
    raise AssertionError("it did not come to hold")
