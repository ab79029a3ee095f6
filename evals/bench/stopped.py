"""A worker is stopped past its lease and continued: `python -m evals.bench.stopped --tries 200`.

Three workers on one PostgreSQL do visit jobs and write effects. Again and again those that hold jobs or outbox leases
are stopped (SIGSTOP) at a random instant; the others take over and finish. Each job and each lease that a worker holds
while it is stopped is a try: a chance to write late what another has done meanwhile. What is on record then is noted,
from the tables and the sandbox's own records, and the stopped ones are continued. At the end every row must be as it
was noted: a row that changed, or came later, is a stale write.
"""

import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from core.domain.effects import Change, EffectFacts, Proposal, RiskClass
from core.domain.payloads import ActivityForm, LogActivity
from core.domain.visits import VisitRequest
from core.identity import Caller
from core.settings import Settings
from demo.company import write_demo_company
from evals.bench.demo_home import TENANT
from evals.bench.hub_database import database_settings
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.server import working
from hub.directory import list_accounts
from hub.effects.ledger import propose_effect
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform
from hub.visits import request_visit

_WORKERS = 3
# Many at once, so that a stopped worker holds several.
_VISITS, _EFFECTS, _JOBS = 10, 16, 5
_PATIENCE_S = 300
_POLL_S = 0.02
_FAULTS = {"memory": {"slow": 0.3}, "crm": {"slow": 0.15}}
# Short, so that a try takes seconds.
_SHORT = {
    "SALESHUB_WORKER_LEASE": "PT1S",
    "SALESHUB_WORKER_JOBS": str(_JOBS),
    "SALESHUB_EFFECT_TIMEOUT_S": "0.4",
    "SALESHUB_LOG_LEVEL": "critical",
    "SALESHUB_SANDBOX_FAULTS": json.dumps(_FAULTS),
}

# What is on record about runs and effects, one row each; the ids of those that are asked about are parameters.
_RUN_TABLES = ("visit_requests", "run_events", "packages", "reviews", "recommendations", "notifications")
_EFFECT_TABLES = {"effects": "id", "outbox": "effect_id", "approvals": "effect_id"}
_WRITTEN = "SELECT 'written', md5(body) FROM system_records WHERE body::jsonb->>'effect_key' = ANY(%(effects)s)"

Rows = list[tuple[str, str]]


@dataclass
class Tries:
    """What was seen so far: the records noted before each continuation, and what was held when workers were stopped."""

    stops: int = 0
    jobs: int = 0
    leases: int = 0
    noted: list[tuple[list[str], list[str], Rows]] = field(default_factory=list)

    @property
    def tries(self) -> int:
        """Jobs and leases held by workers while they were stopped."""
        return self.jobs + self.leases


def _wait(holds: Callable[[], bool]) -> None:
    never, deadline = threading.Event(), time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("the workers did not finish in time")
        never.wait(_POLL_S)


class Bench:
    """One database, a platform that accepts work, and three workers."""

    def __init__(self, platform: Platform, url: str, workers: dict[str, subprocess.Popen[bytes]], seed: int) -> None:
        self._platform = platform
        self._workers = workers
        self._chance = random.Random(seed)
        self._connection = psycopg.connect(url, autocommit=True)
        self._caller: Caller = platform.owner(TENANT)
        self._accounts = list_accounts(platform, self._caller)

    def close(self) -> None:
        """Close the observer's connection."""
        self._connection.close()

    def run(self, seen: Tries) -> None:
        """Ask for work, stop who holds some of it, let the others finish, note the records, continue the stopped."""
        runs, effects = self._ask()
        threading.Event().wait(self._chance.uniform(0.05, 0.9))
        held = {name: self._holds(name) for name in self._workers}
        victims = [name for name, (jobs, leases) in held.items() if jobs or leases][: _WORKERS - 1]
        for name in victims:
            self._workers[name].send_signal(signal.SIGSTOP)
        epochs = {name: self._epoch(name) for name in victims}
        still = {name: self._holds(name) for name in victims}
        try:
            _wait(lambda: self._is_done(runs, effects))
            _wait(lambda: all(self._is_lost(name) for name in victims))
            seen.noted.append((runs, effects, self.rows(runs, effects)))
        finally:
            for name in victims:
                self._workers[name].send_signal(signal.SIGCONT)
        for name in victims:
            jobs, leases = still[name]
            seen.stops += 1
            seen.jobs += jobs
            seen.leases += leases
        _wait(lambda: all(self._epoch(name) > epochs[name] for name in victims))

    def rows(self, runs: list[str], effects: list[str]) -> Rows:
        """Everything on record about runs and effects, and what the effects wrote, each row as a digest."""
        parts = [f"SELECT '{table}', md5(t::text) FROM {table} t WHERE run_id = ANY(%(runs)s)" for table in _RUN_TABLES]  # noqa: S608
        parts += [
            f"SELECT '{table}', md5(t::text) FROM {table} t WHERE {column} = ANY(%(effects)s)"  # noqa: S608
            for table, column in _EFFECT_TABLES.items()
        ]
        query = " UNION ALL ".join([*parts, _WRITTEN]) + " ORDER BY 1, 2"
        return [(row[0], row[1]) for row in self._query(query, runs=runs, effects=effects)]

    def _ask(self) -> tuple[list[str], list[str]]:
        runs, effects = [], []
        for _ in range(_VISITS):
            account = self._chance.choice(self._accounts)
            request = VisitRequest(account=account.id, purpose="Renewal")
            runs.append(request_visit(self._platform, self._caller, request).id)
        for _ in range(_EFFECTS):
            account = self._chance.choice(self._accounts)
            now = self._platform.clock.now()
            payload = LogActivity(account_id=account.id, form=ActivityForm.CALL, subject=uuid.uuid4().hex, at=now)
            facts = EffectFacts(operation=payload.operation)
            proposal = Proposal(payload=payload, risk=RiskClass.LOW, facts=facts, preview=(Change(field="x", new="y"),))
            made = propose_effect(self._platform, self._caller, proposal, request_key=uuid.uuid4().hex, origin="bench")
            effects.append(made.id)
        return runs, effects

    def _is_done(self, runs: list[str], effects: list[str]) -> bool:
        going = self._query(
            "SELECT (SELECT count(*) FROM visit_requests WHERE run_id = ANY(%(runs)s) AND finished_at IS NULL)"
            " + (SELECT count(*) FROM outbox WHERE effect_id = ANY(%(effects)s) AND done_at IS NULL)",
            runs=runs,
            effects=effects,
        )
        return going == [(0,)]

    def _holds(self, name: str) -> tuple[int, int]:
        """Jobs and outbox rows that a worker holds."""
        found = self._query(
            "SELECT (SELECT count(*) FROM dbos.workflow_status"
            "   WHERE status = 'PENDING' AND executor_id LIKE %(token)s),"
            " (SELECT count(*) FROM outbox WHERE leased_by = %(name)s AND done_at IS NULL AND leased_until > now())",
            token=f"{name}:%",
            name=name,
        )
        return int(found[0][0]), int(found[0][1])

    def _epoch(self, name: str) -> int:
        return int(self._query("SELECT epoch FROM workers WHERE name = %(name)s", name=name)[0][0])

    def _is_lost(self, name: str) -> bool:
        return self._query("SELECT status FROM workers WHERE name = %(name)s", name=name) == [("lost",)]

    def _query(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.encode(), values).fetchall()


@contextmanager
def _bench(seed: int) -> Iterator[Bench]:
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-stopped-")))
        shared = stack.enter_context(database_settings("postgresql", place))
        settings = Settings.model_validate(
            {
                "home": place / "api",
                "database_url": shared["DATABASE_URL"],
                "audit_key": shared["SALESHUB_AUDIT_KEY"],
                "embedding_model": "none",
                "log_level": "critical",
            }
        )
        platform = stack.enter_context(open_platform(settings, accept=True))
        (place / "exports").mkdir()
        write_demo_company(place / "exports", today=platform.clock.now().date())
        import_files(platform, [place / "exports"], tenant=TENANT)
        workers = {
            f"w{number}": stack.enter_context(working(place / f"w{number}", f"w{number}", **shared, **_SHORT))
            for number in range(_WORKERS)
        }
        bench = Bench(platform, shared["DATABASE_URL"], workers, seed)
        stack.callback(bench.close)
        yield bench


def measure(tries: int, seed: int = 7) -> Figures:
    """Rows changed by workers that were continued after others had finished their work."""
    seen, started = Tries(), time.monotonic()
    with _bench(seed) as bench:
        while seen.tries < tries:
            bench.run(seen)
        # Whatever they were doing when they were stopped has had its time by now: the last ones finish other work.
        bench.run(seen)
        stale = lost = doubled = 0
        for runs, effects, noted in seen.noted:
            now = bench.rows(runs, effects)
            stale += len(set(noted) ^ set(now))
            tables = [table for table, _digest in now]
            lost += max(0, len(runs) - tables.count("packages")) + max(0, len(effects) - tables.count("written"))
            doubled += max(0, tables.count("packages") - len(runs)) + max(0, tables.count("written") - len(effects))
    return {
        "tries": seen.tries,
        "stops": seen.stops,
        "jobs_held": seen.jobs,
        "leases_held": seen.leases,
        "runs": sum(len(runs) for runs, _, _ in seen.noted),
        "effects": sum(len(effects) for _, effects, _ in seen.noted),
        "stale_writes": stale,
        "lost": lost,
        "doubled": doubled,
        "seconds": round(time.monotonic() - started),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was written late, lost or doubled."""
    parser = build_parser("stopped", __doc__)
    parser.add_argument("--tries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    figures = measure(options.tries, options.seed)
    print_figures(figures, as_json=options.json)
    return int(bool(figures["stale_writes"] + figures["lost"] + figures["doubled"]))


if __name__ == "__main__":
    sys.exit(main())
