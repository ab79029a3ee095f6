"""Servers and workers as processes of their own: killed, stopped, told to end, and named alike."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from core.settings import Settings
from evals.bench.server import Server, serving, working
from hub.platform import open_platform
from tests.databases import Postgres
from tests.e2e.conftest import Cli
from tests.small_company import import_small_company

REQUEST = {"account": "Acme Drives Ltd", "purpose": "Agree on price and delivery"}
# One slow source holds a run open while something happens to its worker.
HELD = {"SALESHUB_SANDBOX_FAULTS": json.dumps({"memory": {"slow": 60}}), "SALESHUB_GATHER_TIMEOUT_S": "60"}
SHORT = {"SALESHUB_WORKER_LEASE": "PT1S", "SALESHUB_WORKER_GRACE": "PT0.2S"}
# Processes on one database sign one audit log.
SHARED_KEY = {"SALESHUB_AUDIT_KEY": "7e" * 32}


@pytest.fixture
def database(postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL database with the small company."""
    with postgres.fresh() as url:
        settings = Settings(home=tmp_path / "first", database_url=url, embedding_model="none")
        with open_platform(settings) as platform:
            import_small_company(platform, tmp_path / "files")
        yield url


@pytest.fixture
def small_home(tmp_path: Path) -> Path:
    """A home on SQLite with the small company."""
    home = tmp_path / "home"
    with open_platform(Settings(home=home, embedding_model="none")) as platform:
        import_small_company(platform, tmp_path / "files")
    return home


def ask(server: Server, key: str) -> str:
    answer = server.client.post("/v1/visit-requests", json=REQUEST, headers={"Idempotency-Key": key})
    run_id: str = answer.raise_for_status().json()["run_id"]
    return run_id


def status_of(server: Server, run_id: str) -> str:
    status: str = server.client.get(f"/v1/visit-requests/{run_id}").raise_for_status().json()["run"]["status"]
    return status


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, half a minute at most."""
    never = threading.Event()
    for _look in range(600):
        if holds():
            return
        never.wait(0.05)
    raise AssertionError("it did not come to hold")


def begin(server: Server, run_id: str) -> None:
    wait_until(lambda: status_of(server, run_id) == "running")


def finish(server: Server, run_id: str) -> None:
    wait_until(lambda: status_of(server, run_id) not in {"queued", "running"})
    assert status_of(server, run_id) in {"complete", "partial"}


def rows(url: str, query: str, **values: Any) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query), values)]
    engine.dispose()
    return found


def test_what_a_server_without_work_accepts_a_worker_does(small_home: Path) -> None:
    with serving(small_home, "--no-work") as server:
        assert server.client.get("/readyz").json() == {"status": "ok", "worker": None}
        run_id = ask(server, "k")
        with working(small_home, "w1"):
            finish(server, run_id)


def test_a_name_belongs_to_one_live_worker(database: str, tmp_path: Path, cli: Cli) -> None:
    with working(tmp_path / "a", "w1", DATABASE_URL=database):
        here = cli("work", "--name", "w1", home=tmp_path / "a", DATABASE_URL=database)
        elsewhere = cli("work", "--name", "w1", home=tmp_path / "b", DATABASE_URL=database)
        told = json.loads(cli("work", "--status", "--json", home=tmp_path / "b", DATABASE_URL=database).stdout)
    assert here.returncode == elsewhere.returncode == 2
    assert "w1 is at work" in here.stderr
    assert "w1 is at work" in elsewhere.stderr
    assert [(one["name"], one["alive"], one["epoch"]) for one in told["workers"]] == [("w1", True, 1)]
    after = cli("work", "--status", "--json", home=tmp_path / "b", DATABASE_URL=database)
    assert after.returncode == 1
    assert [one["status"] for one in json.loads(after.stdout)["workers"]] == ["left"]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_the_jobs_of_a_worker_that_gives_no_more_signs_are_done_once_from_another_home(
    database: str, tmp_path: Path, end: signal.Signals
) -> None:
    shared = {"DATABASE_URL": database, **SHORT, **SHARED_KEY}
    with (
        serving(tmp_path / "api", "--no-work", **shared) as server,
        working(tmp_path / "a", "w1", **shared, **HELD) as first,
    ):
        run_id = ask(server, "k")
        begin(server, run_id)
        first.send_signal(end)
        with working(tmp_path / "b", "w2", **shared):
            finish(server, run_id)
            if end is signal.SIGSTOP:
                first.send_signal(signal.SIGCONT)
                now = "SELECT epoch, status FROM workers WHERE name = 'w1'"
                wait_until(lambda: rows(database, now) == [(2, "alive")])
    steps = rows(database, "SELECT seq, step, status FROM run_events WHERE run_id = :run ORDER BY seq", run=run_id)
    assert steps[-1][1:] == ("save", "done")
    for table, count in {"packages": 1, "reviews": 3}.items():
        assert rows(database, f"SELECT count(*) FROM {table} WHERE run_id = :run", run=run_id) == [(count,)]  # noqa: S608


def test_a_worker_told_to_end_hands_over_what_it_cannot_finish(database: str, tmp_path: Path) -> None:
    shared = {"DATABASE_URL": database, **SHORT, **SHARED_KEY, "SALESHUB_WORKER_LEASE": "PT10M"}
    with serving(tmp_path / "api", "--no-work", **shared) as server:
        with working(tmp_path / "a", "w1", **shared, **HELD) as first:
            run_id = ask(server, "k")
            begin(server, run_id)
            first.terminate()
            assert first.wait(timeout=30) == 0
        with working(tmp_path / "b", "w2", **shared):
            finish(server, run_id)


def test_a_worker_told_to_end_finishes_what_it_has_begun(small_home: Path) -> None:
    slow = json.dumps({"memory": {"slow": 0.5}})
    with serving(small_home, "--no-work") as server:
        with working(small_home, "w1", SALESHUB_SANDBOX_FAULTS=slow) as worker:
            run_id = ask(server, "k")
            begin(server, run_id)
            worker.terminate()
            assert worker.wait(timeout=30) == 0
        assert server.client.get(f"/v1/visit-requests/{run_id}/package").status_code == 200


def test_told_twice_a_worker_ends_at_once(small_home: Path) -> None:
    with (
        serving(small_home, "--no-work") as server,
        working(small_home, "w1", **HELD, SALESHUB_WORKER_GRACE="PT10M") as worker,
    ):
        begin(server, ask(server, "k"))
        worker.terminate()
        assert worker.stdout is not None
        assert b"stops" in worker.stdout.readline()
        worker.terminate()
        assert worker.wait(timeout=30) == -signal.SIGTERM
