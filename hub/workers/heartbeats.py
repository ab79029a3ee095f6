"""Who is at work: each worker has a name, shows a sign of life, and finds those who show none any more.

A name is held by a lock file, which ends with its process, and by a row that must be renewed. Workers of one home see
at once that a lock is free; workers elsewhere wait until the sign of life is older than the lease.
"""

import hashlib
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from core.domain.workers import Worker, WorkerStatus
from core.errors import ConflictError, InvalidInputError, SetupError
from core.ports.clock import Clock
from db.store import Session, Store

log = structlog.get_logger()

_MOST_UNNAMED = 64
_NAME = re.compile(r"[\w.-]{1,60}", re.ASCII)


class Membership:
    """The place of this process among the workers."""

    def __init__(self, store: Store, clock: Clock, home: Path, lease: timedelta, name: str | None = None) -> None:
        """Without a name the first free one of this machine and home is taken; InvalidInputError for an odd one."""
        if name is not None and not _NAME.fullmatch(name):
            raise InvalidInputError(
                f"“{name}” is no name for a worker", field="--name", remedy="Use up to 60 letters, digits, . _ and -."
            )
        self._store = store
        self._clock = clock
        self._home = home
        self._lease = lease
        self._wanted = name
        self._lock: FileLock | None = None
        # Until then others may be silent only because the database was away, as it was for this worker.
        self._judges_from = self._last_sign = clock.now()

    @property
    def _name(self) -> str | None:
        return None if self._lock is None else Path(self._lock.lock_file).stem

    def join(self) -> Worker:
        """Begin a start under the name; ConflictError when another live process has it."""
        if self._lock is None:
            self._lock = self._take_lock()
        name = Path(self._lock.lock_file).stem
        now, here = self._clock.now(), (socket.gethostname(), str(self._home))
        with self._store.write() as unit:
            held = unit.workers.take_name(name)
            elsewhere = held is not None and (held.host, held.home) != here
            if held is not None and elsewhere and self._is_alive(held):
                ago = round((now - held.seen_at).total_seconds())
                raise ConflictError(
                    f"worker {name} is at work on {held.host} (process {held.pid}, seen {ago} s ago)",
                    field="--name",
                    remedy=f"Choose another name, or stop it and wait {round(self._lease.total_seconds())} s.",
                )
            worker = unit.workers.enlist(name, host=here[0], home=here[1], pid=os.getpid(), at=now)
        self._last_sign = now
        return worker

    def beat(self, worker: Worker) -> bool:
        """Show a sign of life; False when others took the worker for dead."""
        with self._store.write() as unit:
            now = self._clock.now()
            alive = unit.workers.beat(worker, now)
        if now - self._last_sign > self._lease:
            self._judges_from = now + self._lease
        self._last_sign = now
        return alive

    def leave(self, worker: Worker) -> None:
        """Give up the right to write; what the worker has not finished is anybody's."""
        with self._store.write() as unit:
            unit.workers.end(worker, WorkerStatus.LEFT)

    def close(self) -> None:
        """Let go of the name."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def living(self) -> set[str]:
        """Tokens of all workers that may write, after the others that show no sign of life have lost that right."""
        with self._store.read() as unit:
            alive = [worker for worker in unit.workers.list() if worker.status is WorkerStatus.ALIVE]
        # Whoever looks lives, late as its own sign may be on a busy machine.
        for worker in (one for one in alive if one.name != self._name):
            with self._proven_gone(worker) as gone:
                if gone or self._seems_dead(worker):
                    with self._store.write() as unit:
                        # It may have taken long to get here, and the worker may have been as late for the same reason.
                        seen = unit.workers.get(worker.name)
                        if gone or (seen is not None and self._seems_dead(seen)):
                            self._end(unit, worker)
        with self._store.read() as unit:
            return {worker.token for worker in unit.workers.list() if worker.status is WorkerStatus.ALIVE}

    def _is_alive(self, worker: Worker) -> bool:
        return worker.status is WorkerStatus.ALIVE and self._clock.now() - worker.seen_at <= self._lease

    def _end(self, unit: Session, worker: Worker) -> None:
        # One that was stopped in the middle of a write holds its row: without its session, the next look can end it.
        if not unit.workers.end(worker, WorkerStatus.LOST) and unit.workers.cut_off(worker, self._lease):
            log.warning("worker_cut_off", worker=worker.token)

    def _seems_dead(self, worker: Worker) -> bool:
        now = self._clock.now()
        judges = now >= self._judges_from and now - self._last_sign <= self._lease
        return judges and not self._is_alive(worker)

    @contextmanager
    def _proven_gone(self, worker: Worker) -> Iterator[bool]:
        """Whether the worker's process has ended, as far as its lock file can tell; nobody takes its name meanwhile."""
        lock = self._lock_of(worker.name)
        if (worker.host, worker.home) != (socket.gethostname(), str(self._home)):
            yield False
            return
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _take_lock(self) -> FileLock:
        (self._home / "workers").mkdir(parents=True, exist_ok=True)
        # Several machines may share one PostgreSQL; the place alone would not tell their workers apart.
        place = f"{socket.gethostname()}-{hashlib.sha256(bytes(self._home)).hexdigest()[:6]}"
        names = [self._wanted] if self._wanted else [f"{place}-{number}" for number in range(_MOST_UNNAMED)]
        for name in names:
            lock = self._lock_of(name)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            return lock
        if self._wanted:
            raise ConflictError(
                f"worker {self._wanted} is at work on this machine", field="--name", remedy="Choose another name."
            )
        raise SetupError(
            f"all {_MOST_UNNAMED} worker places are taken", field="home", remedy="Stop a process that uses this home."
        )

    def _lock_of(self, name: str) -> FileLock:
        return FileLock(self._home / "workers" / f"{name}.lock", thread_local=False, preserve_lock_file=True)
