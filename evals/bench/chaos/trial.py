"""One trial: a fresh database and target, the workload under kills, a clean drain, and the count."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from connectors.tryton.local.postgres import local_postgres
from core.settings import Settings
from evals.bench.chaos.counting import held_by_sandbox, judge, looking_at_sandbox, under_way, undone_in_sandbox
from evals.bench.chaos.hub import author, sender
from evals.bench.chaos.plan import TENANT, Fate, Item, build_plan, records_of
from evals.bench.chaos.target import Target
from evals.bench.chaos.workers import Killer
from evals.bench.report import Figures
from hub.auditing import verify_log
from hub.platform import open_platform

_SENDERS = ("w1", "w2")


@contextmanager
def fresh_settings(database: str) -> Iterator[Settings]:
    """Settings of an installation on an empty SQLite file or PostgreSQL, gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-chaos-")))
        url = None
        if database == "postgresql":
            # Beside the home, which only its owner may enter: as root the server runs as another user.
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-chaos-pg-"))
            Path(place).chmod(0o755)
            url = stack.enter_context(local_postgres(Path(place) / "data")).uri
        yield Settings(home=folder / "home", database_url=url, embedding_model="none", log_level="critical")


@contextmanager
def sandbox(settings: Settings, plan: Sequence[Item]) -> Iterator[Target]:
    """The sandbox systems, holding what the plan starts from."""
    with open_platform(settings) as platform, platform.store.write() as unit:
        unit.records.upsert(TENANT, list(records_of(plan)), {}, at=datetime.now(UTC))
    url = settings.records_url
    with looking_at_sandbox(url) as written:
        yield Target(None, written, partial(held_by_sandbox, url), partial(undone_in_sandbox, url))


def measure(*, kills: int, effects: int, database: str, target: str, seed: int) -> Figures:
    """What was lost, doubled, left behind or done without approval."""
    plan = build_plan(effects, seed)
    with ExitStack() as stack:
        settings = stack.enter_context(fresh_settings(database))
        start = time.monotonic()
        system = stack.enter_context(target_of(target, settings, plan))
        senders = [sender(settings, system.open, name) for name in _SENDERS]
        killer = Killer(
            [author(settings, system.open, plan), *senders], system.written, errors=settings.home / "errors.log"
        )
        done = killer.run(kills=kills, total=effects, finished=lambda board: board.asked >= len(plan), seed=seed)
        left = under_way(settings.records_url)
        killer.drain(senders, lambda: under_way(settings.records_url) == 0)
        figures = {"kills": done, "effects": effects, **judge(plan, system.held())}
        with open_platform(settings) as platform:
            audit = verify_log(platform, TENANT)
        return {
            **figures,
            "stuck": under_way(settings.records_url),
            "seconds": round(time.monotonic() - start, 1),
            "must_not_run": sum(item.fate is not Fate.RUN for item in plan),
            "under_way_after_the_last_kill": left,
            "audit_whole": audit.whole,
            "worker_errors": _errors(settings.home / "errors.log"),
            "database": database,
            "target": target,
            "seed": seed,
        }


@contextmanager
def target_of(name: str, settings: Settings, plan: Sequence[Item]) -> Iterator[Target]:
    """The system of that name, `sandbox` or `tryton`, holding what the plan starts from."""
    if name == "sandbox":
        with sandbox(settings, plan) as target:
            yield target
        return
    from evals.bench.chaos.tryton import tryton  # noqa: PLC0415 - needs the development tools

    with tryton(settings, plan) as target:
        yield target


def _errors(log: Path) -> list[str]:
    """The last lines of what processes failed with, other than by being killed."""
    if not log.exists():
        return []
    return [line for line in log.read_text("utf-8").splitlines() if line[:1].strip() and "Traceback" not in line][-5:]
