"""Two servers that accept, three workers that work, one database, one Chroma: `python -m evals.bench.scale_out`.

Requests go to both servers in turn; one worker is ended with kill -9 while it has jobs. Every request must end in one
package with its reviews. This is what docs/how-to/scale-out.md describes, on one machine.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg

from core.settings import Settings
from demo.company import write_demo_company
from evals.bench.demo_home import TENANT
from evals.bench.hub_database import database_settings
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.server import Server, free_port, serving, working
from hub.importing import import_files
from hub.platform import open_platform

_PATIENCE_S = 300
_POLL_S = 0.05
_PARTS = {"packages": 1, "reviews": 3}


@contextmanager
def _chroma(folder: Path) -> Iterator[str]:
    port = free_port()
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _import_demo(place: Path, shared: dict[str, str]) -> None:
    told = {"home": place / "import", "embedding_model": "none", "log_level": "critical"}
    told |= {"database_url": shared["DATABASE_URL"], "audit_key": shared["SALESHUB_AUDIT_KEY"]}
    with open_platform(Settings.model_validate(told)) as platform:
        (place / "exports").mkdir()
        write_demo_company(place / "exports", today=platform.clock.now().date())
        import_files(platform, [place / "exports"], tenant=TENANT)


def _ask(servers: Sequence[Server], requests: int) -> list[str]:
    accounts = [one["name"] for one in servers[0].client.get("/v1/accounts").json()["accounts"]]
    asked = []
    for number in range(requests):
        client: httpx.Client = servers[number % len(servers)].client
        told = {"account": accounts[number % len(accounts)], "purpose": "Renewal"}
        answer = client.post("/v1/visit-requests", json=told, headers={"Idempotency-Key": f"scale-{number}"})
        asked.append(answer.raise_for_status().json()["run_id"])
    return asked


def _wait(connection: psycopg.Connection, query: str) -> None:
    never, deadline = threading.Event(), time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        row = connection.execute(query.encode()).fetchone()
        if row is not None and row[0]:
            return
        never.wait(_POLL_S)
    raise RuntimeError("the workers did not finish in time")


def measure(requests: int, apis: int = 2, workers: int = 3) -> Figures:
    """Runs finished, parts lost and doubled with a worker killed in the middle."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saleshub-scale-")))
        shared = stack.enter_context(database_settings("postgresql", place))
        _import_demo(place, shared)
        shared |= {
            "SALESHUB_CHROMA_URL": stack.enter_context(_chroma(place / "chroma")),
            "SALESHUB_WORKER_LEASE": "PT5S",
        }
        servers = [
            stack.enter_context(serving(place / f"api{number}", "--no-work", **shared)) for number in range(apis)
        ]
        crew = [stack.enter_context(working(place / f"w{number}", f"w{number}", **shared)) for number in range(workers)]
        connection = stack.enter_context(psycopg.connect(shared["DATABASE_URL"], autocommit=True))
        start = time.monotonic()
        asked = _ask(servers, requests)
        _wait(
            connection, "SELECT count(*) > 0 FROM dbos.workflow_status WHERE status='PENDING' AND executor_id = 'w0:1'"
        )
        crew[0].kill()
        _wait(connection, "SELECT count(*) = 0 FROM visit_requests WHERE finished_at IS NULL")
        took = time.monotonic() - start
        adopted = connection.execute("SELECT count(*) FROM dbos.workflow_status WHERE recovery_attempts > 1").fetchone()
        figures: Figures = {"requests": requests, "runs": len(set(asked)), "apis": apis, "workers": workers}
        figures |= {"adopted": adopted[0] if adopted else 0, "seconds": round(took, 1), "lost": 0, "doubled": 0}
        for table, wanted in _PARTS.items():
            query = f"SELECT run_id, count(*) FROM {table} GROUP BY run_id"  # noqa: S608
            found: dict[str, int] = dict(connection.execute(query.encode()).fetchall())
            figures["lost"] += sum(max(0, wanted - found.get(run_id, 0)) for run_id in asked)
            figures["doubled"] += sum(max(0, found.get(run_id, 0) - wanted) for run_id in asked)
        return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was lost or doubled."""
    parser = build_parser("scale_out", __doc__)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args(arguments)
    figures = measure(options.requests)
    print_figures(figures, as_json=options.json)
    return int(bool(figures["lost"] + figures["doubled"]) or figures["runs"] != options.requests)


if __name__ == "__main__":
    sys.exit(main())
