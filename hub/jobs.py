"""Durable jobs on DBOS: a job that was accepted is finished, by this process or by the next one.

Delivery is at least once, so whatever a job runs must be safe to run again.
"""

import hashlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from filelock import FileLock, Timeout
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import SetupError

log = structlog.get_logger()

# Pinned: a new release of the hub must still finish the jobs that the one before it accepted.
_JOB_VERSION = "1"
_QUEUE = "visits"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_MOST_WORKERS = 64
_GRACE_S = 10
_LOOK_EVERY_S = 0.05
_ADOPT_EVERY_S = 5.0

Job = Callable[[str, str], None]


def _open_engine(records_url: str, home: Path) -> Engine:
    """The job engine's database: beside the records on SQLite, where its table names would clash, else the same one."""
    if not records_url.startswith("sqlite"):
        return create_engine(make_url(records_url), pool_size=5)
    engine = create_engine(f"sqlite:///{home / 'jobs.sqlite'}")

    @event.listens_for(engine, "connect")
    def _durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    return engine


class Slots:
    """Numbered worker names under OS file locks: whoever holds the lock is alive, a free lock means a dead worker."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        # Several machines may share one PostgreSQL; the place alone would not tell their workers apart.
        self._prefix = f"{socket.gethostname()}-{hashlib.sha256(bytes(folder)).hexdigest()[:6]}"
        self._held = self._take_first_free()

    def _lock(self, number: int) -> FileLock:
        return FileLock(self._folder / f"{number}.lock", thread_local=False)

    def _take_first_free(self) -> tuple[int, FileLock]:
        for number in range(_MOST_WORKERS):
            lock = self._lock(number)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            return number, lock
        raise SetupError(
            f"all {_MOST_WORKERS} worker places are taken", field="home", remedy="Stop a process that uses this home."
        )

    def _name(self, number: int) -> str:
        return f"{self._prefix}-{number}"

    @property
    def name(self) -> str:
        """The worker name of this process."""
        return self._name(self._held[0])

    @contextmanager
    def dead(self) -> Iterator[list[str]]:
        """Names of workers that are gone, held while the block runs so that only one process adopts them."""
        locks = []
        for number in range(_MOST_WORKERS):
            lock = self._lock(number)
            if number != self._held[0] and Path(lock.lock_file).exists():
                try:
                    lock.acquire(blocking=False)
                except Timeout:
                    continue
                locks.append((self._name(number), lock))
        try:
            yield [name for name, _ in locks]
        finally:
            for _, lock in locks:
                lock.release()

    def release(self) -> None:
        """Give this process's place back."""
        self._held[1].release()


class Jobs:
    """The running engine of this process."""

    def __init__(self, slots: Slots, job: Callable[[str, str], None]) -> None:
        self._slots = slots
        self._job = job

    @property
    def worker(self) -> str:
        """The name under which this process works."""
        return self._slots.name

    def submit(self, tenant: str, run_id: str) -> None:
        """Accept a job once; submitting the same run again changes nothing while the engine has it.

        A run whose end could not be recorded (a full disk, a lost database) is known to the engine as ended; submitted
        again it gets another attempt.
        """
        ended = DBOS.list_workflows(workflow_id_prefix=run_id, status=_ENDED, load_input=False, load_output=False)
        with SetWorkflowID(f"{run_id}-{len(ended)}" if ended else run_id):
            DBOS.enqueue_workflow(_QUEUE, self._job, tenant, run_id)

    def adopt(self) -> int:
        """Take over what dead workers left unfinished; how many jobs that were."""
        with self._slots.dead() as names:
            if not names:
                return 0
            left = DBOS.list_workflows(status="PENDING", executor_id=names, load_input=False, load_output=False)
            for workflow in left:
                DBOS.resume_workflow(workflow.workflow_id, queue_name=_QUEUE)
        if left:
            log.info("jobs_adopted", count=len(left), workers=names)
        return len(left)


def _drain(slots: Slots) -> None:
    """Let this worker's running jobs end; what is not done by then the next process adopts."""
    never = threading.Event()
    for _ in range(round(_GRACE_S / _LOOK_EVERY_S)):
        if not DBOS.list_workflows(status="PENDING", executor_id=slots.name, load_input=False, load_output=False):
            return
        never.wait(_LOOK_EVERY_S)


@contextmanager
def _adopting(jobs: Jobs) -> Iterator[None]:
    """Take over dead workers' jobs now, and again every few seconds while the block runs."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(_ADOPT_EVERY_S):
            try:
                jobs.adopt()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("adoption_failed")

    jobs.adopt()
    watcher = threading.Thread(target=watch, name="adopt", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(timeout=_GRACE_S)


@contextmanager
def open_jobs(records_url: str, home: Path, execute: Job, give_up: Job, *, at_once: int = 2) -> Iterator[Jobs]:
    """Start the engine. `execute(tenant, run_id)` does a job; after three failures `give_up` records the end.

    One engine a process, a limit of DBOS. Leaving the block lets running jobs finish for up to 10 s.
    """
    slots = Slots(home / "workers")
    engine = _open_engine(records_url, home)
    config = DBOSConfig(
        name="saleshub",
        system_database_engine=engine,
        executor_id=slots.name,
        application_version=_JOB_VERSION,
        log_level="ERROR",
        # Closing waits for one round of this listener.
        notification_listener_polling_interval_sec=0.1,
    )
    DBOS(config=config)
    step = DBOS.step(name="execute", retries_allowed=True, max_attempts=3, interval_seconds=0.2)(execute)

    @DBOS.workflow(name="visit")
    def visit(tenant: str, run_id: str) -> None:
        try:
            step(tenant, run_id)
        except Exception:
            log.exception("job_failed", tenant=tenant, run=run_id)
            give_up(tenant, run_id)

    try:
        DBOS.launch()
        DBOS.register_queue(_QUEUE, worker_concurrency=at_once, polling_interval_sec=0.1)
        jobs = Jobs(slots, visit)
        with _adopting(jobs):
            yield jobs
    finally:
        _drain(slots)
        DBOS.destroy(destroy_registry=True)
        # It leaves a handler on whatever standard error was at its start.
        logging.getLogger("dbos").handlers.clear()
        engine.dispose()
        slots.release()
