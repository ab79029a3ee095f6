"""One request, one run, whatever happens: `python -m evals.bench.once --kills 20`.

A real `saleshub serve` on the loopback address. First the same request many times at once, then again after kill -9 and
a restart. Then requests whose server is killed at a random instant of the run, and started again. Last, how long a
request waits to be accepted while runs are being worked on.
"""

import random
import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from evals.bench.demo_home import TENANT, copied, imported_demo
from evals.bench.report import Figures, build_parser, print_figures, spread
from evals.bench.server import Server, serving

# What every finished run leaves, by table.
PARTS = {"packages": 1, "reviews": 3, "notifications": 3}
_AT_ONCE = 20
_AT_A_KILL = 3
_RUNS_TAKE_S = 1.5
_POLL_S = 0.05
_PATIENCE_S = 90


def _file(client: httpx.Client, key: str, account: str) -> str:
    told = {"account": account, "purpose": "Prepare the renewal"}
    answer = client.post("/v1/visit-requests", json=told, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    run_id: str = answer.json()["run_id"]
    return run_id


def _await_end(client: httpx.Client, run_ids: Sequence[str]) -> int:
    """How many of the runs ended with a package within the time allowed."""
    never, deadline, left = threading.Event(), time.monotonic() + _PATIENCE_S, set(run_ids)
    while left and time.monotonic() < deadline:
        for run_id in list(left):
            status = client.get(f"/v1/visit-requests/{run_id}").json()["run"]["status"]
            if status in {"complete", "partial", "failed"}:
                left.discard(run_id)
        never.wait(_POLL_S)
    return len(run_ids) - len(left)


def _rows(home: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    # Read past the hub, as somebody who doubts it would.
    with closing(sqlite3.connect(f"file:{home / 'saleshub.sqlite'}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def _same_request(home: Path, account: str) -> Figures:
    """Runs and parts after the same request in parallel, and again after a crash."""
    with serving(home) as server:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            asked = list(pool.map(lambda _number: _file(server.client, "same", account), range(_AT_ONCE)))
        server.kill()
    with serving(home) as server:
        asked.append(_file(server.client, "same", account))
        _await_end(server.client, asked[:1])
    count = "SELECT count(*) FROM visit_requests WHERE idempotency_key = 'same'"
    return {"same_request_sent": len(asked), "runs": len(set(asked)), "run_rows": _rows(home, count)[0][0]}


def _kill_at_random(home: Path, accounts: Sequence[str], kills: int, seed: int) -> Figures:
    """Parts of runs lost and doubled after a kill -9 at random instants of some runs."""
    chance, never, asked, interrupted = random.Random(seed), threading.Event(), [], 0
    for number in range(kills):
        with serving(home) as server:
            for part in range(_AT_A_KILL):
                account = accounts[(number * _AT_A_KILL + part) % len(accounts)]
                asked.append(_file(server.client, f"kill-{number}-{part}", account))
            never.wait(chance.uniform(0, _RUNS_TAKE_S))
            server.kill()
        interrupted += _rows(home, "SELECT count(*) FROM visit_requests WHERE status IN ('queued', 'running')")[0][0]
    with serving(home) as server:
        _await_end(server.client, asked)
    lost = doubled = 0
    for table, wanted in PARTS.items():
        found = dict(_rows(home, f"SELECT run_id, count(*) FROM {table} GROUP BY run_id"))  # noqa: S608
        lost += sum(max(0, wanted - found.get(run_id, 0)) for run_id in asked)
        doubled += sum(max(0, found.get(run_id, 0) - wanted) for run_id in asked)
    told = {"kills": kills, "runs_accepted": len(asked), "left_unfinished_by_kills": interrupted}
    return {**told, "lost_parts": lost, "doubled_parts": doubled}


def _accept(server: Server, accounts: Sequence[str], requests: int) -> Figures:
    """Milliseconds from sending a request to its acceptance, with no pause between them."""
    times = []
    for number in range(requests):
        start = time.perf_counter()
        _file(server.client, f"accept-{number}", accounts[number % len(accounts)])
        times.append((time.perf_counter() - start) * 1000)
    return {f"accept_{name}": value for name, value in spread(times).items()}


def measure(home: Path, kills: int, requests: int, seed: int = 7) -> Figures:
    """All figures on a copy of `home`."""
    with copied(home) as own:
        of_tenant = "SELECT id FROM system_records WHERE kind = 'account' AND tenant = ? ORDER BY id"
        accounts = [row[0] for row in _rows(own, of_tenant, TENANT)]
        figures = _same_request(own, accounts[0]) | _kill_at_random(own, accounts, kills, seed)
        with serving(own) as server:
            return figures | _accept(server, accounts, requests)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when there is more than one run, or a part lost or doubled."""
    parser = build_parser("once", __doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--requests", type=int, default=30)
    options = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home, options.kills, options.requests)
    print_figures(figures, as_json=options.json)
    return int(
        figures["runs"] != 1 or figures["run_rows"] != 1 or bool(figures["lost_parts"] + figures["doubled_parts"])
    )


if __name__ == "__main__":
    sys.exit(main())
