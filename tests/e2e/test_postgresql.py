"""The whole way on PostgreSQL: import, request, durable job, package; then a second process reads it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.e2e.conftest import Cli
from tests.small_company import write_small_company


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A fresh database, as an operator writes its address."""
    with postgres.fresh() as url:
        yield url.replace("postgresql+psycopg://", "postgresql://")


def test_a_package_is_made_and_kept_on_postgresql(cli: Cli, postgres_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    exports = tmp_path / "exports"
    write_small_company(exports)
    imported = cli("import", exports, "--json", home=home, DATABASE_URL=postgres_url)
    assert imported.returncode == 0, imported.stderr

    words = ("visit", "--account", "Acme Drives", "--purpose", "Renewal", "--idempotency-key", "k", "--json")
    first = cli(*words, home=home, DATABASE_URL=postgres_url)
    again = cli(*words, home=tmp_path / "another home", DATABASE_URL=postgres_url)

    assert json.loads(first.stdout)["sections"]["history"]["total"] > 0
    assert json.loads(again.stdout)["run_id"] == json.loads(first.stdout)["run_id"]
    assert not (home / "saleshub.sqlite").exists()
