"""What commands print for people."""

import json
from pathlib import Path

from tests.e2e.conftest import Cli
from tests.small_company import write_small_company


def test_a_dry_run_shows_how_columns_were_understood_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    write_small_company(tmp_path / "exports")
    done = cli("import", tmp_path / "exports", "--dry-run", home=tmp_path / "home", COLUMNS="200")

    assert done.returncode == 0
    assert "Would write" in done.stdout
    assert "→ name" in done.stdout
    assert json.loads(cli("accounts", "--json", home=tmp_path / "home").stdout)["accounts"] == []


def test_a_visit_prints_a_brief_unless_everything_is_asked_for(cli: Cli, home: Path) -> None:
    words = ("visit", "--account", "Helios", "--purpose", "Agree on price", "--idempotency-key", "one")
    brief, full = cli(*words, home=home).stdout, cli(*words, "--full", home=home).stdout

    assert "Plan for the visit" in brief
    assert "--full" in brief
    assert "Sources" in full
    assert len(brief.splitlines()) < 300 < len(full.splitlines())
