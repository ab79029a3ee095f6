"""Workers without their processes: the fence, what is kept and what goes, loops that fail."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from core.domain.visits import RunStatus, StepStatus
from core.domain.workers import Worker, WorkerStatus
from core.errors import ConflictError, InvalidInputError, SupersededError
from core.settings import Settings
from db.store import Store, open_store
from hub.installation import Platform
from hub.platform import open_platform
from hub.running import abandon_run, execute_run
from hub.workers.heartbeats import Membership
from hub.workers.loops import FAILURES, Loop, looping
from hub.workers.retention import delete_old
from tests.databases import Postgres
from tests.effect_company import SetClock
from tests.samples import NOW, run
from tests.small_company import import_small_company, visit

LEASE = timedelta(seconds=30)


@pytest.fixture
def postgres_store(postgres: Postgres) -> Iterator[Store]:
    with postgres.fresh() as url, open_store(url) as opened:
        yield opened


def enlist(store: Store, name: str = "w1") -> Worker:
    with store.write() as unit:
        return unit.workers.enlist(name, host="h", home="/h", pid=1, at=NOW)


def test_each_start_under_a_name_has_a_later_epoch_and_ends_the_one_before(store: Store) -> None:
    first, second = enlist(store), enlist(store)
    assert (first.epoch, second.epoch) == (1, 2)
    with store.write() as unit:
        assert not unit.workers.beat(first, NOW)
        assert unit.workers.beat(second, NOW)
        with pytest.raises(SupersededError):
            unit.workers.require(first)
        unit.workers.require(second)


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(store: Store) -> None:
    worker = enlist(store)
    with store.write() as unit:
        assert unit.workers.end(worker, WorkerStatus.LOST)
    with store.write() as unit:
        assert not unit.workers.end(worker, WorkerStatus.LOST)
        assert not unit.workers.beat(worker, NOW)
        with pytest.raises(SupersededError):
            unit.workers.require(worker)


def test_nobody_waits_for_a_worker_that_is_stuck_in_a_commit(postgres_store: Store) -> None:
    worker = enlist(postgres_store)
    with postgres_store.write() as stuck:
        stuck.workers.require(worker)
        with postgres_store.write() as unit:
            assert not unit.workers.end(worker, WorkerStatus.LOST)
    with postgres_store.write() as unit:
        assert unit.workers.end(worker, WorkerStatus.LOST)


def test_what_a_stopped_process_has_locked_is_free_again_after_the_lease(postgres: Postgres) -> None:
    with postgres.fresh() as url, open_store(url, idle_limit=timedelta(milliseconds=200)) as store:
        worker, stack = enlist(store), ExitStack()
        stuck = stack.enter_context(store.write())
        stuck.workers.require(worker)
        assert any(end_later(store, worker) for _ in range(600))
        with pytest.raises(DBAPIError), stack:
            stuck.workers.require(worker)


def test_what_a_process_stopped_in_a_statement_has_locked_others_free(postgres_store: Store) -> None:
    with postgres_store.write() as unit:
        worker = unit.workers.enlist("w1", host=socket.gethostname(), home="/h", pid=os.getpid(), at=NOW)
    stack = ExitStack()
    stuck = stack.enter_context(postgres_store.write())
    stuck.workers.require(worker)
    with postgres_store.write() as unit:
        assert unit.workers.cut_off(worker, timedelta(hours=1)) == 0
        assert unit.workers.cut_off(worker, timedelta(0)) == 1
    assert any(end_later(postgres_store, worker) for _ in range(600))
    with pytest.raises(DBAPIError), stack:
        stuck.workers.require(worker)


def end_later(store: Store, worker: Worker) -> bool:
    threading.Event().wait(0.05)
    with store.write() as unit:
        return unit.workers.end(worker, WorkerStatus.LOST)


def test_silence_longer_than_the_lease_ends_a_worker_of_another_home(store: Store, tmp_path: Path) -> None:
    clock = SetClock(NOW)
    one, other = (Membership(store, clock, tmp_path / home, LEASE, home) for home in ("a", "b"))
    first, second = one.join(), other.join()
    clock.advance(seconds=20)
    assert other.beat(second)
    clock.advance(seconds=20)
    assert other.living() == {second.token}
    assert not one.beat(first)
    assert one.join().token == "a:2"
    one.close()
    other.close()


def test_a_worker_never_takes_itself_for_dead(store: Store, tmp_path: Path) -> None:
    clock = SetClock(NOW)
    membership = Membership(store, clock, tmp_path, LEASE)
    worker = membership.join()
    clock.advance(seconds=100)
    assert membership.living() == {worker.token}
    assert membership.beat(worker)
    membership.close()


def test_who_was_cut_off_itself_gives_the_others_a_lease_to_show_a_sign(store: Store, tmp_path: Path) -> None:
    clock = SetClock(NOW)
    one, other = (Membership(store, clock, tmp_path / home, LEASE, home) for home in ("a", "b"))
    first, second = one.join(), other.join()
    clock.advance(seconds=40)
    assert other.beat(second)
    assert other.living() == {first.token, second.token}
    for _ in range(2):
        clock.advance(seconds=20)
        assert other.beat(second)
    assert other.living() == {second.token}
    one.close()
    other.close()


def test_a_free_lock_ends_a_worker_of_this_home_at_once(store: Store, tmp_path: Path) -> None:
    one, other = (Membership(store, SetClock(NOW), tmp_path, LEASE) for _ in range(2))
    first, second = one.join(), other.join()
    assert other.living() == {first.token, second.token}
    one.close()
    assert other.living() == {second.token}
    other.close()


def test_a_name_is_refused_while_it_is_in_use(store: Store, tmp_path: Path) -> None:
    clock = SetClock(NOW)
    holder = Membership(store, clock, tmp_path / "a", LEASE, "w1")
    holder.join()
    for home in ("a", "b"):
        rival = Membership(store, clock, tmp_path / home, LEASE, "w1")
        with pytest.raises(ConflictError, match="w1 is at work"):
            rival.join()
        rival.close()
    holder.close()
    with pytest.raises(InvalidInputError):
        Membership(store, clock, tmp_path, LEASE, "../w1")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    settings = Settings(home=tmp_path / "home", embedding_model="none", keep_finished=timedelta(0))
    with open_platform(settings, accept=True) as opened:
        import_small_company(opened, tmp_path / "files")
        yield opened


def test_a_superseded_worker_neither_begins_nor_gives_up_a_run(platform: Platform) -> None:
    worker, asked = enlist(platform.store), run(id_="r9", account_id="A1")
    with platform.store.write() as unit:
        unit.visits.create("default", asked, "k", "d")
        unit.workers.end(worker, WorkerStatus.LOST)
    for act in (execute_run, abandon_run):
        with pytest.raises(SupersededError):
            act(platform, "default", "r9", worker)
    with platform.store.read() as unit:
        assert unit.visits.load("default", "r9").status is RunStatus.QUEUED
        assert unit.visits.last_event("default", "r9") == 0


def test_only_traces_of_what_is_finished_go(platform: Platform) -> None:
    made = visit(platform)
    with platform.store.write() as unit:
        unit.visits.create("default", run("going", account_id="A1"), "k", "d")
        unit.visits.append_event("default", "going", "gather", StepStatus.DONE, at=NOW)
    assert delete_old(platform, "w1") > 0
    assert delete_old(platform, "w1") == 0
    with platform.store.read() as unit:
        assert unit.visits.last_event("default", made.run_id) == 0
        assert unit.visits.last_event("default", "going") == 1
        assert unit.visits.package(platform.owner("default"), made.run_id) == made


def test_a_loop_that_fails_is_counted_and_goes_on(platform: Platform) -> None:
    rounds = threading.Semaphore(0)
    failing = [True, True, False]

    def work(_platform: Platform, _worker: str) -> int:
        rounds.release()
        if failing.pop(0):
            raise OSError("the database is away")
        return len(failing)

    before = FAILURES.labels("shaky")._value.get()
    loop = Loop("shaky", timedelta(milliseconds=1), work)
    with looping(platform, "w1", [loop]):
        for _ in range(3):
            assert rounds.acquire(timeout=30)
    assert FAILURES.labels("shaky")._value.get() - before >= 2


def test_a_loop_that_is_woken_looks_at_once(platform: Platform) -> None:
    rounds = threading.Semaphore(0)

    def work(_platform: Platform, _worker: str) -> int:
        rounds.release()
        return 0

    with looping(platform, "w1", [Loop("rare", timedelta(days=1), work)]) as running:
        assert rounds.acquire(timeout=30)
        running.wake("rare")
        assert rounds.acquire(timeout=30)


def test_the_same_run_is_accepted_as_one_job(platform: Platform) -> None:
    for _ in range(2):
        platform.jobs.submit("t", "r1")
    assert platform.jobs.submit_missing([("t", "r1"), ("t", "r2")]) == 1
    assert platform.jobs.count() == (2, 0)
