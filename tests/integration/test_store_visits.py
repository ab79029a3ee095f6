"""Visit runs: one a key, seen by those who see the account, ended once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from core.domain.contracts import Department
from core.domain.views.proposals import Recommendation, RecommendationKind
from core.domain.visits import RunEvent, RunStatus, StepStatus
from core.errors import ConflictError, NotFoundError
from core.identity import Caller, local_owner
from db.store import Store
from db.visit_tables import notifications, recommendations
from tests.processes import ask, in_processes, log_steps
from tests.samples import NOW, account, package, rep, review, run

OWNER = local_owner("t")
ADVICE = Recommendation(id="rec1", kind=RecommendationKind.GOAL, text="Sign", claim="c1", person="Lin", minutes=20)


@pytest.fixture(autouse=True)
def known_account(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account(region="north")], [""], at=NOW)


def rows(store: Store, table: Table) -> list[dict[str, Any]]:
    with store.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    asked = run(requester=Caller(tenant="t", user="wang", roles=frozenset(), regions=frozenset({"north", "east"})))
    with store.write() as session:
        assert session.visits.create("t", asked, "key", "digest") == (asked, True)
    with store.read() as session:
        assert session.visits.load("t", "r1") == asked
        assert session.visits.get(OWNER, "r1") == asked
        assert session.visits.get(OWNER, "r2") is None
        with pytest.raises(NotFoundError, match="run_id"):
            session.visits.load("u", "r1")


def test_the_same_key_gives_the_same_run(store: Store) -> None:
    with store.write() as session:
        session.visits.create("t", run("r1"), "key", "digest")
        assert session.visits.create("t", run("r2"), "key", "digest") == (run("r1"), False)
        assert session.visits.create("t", run("r3"), "other", "digest") == (run("r3"), True)
        assert session.visits.create("u", run("r4"), "key", "another") == (run("r4"), True)
        with pytest.raises(ConflictError) as caught:
            session.visits.create("t", run("r5"), "key", "another")
    assert caught.value.field == "Idempotency-Key"


def test_twenty_processes_that_ask_the_same_get_one_run(store: Store, store_url: str) -> None:
    answers = in_processes(ask, [(store_url, f"r{number}") for number in range(20)])
    assert len({run_id for run_id, _created in answers}) == 1
    assert sum(created for _run_id, created in answers) == 1


def test_processes_that_write_at_once_all_get_their_turn(store: Store, store_url: str) -> None:
    with store.write() as session:
        session.visits.create("t", run(), "key", "digest")
    in_processes(log_steps, [(store_url, name) for name in "abcd"])
    with store.read() as session:
        events = session.visits.events(OWNER, "r1")
    assert [event.seq for event in events] == list(range(1, 41))
    assert len({event.step for event in events}) == 40


def test_a_run_is_seen_while_its_account_is(store: Store) -> None:
    with store.write() as session:
        session.records.upsert("t", [account("a2", region="south")], [""], at=NOW)
        session.visits.create("t", run("r1"), "k1", "d")
        session.visits.create("t", run("r2", account_id="a2", created_at=NOW + timedelta(hours=1)), "k2", "d")
        session.visits.create("t", run("r3", account_id="unknown"), "k3", "d")
        session.visits.append_event("t", "r1", "gather", StepStatus.STARTED, at=NOW)
        session.visits.save_package("t", package(run("r1")), [])
    with store.read() as session:
        for caller, expected in (
            (OWNER, ["r2", "r1"]),
            (rep("t", {"north"}), ["r1"]),
            (rep("t", {"south"}), ["r2"]),
            (rep("t", set()), []),
            (local_owner("u"), []),
        ):
            assert [found.id for found in session.visits.list(caller)] == expected
            sees = "r1" in expected
            assert (session.visits.get(caller, "r1") is not None) is sees
            assert bool(session.visits.events(caller, "r1")) is sees
            assert (session.visits.package(caller, "r1") is not None) is sees
            assert bool(session.visits.reviews(caller, "r1")) is sees
        assert [found.id for found in session.visits.list(OWNER, limit=1)] == ["r2"]


def test_a_run_is_marked_until_it_is_over(store: Store) -> None:
    later = NOW + timedelta(minutes=1)
    with store.write() as session:
        visits = session.visits
        visits.create("t", run("r1"), "k1", "d")
        visits.create("u", run("r2", created_at=later), "k1", "d")
        assert visits.unfinished() == [("t", "r1"), ("u", "r2")]
        assert visits.mark("t", "r1", RunStatus.RUNNING, None, NOW)
        assert visits.unfinished("t") == [("t", "r1")]
        assert visits.mark("t", "r1", RunStatus.FAILED, "budget", later)
        assert not visits.mark("t", "r1", RunStatus.RUNNING, None, later)
        assert not visits.mark("t", "r9", RunStatus.RUNNING, None, later)
        assert visits.unfinished() == [("u", "r2")]
        over = visits.load("t", "r1")
    assert (over.status, over.reason, over.finished_at) == (RunStatus.FAILED, "budget", later)


def test_events_are_numbered_and_the_first_of_a_number_stays(store: Store) -> None:
    with store.write() as session:
        visits = session.visits
        visits.create("t", run(), "key", "digest")
        assert visits.last_event("t", "r1") == 0
        first = visits.append_event("t", "r1", "gather", StepStatus.STARTED, at=NOW)
        second = RunEvent(seq=2, step="gather", status=StepStatus.DONE, detail="12", at=NOW)
        visits.append_events("t", "r1", [second])
        visits.append_events("t", "r1", [second.model_copy(update={"step": "again"})])
        assert visits.events(OWNER, "r1") == [first, second]
        assert visits.events(OWNER, "r1", after=1) == [second]
        assert visits.last_event("t", "r1") == 2
        with pytest.raises(NotFoundError, match="run_id"):
            visits.append_event("t", "r9", "gather", StepStatus.STARTED, at=NOW)


def test_a_package_is_saved_whole_and_once(store: Store) -> None:
    made = package(run())
    with store.write() as session:
        session.visits.create("t", run(), "key", "digest")
        assert session.visits.package(OWNER, "r1") is None
        assert session.visits.save_package("t", made, [ADVICE])
    with store.write() as session:
        changed = made.model_copy(update={"model": "other", "reviews": (review(run(), Department.SUPPLY_CHAIN),)})
        assert not session.visits.save_package("t", changed, [ADVICE.model_copy(update={"id": "rec2"})])
    with store.read() as session:
        assert session.visits.package(OWNER, "r1") == made
        assert session.visits.reviews(OWNER, "r1") == list(made.reviews)
        ended = session.visits.load("t", "r1")
    assert (ended.status, ended.finished_at) == (RunStatus.PARTIAL, made.created_at)
    assert [(row["id"], row["status"], row["minutes"]) for row in rows(store, recommendations)] == [
        ("rec1", "exposed", 20)
    ]
    assert {(row["department"], row["kind"]) for row in rows(store, notifications)} == {
        ("finance", "review_requested"),
        ("legal", "review_requested"),
    }


def test_a_package_without_its_run_is_not_saved(store: Store) -> None:
    with store.write() as session:
        assert not session.visits.save_package("t", package(run()), [ADVICE])
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(recommendations)) == 0
