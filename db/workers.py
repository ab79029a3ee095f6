"""Workers: who is at work, and the fence that keeps a worker that was taken for dead from writing."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from core.domain.workers import Worker, WorkerStatus
from core.errors import SupersededError
from db.engine import session_name
from db.hub_tables import workers

WorkerList: TypeAlias = list[Worker]

# Any number, as long as it stays: the PostgreSQL lock under which workers take their names.
_NAMES_LOCK = 5_382_115


class Workers:
    """Repository of workers, one row a name; shared by all tenants."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> WorkerList:
        """Every worker known, by name."""
        return [_worker(row) for row in self._connection.execute(select(workers).order_by(workers.c.name))]

    def get(self, name: str) -> Worker | None:
        """The newest start under a name."""
        row = self._connection.execute(select(workers).where(workers.c.name == name)).one_or_none()
        return None if row is None else _worker(row)

    def take_name(self, name: str) -> Worker | None:
        """Who has the name; until the transaction ends nobody else can take it."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_NAMES_LOCK)))
        return self.get(name)

    def enlist(self, name: str, *, host: str, home: str, pid: int, at: datetime) -> Worker:
        """Record a start under the name, in the epoch after the last; whoever had the name before may write no more."""
        held = self.get(name)
        values = {
            "host": host,
            "home": home,
            "pid": pid,
            "epoch": 1 if held is None else held.epoch + 1,
            "status": WorkerStatus.ALIVE.value,
            "started_at": at,
            "seen_at": at,
        }
        if held is None:
            self._connection.execute(insert(workers).values(name=name, **values))
        else:
            self._connection.execute(update(workers).where(workers.c.name == name).values(**values))
        return Worker.model_validate({"name": name, **values})

    def beat(self, worker: Worker, at: datetime) -> bool:
        """Renew the worker's sign of life; False when it was taken for dead, or its name has a new holder."""
        return self._change(worker, seen_at=at)

    def end(self, worker: Worker, status: WorkerStatus) -> bool:
        """Take the right to write from a worker; whether this call did it.

        Not while it is committing: the next call may. Nobody waits for a worker that was stopped in the middle.
        """
        query = select(workers.c.epoch).where(*_alive(worker)).with_for_update(skip_locked=True)
        free = self._connection.execute(query).one_or_none() is not None
        return free and self._change(worker, status=status.value)

    def cut_off(self, worker: Worker, silent_for: timedelta) -> int:
        """End what a worker's process has left open in the database, and with it its locks; how many sessions.

        PostgreSQL does so by itself only to a process that stopped between two statements, not within one.
        """
        if self._connection.dialect.name != "postgresql":
            return 0
        query = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = :name AND xact_start IS NOT NULL AND wait_event_type = 'Client'"
            " AND state_change <= clock_timestamp() - :silent_for"
        )
        told = {"name": session_name(worker.host, worker.pid), "silent_for": silent_for}
        return len(self._connection.execute(query, told).all())

    def require(self, worker: Worker) -> None:
        """Raise SupersededError unless the worker may write; until the transaction ends it stays that way."""
        query = select(workers.c.epoch).where(*_alive(worker))
        if self._connection.execute(query.with_for_update(read=True)).one_or_none() is None:
            raise SupersededError(f"worker {worker.name} was taken for dead, epoch {worker.epoch}")

    def forget(self, before: datetime) -> int:
        """Delete workers not alive that were last seen before a time; how many."""
        gone = (workers.c.status != WorkerStatus.ALIVE.value, workers.c.seen_at < before)
        return self._connection.execute(delete(workers).where(*gone)).rowcount

    def _change(self, worker: Worker, **values: Any) -> bool:
        return self._connection.execute(update(workers).where(*_alive(worker)).values(**values)).rowcount == 1


def _alive(worker: Worker) -> tuple[Any, ...]:
    return (
        workers.c.name == worker.name,
        workers.c.epoch == worker.epoch,
        workers.c.status == WorkerStatus.ALIVE.value,
    )


def _worker(row: Row[Any]) -> Worker:
    return Worker.model_validate(row._asdict())
