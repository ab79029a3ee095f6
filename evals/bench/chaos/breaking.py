"""What can happen to an installation besides a system that answers badly."""

import os
import resource
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from connectors.tryton.local.postgres import stopped_postgres
from core.domain.effects import Change, Receipt
from core.domain.payloads import Payload
from core.identity import Role
from core.ports.effects import EffectTarget
from evals.bench.chaos.counting import rows
from evals.bench.chaos.plan import DECIDERS
from evals.bench.chaos.workers import Board, fork, pause
from hub.effects.dispatching import dispatch_due, release_leases
from hub.effects.endings import retry_effect
from hub.effects.ledger import list_dead_letters
from hub.installation import Platform
from hub.platform import open_platform

_STEP = timedelta(seconds=20)
_WORKER = "w1"


@dataclass(slots=True)
class SetClock:
    """A clock that is put forward by hand, so that nobody waits for another try."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """The time it was put to."""
        return self.time


@dataclass(slots=True)
class Trial:
    """One fault, done to one installation."""

    platform: Platform
    clock: SetClock
    seen: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where the records are."""
        return self.platform.settings.records_url

    def round(self) -> None:
        """One round of the dispatcher, as a worker's loop does it: an error ends the round and no more."""
        try:
            dispatch_due(self.platform, _WORKER)
        except Exception as error:
            self.seen.add(f"round failed: {type(error).__name__}")
        self.clock.time += _STEP

    def look(self) -> None:
        """Note what an operator can see."""
        query = "SELECT DISTINCT error FROM outbox WHERE error IS NOT NULL"
        self.seen.update(str(code) for (code,) in rows(self.url, query))

    def retry_dead(self) -> int:
        """Try again what was given up, as a manager does; how many that was."""
        manager = DECIDERS[Role.MANAGER]
        dead = list_dead_letters(self.platform, manager, limit=1000)
        for letter in dead:
            retry_effect(self.platform, manager, letter.effect.id)
        return len(dead)


@dataclass(frozen=True, slots=True)
class WorldFault:
    """Something that happens around or in each round, given its number."""

    around: Callable[[Trial, int], AbstractContextManager[None]]
    database: str = "sqlite"


@dataclass(frozen=True, slots=True)
class _Jumping:
    """A target during whose writes the clock jumps."""

    inner: EffectTarget
    jump: Callable[[], None]

    async def find(self, tenant: str, key: str) -> Receipt | None:
        return await self.inner.find(tenant, key)

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        receipt = await self.inner.apply(tenant, key, payload)
        self.jump()
        return receipt

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        return await self.inner.read_back(tenant, receipt, payload)

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        return await self.inner.undo(tenant, key, payload)


def _clock_jumps(amount: timedelta, rounds: int) -> WorldFault:
    @contextmanager
    def around(trial: Trial, number: int) -> Iterator[None]:
        """In the middle of the writes of the first rounds."""
        if number >= rounds:
            yield
            return
        calm, jumped = trial.platform, threading.Event()

        def jump() -> None:
            if not jumped.is_set():
                jumped.set()
                trial.clock.time += amount

        targets = {system: _Jumping(target, jump) for system, target in calm.targets.items()}
        trial.platform = replace(calm, targets=targets)
        try:
            yield
        finally:
            trial.platform = calm

    return WorldFault(around)


@contextmanager
def _meanwhile(act: Callable[[threading.Event], None]) -> Iterator[None]:
    """Something that another thread does until the block ends."""
    over = threading.Event()
    thread = threading.Thread(target=act, args=[over])
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _lock(trial: Trial, _number: int) -> AbstractContextManager[None]:
    def act(over: threading.Event) -> None:
        with closing(sqlite3.connect(trial.url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)) as file:
            for _turn in range(3):
                file.execute("BEGIN IMMEDIATE")
                over.wait(0.1)
                file.execute("ROLLBACK")

    return _meanwhile(act)


def _cut(trial: Trial, _number: int) -> AbstractContextManager[None]:
    def act(over: threading.Event) -> None:
        with psycopg.connect(trial.url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as session:
            while not over.wait(0.03):
                session.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    return _meanwhile(act)


def _restart(trial: Trial, number: int) -> AbstractContextManager[None]:
    """The server is stopped in the middle of the work, every third time, and started again at once."""
    if number % 3:
        return nullcontext()
    # All that is written is in one place, which the server itself knows.
    [(folder,)] = rows(trial.url, "SHOW data_directory")

    def act(over: threading.Event) -> None:
        over.wait(0.05)
        with stopped_postgres(Path(folder)):
            over.wait(0.3)

    return _meanwhile(act)


@contextmanager
def _full_disk(trial: Trial, _number: int) -> Iterator[None]:
    """No file may grow."""
    file = Path(trial.url.removeprefix("sqlite:///"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = max(path.stat().st_size for path in (file, Path(f"{file}-wal")) if path.exists())
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(size, 200_000), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _second_worker(trial: Trial, _number: int) -> AbstractContextManager[None]:
    def act(_over: threading.Event) -> None:
        with suppress(Exception):
            dispatch_due(trial.platform, "w2")

    return _meanwhile(act)


@contextmanager
def _killed(trial: Trial, number: int) -> Iterator[None]:
    """A worker of the same name is killed a little later each round; then it starts again."""

    def work(_board: Board) -> None:
        with open_platform(trial.platform.settings, clock=trial.clock) as own:
            while True:
                dispatch_due(own, _WORKER, limit=4)

    child = fork(work, Board(), trial.platform.settings.home / "errors.log")
    pause(0.02 * (number + 1))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    trial.seen.add("worker restarted")
    release_leases(trial.platform, _WORKER)
    yield


WORLD_FAULTS: Mapping[str, WorldFault] = {
    "clock_jumps_forward": _clock_jumps(timedelta(hours=1), 12),
    "clock_jumps_back": _clock_jumps(-timedelta(hours=1), 1),
    "database_locked": WorldFault(_lock),
    "database_connections_cut": WorldFault(_cut, "postgresql"),
    "database_restarted": WorldFault(_restart, "postgresql"),
    "disk_full": WorldFault(_full_disk),
    "second_worker_at_once": WorldFault(_second_worker),
    "worker_killed": WorldFault(_killed),
}
