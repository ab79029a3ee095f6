"""Workers as processes of their own: killed, stopped, told to end, and named alike."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.settings import Settings
from evals.bench.server import Server, serving, working
from hub.platform import open_platform
from tests.databases import Postgres
from tests.e2e.asking import HELD, KEY, SHORT, SLOW, Hub, wait_until
from tests.e2e.conftest import Cli
from tests.small_company import import_small_company


@pytest.fixture
def hub(postgres: Postgres, tmp_path: Path) -> Iterator[Hub]:
    """On a PostgreSQL database."""
    with postgres.fresh() as url:
        shared = {"DATABASE_URL": url, "SALESHUB_AUDIT_KEY": KEY}
        told = {"home": tmp_path / "first", "database_url": url, "audit_key": KEY, "embedding_model": "none"}
        with open_platform(Settings.model_validate(told), accept=True) as platform:
            import_small_company(platform, tmp_path / "files")
            yield Hub(platform, shared)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Hub]:
    """On SQLite."""
    with open_platform(Settings(home=tmp_path / "home", embedding_model="none"), accept=True) as platform:
        import_small_company(platform, tmp_path / "files")
        yield Hub(platform, {})


def test_a_name_belongs_to_one_live_worker(hub: Hub, tmp_path: Path, cli: Cli) -> None:
    with working(tmp_path / "a", "w1", **hub.shared):
        here = cli("work", "--name", "w1", home=tmp_path / "a", **hub.shared)
        elsewhere = cli("work", "--name", "w1", home=tmp_path / "b", **hub.shared)
        told = json.loads(cli("work", "--status", "--json", home=tmp_path / "b", **hub.shared).stdout)
    assert here.returncode == elsewhere.returncode == 2
    assert "w1 is at work" in here.stderr
    assert "w1 is at work" in elsewhere.stderr
    assert [(one["name"], one["alive"], one["epoch"]) for one in told["workers"]] == [("w1", True, 1)]
    after = cli("work", "--status", "--json", home=tmp_path / "b", **hub.shared)
    assert after.returncode == 1
    assert [one["status"] for one in json.loads(after.stdout)["workers"]] == ["left"]


def test_jobs_of_workers_that_give_no_more_signs_are_done_once_from_another_home(hub: Hub, tmp_path: Path) -> None:
    """One worker is killed, one stopped, and a server that works is stopped; both stopped ones begin anew."""
    held = {**hub.shared, **SHORT, **HELD, "SALESHUB_WORKER_JOBS": "1"}
    with ExitStack() as stack:
        killed = stack.enter_context(working(tmp_path / "a", "killed", **held))
        stopped = stack.enter_context(working(tmp_path / "b", "stopped", **held))
        server = stack.enter_context(serving(tmp_path / "c", **held))
        runs = [hub.ask() for _ in range(3)]
        for run_id in runs:
            hub.begin(run_id)
        serves = server.client.get("/readyz").json()["worker"]
        killed.kill()
        for process in (stopped, server.process):
            process.send_signal(signal.SIGSTOP)
        with working(tmp_path / "d", "heir", **hub.shared, **SHORT):
            for run_id in runs:
                hub.finish(run_id)
        for process in (stopped, server.process):
            process.send_signal(signal.SIGCONT)
        for name in ("stopped", serves):
            # On a busy machine one may be taken for dead, and begin anew, more than once.
            wait_until(lambda name=name: hub.worker(name).epoch > 1 and hub.worker(name).status == "alive")  # type: ignore[misc]
        wait_until(lambda: is_ready(server, serves))
    with hub.platform.store.read() as unit:
        for run_id in runs:
            assert unit.visits.package(hub.platform.owner(), run_id) is not None
            events = unit.visits.events(hub.platform.owner(), run_id, 0)
            assert [event.status for event in events if event.step == "save"] == ["done"]
            assert len(unit.visits.reviews(hub.platform.owner(), run_id)) == 3


def is_ready(server: Server, worker: str) -> bool:
    return bool(server.client.get("/readyz").json() == {"status": "ok", "worker": worker})


def test_a_worker_told_to_end_hands_over_what_it_cannot_finish(hub: Hub, tmp_path: Path) -> None:
    shared = {**hub.shared, **SHORT, "SALESHUB_WORKER_LEASE": "PT10M"}
    with working(tmp_path / "a", "w1", **shared, **HELD) as first:
        run_id = hub.ask()
        hub.begin(run_id)
        first.terminate()
        assert first.wait(timeout=30) == 0
    with working(tmp_path / "b", "w2", **shared):
        hub.finish(run_id)


def test_a_worker_told_to_end_finishes_what_it_has_begun(local: Hub) -> None:
    home = local.platform.settings.home
    with serving(home, "--no-work") as server:
        assert server.client.get("/readyz").json() == {"status": "ok", "worker": None}
        request = {"account": "Acme Drives Ltd", "purpose": "Agree on price and delivery"}
        answer = server.client.post("/v1/visit-requests", json=request, headers={"Idempotency-Key": "k"})
        run_id = answer.raise_for_status().json()["run_id"]
        with working(home, "w1", **SLOW) as worker:
            local.begin(run_id)
            worker.terminate()
            assert worker.wait(timeout=30) == 0
        assert server.client.get(f"/v1/visit-requests/{run_id}/package").status_code == 200


def test_told_twice_a_worker_ends_at_once(local: Hub) -> None:
    with working(local.platform.settings.home, "w1", **HELD, SALESHUB_WORKER_GRACE="PT10M") as worker:
        local.begin(local.ask())
        worker.terminate()
        assert worker.stdout is not None
        assert b"stops" in worker.stdout.readline()
        worker.terminate()
        assert worker.wait(timeout=30) == -signal.SIGTERM
