"""Durable jobs on DBOS, as seen from outside the engine: accepted here, done by any worker on the same database.

Delivery is at least once, so whatever a job runs must be safe to run again.
"""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple, TypeAlias

from dbos import DBOS, DBOSClient, WorkflowStatus
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.settings import Settings
from db.engine import close_engine, ending_idle_transactions, session_name

# The application's name in the engine's tables.
APPLICATION = "saleshub"
# Pinned: a new release of the hub must still finish the jobs that the one before it accepted.
JOB_VERSION = "1"
VISIT = "visit"
MEETING = "meeting"
# Kinds of jobs, and where each waits: a recording takes long, and nobody's visit is to wait for it.
QUEUES = {VISIT: "visits", MEETING: "meetings"}

_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_BATCH = 200


class JobCount(NamedTuple):
    """Jobs that wait, and jobs that a worker is doing."""

    queued: int
    running: int


JobDatabase: TypeAlias = Engine

# Starts the job of a visit (its id, tenant, run id) in this process if there is room; whether it did.
StartHere = Callable[[str, str, str], bool]


@contextmanager
def open_job_database(settings: Settings) -> Iterator[JobDatabase]:
    """The job engine's database: beside the records on SQLite, where its table names would clash, else the same one."""
    if settings.records_url.startswith("sqlite"):
        engine = create_engine(f"sqlite:///{settings.home / 'jobs.sqlite'}")
        event.listen(engine, "connect", _durable)
    else:
        named = {"application_name": session_name(socket.gethostname(), os.getpid())}
        engine = create_engine(make_url(settings.records_url), pool_size=5, pool_pre_ping=True, connect_args=named)
        event.listen(engine, "connect", ending_idle_transactions(settings.longest_idle))
    try:
        yield engine
    finally:
        close_engine(engine)


def _durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


class Jobs:
    """The jobs of an installation. Needs no engine in this process; may be used from many threads."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client
        self.start_here: StartHere | None = None

    def submit(self, tenant: str, run_id: str, kind: str = VISIT) -> None:
        """Accept a job once; submitting the same run again changes nothing while the engine has it.

        A run whose end could not be recorded (a full disk, a lost database) is known to the engine as ended; submitted
        again it gets another attempt.
        """
        ended = self._client.list_workflows(
            workflow_id_prefix=run_id, status=_ENDED, load_input=False, load_output=False
        )
        job_id = f"{run_id}-{len(ended)}" if ended else run_id
        if kind == VISIT and self.start_here is not None and self.start_here(job_id, tenant, run_id):
            return
        self._client.enqueue(
            {"workflow_name": kind, "queue_name": QUEUES[kind], "workflow_id": job_id, "app_version": JOB_VERSION},
            tenant,
            run_id,
        )

    def submit_missing(self, runs: Sequence[tuple[str, str]], kind: str = VISIT) -> int:
        """Submit those of the unfinished runs (tenant, run id) that the engine does not have in hand; how many."""
        held = self._unfinished()
        in_hand = {workflow.workflow_id.partition("-")[0] for workflow in held}
        missing = [(tenant, run_id) for tenant, run_id in runs if run_id not in in_hand]
        for tenant, run_id in missing:
            self.submit(tenant, run_id, kind)
        return len(missing)

    def held(self) -> dict[str, set[str]]:
        """Ids of the jobs that are being done, by the token of the worker in whose name."""
        held: dict[str, set[str]] = {}
        for job in self._unfinished():
            if job.status == "PENDING" and job.executor_id:
                held.setdefault(job.executor_id, set()).add(job.workflow_id)
        return held

    def count(self) -> JobCount:
        """Jobs of all workers that are not finished."""
        found = self._unfinished()
        running = sum(job.status == "PENDING" for job in found)
        return JobCount(queued=len(found) - running, running=running)

    def delete_finished(self, before: datetime, limit: int = _BATCH) -> int:
        """Delete what the engine keeps of up to `limit` jobs that ended before a time; how many."""
        ended = self._client.list_workflows(
            status=_ENDED,
            completed_before=before.isoformat(),
            application_name=APPLICATION,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if ended:
            self._client.delete_workflows([workflow.workflow_id for workflow in ended])
        return len(ended)

    def _unfinished(self) -> list[WorkflowStatus]:
        return self._client.list_workflows(
            status=["ENQUEUED", "PENDING"], application_name=APPLICATION, load_input=False, load_output=False
        )


@contextmanager
def open_jobs(database: JobDatabase) -> Iterator[Jobs]:
    """The jobs kept in a database, whose tables are made or brought up to date."""
    DBOS.migrate(database.url.render_as_string(hide_password=False))
    # A lost database is an error for whoever submits, not a wait without an end.
    client = DBOSClient(
        system_database_engine=database, application_name=APPLICATION, retry_connection_errors=False, lazy=True
    )
    try:
        yield Jobs(client)
    finally:
        client.destroy()
