"""The DBOS engine of one worker: takes jobs off the queue and does them, in its own name or not at all."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos import error as dbos_error

from core.domain.workers import Worker
from core.errors import SupersededError
from hub.workers.jobs import APPLICATION, JOB_VERSION, QUEUES, VISIT, JobDatabase, Jobs

log = structlog.get_logger()

_POLL_S = 0.5
_LOOK_EVERY_S = 0.05
# Far longer than it takes to begin a job that was taken.
_FORGOTTEN_S = 10.0

# Does a job of a tenant, a run, for the worker whose right to write it checks.
Job = Callable[[str, str, Worker], None]


class Handling(NamedTuple):
    """How jobs of one kind are done, and how many at once.

    `execute` does a job; after three failures `give_up` records the end. Both raise SupersededError, and nothing is
    written, when the worker was taken for dead meanwhile: whoever took the job over finishes it.
    """

    execute: Job
    give_up: Job
    at_once: int


class JobEngine:
    """Runs jobs while started; one a process, a limit of DBOS. `handled` says how those of each kind are done."""

    def __init__(self, database: JobDatabase, jobs: Jobs, handled: Mapping[str, Handling]) -> None:
        self._database = database
        self._jobs = jobs
        self._handled = handled
        # Visits alone: only they are begun here without a wait in their queue.
        self._running = 0
        self._guard = threading.Lock()
        self._dbos: DBOS | None = None
        self._worker: Worker | None = None
        self._idle_since: dict[str, float] = {}

    def start(self, worker: Worker) -> None:
        """Take jobs in the name of this start of a worker."""
        config = DBOSConfig(
            name=APPLICATION,
            system_database_engine=self._database,
            executor_id=worker.token,
            application_version=JOB_VERSION,
            run_migrations=False,
            log_level="ERROR",
            # Closing waits for one round of this listener.
            notification_listener_polling_interval_sec=0.1,
        )
        logger = logging.getLogger("dbos")
        logger.handlers.clear()
        logger.addFilter(_is_news)
        self._dbos, self._worker = DBOS(config=config), worker
        workflows = {kind: self._workflow(worker, kind, one) for kind, one in self._handled.items()}
        DBOS.launch()
        for kind, one in self._handled.items():
            DBOS.register_queue(QUEUES[kind], worker_concurrency=one.at_once, polling_interval_sec=_POLL_S)

        def start_here(job_id: str, tenant: str, run_id: str) -> bool:
            # The queue is looked at twice a second; whoever submits where there is room need not wait for that.
            if self._running >= self._handled[VISIT].at_once:
                return False
            with SetWorkflowID(job_id):
                DBOS.start_workflow(workflows[VISIT], tenant, run_id)
            return True

        self._jobs.start_here = start_here

    def recover(self, tokens: list[str]) -> int:
        """Put the jobs that these workers were doing back on the queue, each once; how many."""
        # Internal by name, yet the one call that takes a job only from the worker named: adopting twice is harmless.
        return len(DBOS._recover_pending_workflows(tokens))

    def take_up(self, held: set[str]) -> int:
        """Put those jobs `held` in this worker's name that nothing here does back on the queue; how many.

        A database that goes away between the taking of a job and its beginning leaves it so.
        """
        if self._dbos is None or self._worker is None:
            return 0
        # Internal by name, as above; what is being done here is told nowhere else. Where a job waits does not say of
        # which kind it is, so the queue of visits does for all.
        now, idle = time.monotonic(), held.difference(self._dbos._active_workflows_set.activeList())
        self._idle_since = {job: self._idle_since.get(job, now) for job in idle}
        forgotten = [job for job, since in self._idle_since.items() if now - since >= _FORGOTTEN_S]
        token = [self._worker.token]
        return sum(self._dbos._sys_db.reenqueue_for_recovery(job, token, QUEUES[VISIT]) for job in forgotten)

    def take_no_more(self) -> None:
        """Leave what is on the queue to others; running jobs go on."""
        self._jobs.start_here = None
        if self._dbos is not None:
            for event in self._dbos.background_thread_stop_events:
                event.set()

    def drain(self, grace_s: float) -> bool:
        """Take no more jobs and let the running ones end; whether they all did in time."""
        self.take_no_more()
        if self._worker is None:
            return True
        never, deadline = threading.Event(), time.monotonic() + grace_s
        while self._worker.token in self._jobs.held():
            if time.monotonic() >= deadline:
                return False
            never.wait(_LOOK_EVERY_S)
        return True

    def stop(self) -> None:
        """Stop the engine; jobs still running are on their own, and may not write once their worker has ended."""
        self._jobs.start_here = None
        if self._dbos is None:
            return
        self._dbos = None
        DBOS.destroy(destroy_registry=True)
        # It leaves a handler on whatever standard error was at its start.
        logging.getLogger("dbos").handlers[:] = [logging.NullHandler()]

    def _workflow(self, worker: Worker, kind: str, handling: Handling) -> Callable[[str, str], None]:
        def execute(tenant: str, run_id: str) -> None:
            with _left_to_others(run_id, worker):
                handling.execute(tenant, run_id, worker)

        # The names are on record with jobs that an earlier release accepted.
        name = "execute" if kind == VISIT else f"execute_{kind}"
        step = DBOS.step(name=name, retries_allowed=True, max_attempts=3, interval_seconds=0.2)(execute)

        @DBOS.workflow(name=kind)
        def job(tenant: str, run_id: str) -> None:
            with self._counted(kind):
                try:
                    step(tenant, run_id)
                except Exception as error:
                    # After the last attempt the engine tells that, and keeps what went wrong to itself.
                    causes: list[Exception] = getattr(error, "errors", [error])
                    log.exception("job_failed", tenant=tenant, run=run_id, exc_info=causes[-1])
                    with _left_to_others(run_id, worker):
                        handling.give_up(tenant, run_id, worker)

        return job

    @contextmanager
    def _counted(self, kind: str) -> Iterator[None]:
        one = 1 if kind == VISIT else 0
        with self._guard:
            self._running += one
        try:
            yield
        finally:
            with self._guard:
                self._running -= one


def _is_news(record: logging.LogRecord) -> bool:
    # A job that was left to others complains when the engine it waits in is closed; failures we log ourselves.
    return "background workflow" not in record.getMessage()


@contextmanager
def _left_to_others(run_id: str, worker: Worker) -> Iterator[None]:
    """Tell the engine that a job now belongs to another worker, so that it records no outcome of ours."""
    try:
        yield
    except SupersededError as error:
        log.warning("job_superseded", run=run_id, worker=worker.token)
        raise dbos_error.DBOSWorkflowConflictIDError(DBOS.workflow_id or run_id) from error
