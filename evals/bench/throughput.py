"""How many durable visit jobs workers do: `python -m evals.bench.throughput --database sqlite --workers 1,2`.

A process accepts the requests and does none; worker processes do them. Wall times depend on what else the machine does;
CPU seconds a job, of the workers alone, depend less on it. A job is a whole package, from request to saved.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from core.domain.visits import VisitRequest
from core.settings import Settings
from demo.company import write_demo_company
from evals.bench.demo_home import TENANT
from evals.bench.hub_database import DATABASES, database_settings
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.server import working
from hub.directory import list_accounts
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform
from hub.visits import request_visit

_POLL_S = 0.05
_PATIENCE_S = 600


def _submit(platform: Platform, requests: int) -> None:
    caller = platform.owner(TENANT)
    accounts = list_accounts(platform, caller)
    for number in range(requests):
        account = accounts[number % len(accounts)]
        request_visit(platform, caller, VisitRequest(account=account.id, purpose="Renewal"))


def _await_end(platform: Platform) -> None:
    never, deadline = threading.Event(), time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        with platform.store.read() as unit:
            if not unit.visits.unfinished():
                return
        never.wait(_POLL_S)
    raise RuntimeError("the workers did not finish in time")


def _cpu_s(pid: int) -> float:
    """CPU seconds that a process has used, user and system, on Linux (proc(5): fields 14 and 15 of `stat`)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _round(platform: Platform, home: Path, workers: int, requests: int, shared: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and CPU seconds of the workers from the first request to the last package."""
    with ExitStack() as stack:
        homes = [home if not shared else home.with_name(f"w{number}") for number in range(workers)]
        pids = [stack.enter_context(working(homes[number], f"w{number}", **shared)).pid for number in range(workers)]
        # The first job loads what all later ones use.
        _submit(platform, workers * 2)
        _await_end(platform)
        before = sum(map(_cpu_s, pids))
        start = time.monotonic()
        _submit(platform, requests)
        _await_end(platform)
        took = time.monotonic() - start
        return took, sum(map(_cpu_s, pids)) - before


def measure(database: str, workers: Sequence[int], requests: int) -> Figures:
    """Jobs a second and CPU seconds a job by number of workers, and the ratio of the last to the first."""
    figures: Figures = {"database": database, "requests": requests}
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-throughput-")))
        shared = stack.enter_context(database_settings(database, place))
        home = place / "home"
        told = {"home": home, "embedding_model": "none", "log_level": "critical"}
        if shared:
            told |= {"database_url": shared["DATABASE_URL"], "audit_key": shared["SALESHUB_AUDIT_KEY"]}
        platform = stack.enter_context(open_platform(Settings.model_validate(told), accept=True))
        (place / "exports").mkdir()
        write_demo_company(place / "exports", today=platform.clock.now().date())
        import_files(platform, [place / "exports"], tenant=TENANT)
        for count in workers:
            wall_s, cpu_s = _round(platform, home, count, requests, shared)
            figures[f"jobs_per_s_{count}_workers"] = round(requests / wall_s, 2)
            figures[f"cpu_s_per_job_{count}_workers"] = round(cpu_s / requests, 3)
            figures[f"jobs_per_core_s_{count}_workers"] = round(requests / cpu_s, 2)
    first, last = (figures[f"jobs_per_s_{count}_workers"] for count in (workers[0], workers[-1]))
    return {**figures, f"ratio_{workers[-1]}_to_{workers[0]}": round(last / first, 2)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = build_parser("throughput", __doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--workers", default="1,2", help="numbers of worker processes to try, such as 1,2,4")
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args(arguments)
    workers = [int(count) for count in options.workers.split(",")]
    print_figures(measure(options.database, workers, options.requests), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
