"""Visit jobs on a worker of this process while something is wrong, and what came of them."""

import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
from structlog.testing import capture_logs

from core.domain.base import System
from core.domain.packages import Package
from core.domain.visits import VisitRequest
from core.domain.webhooks import EventOut
from core.identity import Role
from evals.bench.chaos.breaking import WORLD_FAULTS, SetClock, Trial
from evals.bench.chaos.counting import rows
from evals.bench.chaos.plan import ACCOUNTS, TENANT, person, records_of
from evals.bench.chaos.receiver import Receiver, receiving
from evals.bench.chaos.trial import fresh_settings
from evals.bench.chaos.workers import pause
from evals.bench.hashing import HashEmbedder
from evals.bench.report import Figures
from hub.embedding import fill_embeddings
from hub.events.deliveries import deliver_due
from hub.events.webhooks import add_endpoint
from hub.installation import Platform
from hub.platform import open_platform
from hub.visits import request_visit

_LOOK_S = 0.1
_PATIENCE_S = 300.0
_ADMIN = person("admin", Role.ADMIN)
_GOING = "SELECT count(*) FROM visit_requests WHERE status IN ('queued', 'running')"
_PACKAGES = "SELECT run_id, body FROM packages"
_NO_NEWS = "has never received"
_PARTS = ("reviews", "notifications")


@dataclass(slots=True)
class Visits:
    """Visit requests of one trial; `asked` are the runs that were accepted, by key."""

    platform: Platform
    receiver: Receiver | None = None
    asked: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where the records are."""
        return self.platform.settings.records_url

    def ask(self, number: int) -> None:
        """Ask for a visit under its key; whoever gets an error asks again later."""
        request, key = VisitRequest(account=f"a{number % ACCOUNTS}", purpose="Renewal"), f"visit-{number}"
        try:
            self.asked[key] = request_visit(self.platform, self.platform.owner(TENANT), request, key).id
        except Exception as error:
            self.seen.add(f"request refused: {type(error).__name__}")

    def going(self) -> int:
        """Runs that are not over."""
        return int(rows(self.url, _GOING)[0][0])


@dataclass(frozen=True, slots=True)
class VisitFault:
    """What is wrong while a request with a number is made; `settings` last for the whole trial."""

    around: Callable[[Visits, int], AbstractContextManager[None]] = lambda _visits, _number: nullcontext()
    settings: Mapping[str, object] = field(default_factory=dict)
    database: str = "sqlite"
    chroma: bool = False
    webhook: bool = False


def _sources(**fault: object) -> VisitFault:
    wrong = {system.value: {**fault, "share": 0.5} for system in System}
    return VisitFault(settings={"sandbox_faults": wrong, "gather_timeout_s": 0.5})


def _world(name: str) -> VisitFault:
    fault = WORLD_FAULTS[name]

    def around(visits: Visits, number: int) -> AbstractContextManager[None]:
        return fault.around(Trial(visits.platform, SetClock()), number) if number % 4 == 0 else nullcontext()

    return VisitFault(around, database=fault.database)


VISIT_FAULTS: Mapping[str, VisitFault] = {
    "sources_down": _sources(down=True),
    "sources_slow": _sources(slow=3600),
    "sources_malformed": _sources(malformed=True),
    "sources_forbidden": _sources(forbidden=True),
    "sources_throttled_429": _sources(throttled=True),
    "chroma_gone": VisitFault(chroma=True),
    "webhook_receiver_down": VisitFault(webhook=True),
    **{name: _world(name) for name in ("database_locked", "database_connections_cut", "database_restarted")},
    "disk_full": _world("disk_full"),
}


@contextmanager
def _chroma(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Chroma server, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--port", str(port)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=9), trust_env=False) as client:
            client.get(f"{url}/api/v2/heartbeat").raise_for_status()
        yield url, child
    finally:
        child.kill()
        child.wait()


def visits_under(fault: VisitFault, jobs: int) -> Figures:
    """What came of so many visit requests; every accepted one must end, with one package and its parts."""
    with ExitStack() as stack:
        settings = stack.enter_context(fresh_settings(fault.database))
        told: dict[str, object] = {**fault.settings, "log_level": "warning", "webhook_private_networks": True}
        server = None
        if fault.chroma:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-chroma-")))
            told["chroma_url"], server = stack.enter_context(_chroma(folder))
        receiver = stack.enter_context(receiving()) if fault.webhook else None
        changed = type(settings).model_validate(settings.model_dump() | told)
        platform = stack.enter_context(open_platform(changed, embedder=HashEmbedder(), work=True))
        with platform.store.write() as unit:
            unit.records.upsert(TENANT, list(records_of([])), {}, at=platform.clock.now())
        if receiver is not None:
            add_endpoint(platform, _ADMIN, receiver.url, [EventOut.PACKAGE_READY])
            receiver.answers = False
        visits = Visits(platform, receiver)
        # Opening set the logs up; from here they are read instead of printed.
        logs = stack.enter_context(capture_logs())
        if server is not None:
            fill_embeddings(platform)
            server.kill()
        for number in range(jobs):
            with fault.around(visits, number):
                visits.ask(number)
            if server is not None:
                fill_embeddings(platform)
        _finish(visits, jobs)
        visits.seen |= {f"log: {entry['event']}" for entry in logs}
        return _counted(visits, jobs)


def _finish(visits: Visits, jobs: int) -> None:
    """Ask again for what was not accepted, and wait until all is over; then let events go out."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and (len(visits.asked) < jobs or visits.going()):
        for number in range(jobs):
            if f"visit-{number}" not in visits.asked:
                visits.ask(number)
        pause(_LOOK_S)
    if visits.receiver is None:
        return
    clock = SetClock()
    later = replace(visits.platform, clock=clock)
    deliver_due(later, "w1")
    visits.receiver.answers = True
    # The waits between attempts are hours at the end: the clock is put forward instead.
    for _round in range(100):
        clock.time += timedelta(hours=1)
        deliver_due(later, "w1")


def _counted(visits: Visits, jobs: int) -> Figures:
    packages = [Package.model_validate_json(body) for _run, body in rows(visits.url, _PACKAGES)]
    runs = set(visits.asked.values())
    reasons = rows(visits.url, "SELECT run_id, reason FROM visit_requests WHERE status = 'failed'")
    told = {run for run, reason in reasons if reason}
    made = Counter(package.run_id for package in packages)
    doubled = sum(count - 1 for count in made.values()) + len(made.keys() - runs)
    for part in _PARTS:
        per_run = Counter(run for (run,) in rows(visits.url, f"SELECT run_id FROM {part}"))  # noqa: S608
        most = min(per_run.values(), default=0)
        doubled += sum(count - most for count in per_run.values())
    said = (section.reason or "" for package in packages for _name, section in package.sections)
    # The company of a trial is a small one: what it never had is no news.
    news = {f"section: {part}" for reason in said for part in reason.split(". ") if part and _NO_NEWS not in part}
    visits.seen |= news
    visits.seen |= {f"run: {reason}" for _run, reason in reasons if reason}
    lost = len(runs - made.keys() - told) + jobs - len(runs)
    if visits.receiver is not None:
        heard = visits.receiver.ids_by_subject()
        lost += len(made.keys() - heard.keys())
        doubled += sum(len(ids) - 1 for ids in heard.values())
    seen = sorted(visits.seen)[:6]
    return {
        "lost": lost,
        "doubled": doubled,
        "unapproved": 0,
        "stuck": visits.going(),
        "failed": len(told),
        "seen": seen,
    }
