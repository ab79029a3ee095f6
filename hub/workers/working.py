"""A worker: does jobs, runs the loops, shows a sign of life, and takes over from workers that show none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import structlog

from hub.effects.dispatching import release_leases
from hub.hearing import abandon_file, hear_file, resume_unheard
from hub.installation import Platform
from hub.running import abandon_run, execute_run
from hub.visits import resume_unfinished
from hub.workers.engine import Handling, JobEngine
from hub.workers.heartbeats import Membership
from hub.workers.jobs import MEETING, VISIT, Jobs, open_job_database, open_jobs
from hub.workers.loops import Looping, looping

log = structlog.get_logger()

_LONGEST_BEAT_S = 5.0
_BEATS_A_LEASE = 3
_JOIN_S = 10.0


class Work:
    """The work of this process, until it is stopped."""

    def __init__(self, jobs: Jobs, membership: Membership, engine: JobEngine, *, beat_s: float, grace_s: float) -> None:
        self._jobs = jobs
        self._membership = membership
        self._engine = engine
        self._beat_s = beat_s
        self._grace_s = grace_s
        self._stop = threading.Event()
        self._ending = False
        # Apart, since taking over may have to wait for a row that somebody holds, and a sign of life must not.
        self._threads = [
            threading.Thread(target=self._again_and_again, args=[act], name=name, daemon=True)
            for name, act in {"heart": self._beat, "adopt": self._adopt}.items()
        ]
        self.worker = membership.join()
        self.loops: Looping | None = None
        # Told again at each beat from when others took this worker for dead: only a fresh process may join anew.
        self.when_superseded: Callable[[], None] | None = None
        self.superseded = False
        # Whether threads may be left that do jobs which belong to others by now.
        self.handed_over = False

    @property
    def name(self) -> str:
        """The name under which this process works."""
        return self.worker.name

    def wake(self, loop: str) -> None:
        """Let a loop look at once."""
        if self.loops is not None:
            self.loops.wake(loop)

    def start(self) -> None:
        """Take jobs, those of dead workers first."""
        heart, adopting = self._threads
        heart.start()
        self._engine.start(self.worker)
        self._adopt()
        adopting.start()

    def stop(self) -> None:
        """Take no more jobs, let those at hand end within the grace, and hand over the others."""
        self._ending = True
        try:
            in_time = self._engine.drain(self._grace_s)
            self._stop.set()
            for thread in filter(threading.Thread.is_alive, self._threads):
                thread.join(timeout=_JOIN_S)
            self._membership.leave(self.worker)
            if not in_time:
                self.handed_over = True
                count = self._engine.recover([self.worker.token])
                log.warning("jobs_handed_over", worker=self.name, count=count)
        finally:
            self._stop.set()
            self._engine.stop()

    def _again_and_again(self, act: Callable[[], None]) -> None:
        while not self._stop.wait(self._beat_s):
            try:
                act()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("heartbeat_failed", worker=self.name, of=act.__name__.strip("_"))

    def _beat(self) -> None:
        if self._membership.beat(self.worker) or self._ending:
            return
        if not self.superseded:
            log.warning("worker_superseded", worker=self.worker.token)
            self.superseded = self.handed_over = True
            self._engine.take_no_more()
        if self.when_superseded is not None:
            self.when_superseded()

    def _adopt(self) -> None:
        """Take over what workers that are gone were doing."""
        if self.superseded:
            return
        # In this order: who takes a job has joined before.
        held = self._jobs.held()
        left = sorted(held.keys() - self._membership.living())
        if left and (count := self._engine.recover(left)):
            log.info("jobs_adopted", count=count, workers=left)
        if count := self._engine.take_up(held.get(self.worker.token, set())):
            log.info("jobs_taken_up", count=count, worker=self.name)


@contextmanager
def working(platform: Platform, name: str | None = None) -> Iterator[Work]:
    """Work while the block runs. Raises ConflictError when another live worker has the name."""
    settings = platform.settings
    lease_s = settings.worker_lease.total_seconds()

    handled = {
        VISIT: Handling(partial(execute_run, platform), partial(abandon_run, platform), settings.worker_jobs),
        # One takes all processors.
        MEETING: Handling(partial(hear_file, platform), partial(abandon_file, platform), 1),
    }

    with ExitStack() as stack:
        database = stack.enter_context(open_job_database(settings))
        jobs = stack.enter_context(open_jobs(database))
        membership = Membership(platform.store, platform.clock, settings.home, settings.worker_lease, name)
        stack.callback(membership.close)
        engine = JobEngine(database, jobs, handled)
        beat_s = min(_LONGEST_BEAT_S, lease_s / _BEATS_A_LEASE)
        work = Work(jobs, membership, engine, beat_s=beat_s, grace_s=settings.worker_grace.total_seconds())
        stack.callback(work.stop)
        work.start()
        platform.running_jobs, platform.work = jobs, work
        resume_unfinished(platform)
        resume_unheard(platform)
        release_leases(platform, work.name)
        work.loops = stack.enter_context(looping(platform, work.name))
        yield work


@contextmanager
def submitting(platform: Platform) -> Iterator[Jobs]:
    """Accept jobs while the block runs, for workers elsewhere to do."""
    with open_job_database(platform.settings) as database, open_jobs(database) as jobs:
        platform.running_jobs = jobs
        yield jobs
