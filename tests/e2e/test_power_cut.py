"""kill -9 at any step, then a restart: the run finishes, and each part exists once."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from evals.bench.server import serving
from tests.e2e.test_api import file_visit, stream_events

# One slow source holds the run open at a known step while the process is killed.
HOLDS = {
    "gather_memory": {"memory": {"slow": 30}},
    "gather_erp": {"erp": {"slow": 30}},
}
TABLES = {"packages": 1, "reviews": 3, "notifications": 3}


@pytest.mark.parametrize("step", HOLDS)
def test_a_killed_run_is_finished_once_by_the_next_process(home: Path, step: str) -> None:
    with serving(home, SALESHUB_SANDBOX_FAULTS=json.dumps(HOLDS[step])) as first:
        run_id = file_visit(first.client, "k").json()["run_id"]
        with first.client.stream("GET", f"/v1/visit-requests/{run_id}/events") as progress:
            for line in progress.iter_lines():
                if line.startswith("data") and step in line:
                    break
            first.kill()

    with serving(home) as second:
        over = stream_events(second.client, run_id)[-1]
        assert json.loads(over["data"])["status"] == "complete"
        assert file_visit(second.client, "k").json()["run_id"] == run_id

    engine = create_engine(f"sqlite:///{home / 'saleshub.sqlite'}")
    with engine.connect() as connection:
        for table, count in TABLES.items():
            query = text(f"SELECT count(*) FROM {table} WHERE run_id = :run")  # noqa: S608
            assert connection.scalar(query, {"run": run_id}) == count
    engine.dispose()
