import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.claims import Section
from tests.e2e.conftest import Cli

DEPARTMENTS = ["legal", "supply_chain", "finance"]


def package_of(cli: Cli, home: Path, *words: str) -> dict[str, Any]:
    done = cli("visit", *words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    package: dict[str, Any] = json.loads(done.stdout)
    return package


@pytest.mark.parametrize(("lang", "purpose"), [("en", "Agree on price and delivery"), ("zh", "商定价格和交期")])
def test_a_visit_request_becomes_a_package_in_the_language_asked_for(
    cli: Cli, home: Path, lang: str, purpose: str
) -> None:
    package = package_of(cli, home, "--account", "Helios", "--purpose", purpose, "--lang", lang)

    assert package["lang"] == lang
    assert package["status"] == "complete"
    assert list(package["sections"]) == [section.value for section in Section]
    assert package["model"] == "embedded"
    assert package["usage"]["model_calls"] == 0
    han = sum("\u4e00" <= char <= "\u9fff" for claim in package["claims"] for char in claim["text"])
    assert (han > 500) == (lang == "zh")


def test_every_claim_cites_evidence_that_is_there(cli: Cli, home: Path) -> None:
    package = package_of(cli, home, "--account", "Helios", "--purpose", "Agree on price and delivery")
    claims = {claim["id"]: claim for claim in package["claims"]}

    assert claims
    for claim in claims.values():
        assert set(claim["evidence"]) <= set(package["evidence"])
        assert (claim["state"] == "unsupported") == (not claim["evidence"])
    for section in package["sections"].values():
        assert set(section["claims"]) <= set(claims)
    for evidence in package["evidence"].values():
        assert evidence["quote"]
        assert evidence["as_of"]


def test_each_department_gets_its_part_with_a_due_time(cli: Cli, home: Path) -> None:
    package = package_of(cli, home, "--account", "Helios", "--purpose", "Agree on price and delivery")

    assert [review["department"] for review in package["reviews"]] == DEPARTMENTS
    for review in package["reviews"]:
        assert review["claims"]
        assert review["due_at"] > package["created_at"]


def test_the_same_key_gives_the_same_run(cli: Cli, home: Path) -> None:
    words = ("--account", "Helios", "--purpose", "Renewal", "--idempotency-key", "one")
    assert package_of(cli, home, *words)["run_id"] == package_of(cli, home, *words)["run_id"]


def test_a_visit_in_the_past_knows_nothing_of_what_came_later(cli: Cli, home: Path) -> None:
    package = package_of(cli, home, "--account", "Helios", "--purpose", "Renewal", "--at", "2001-01-01")

    assert package["sections"]["history"]["total"] == 0
    kinds = {":".join(evidence.split(":")[:2]) for evidence in package["evidence"]}
    assert not kinds & {"memory:interaction", "crm:opportunity", "erp:order", "contracts:contract", "market:note"}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--account", "Helois Enrgy", "--purpose", "x"), "account"),
        (("--account", "Helios", "--purpose", ""), "purpose"),
        (("--account", "Helios", "--purpose", "x", "--at", "tomorrowish"), "--at"),
        (("--account", "Helios", "--purpose", "x", "--at", "9999-01-01"), "at"),
        (("--account", "Helios"), "--purpose"),
        (("--account", "Helios", "--purpose", "x", "--lang", "fr"), "--lang"),
        (("--account", "Helios", "--purpose", "x", "--idempotency-key", ""), "--idempotency-key"),
        (("--account", "Helios", "--purpose", "x", "--tenant", "nobody"), "--tenant"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(cli: Cli, home: Path, words: tuple[str, ...], field: str) -> None:
    done = cli("visit", *words, home=home)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert field in done.stderr


def test_an_unknown_account_gets_the_nearest_names(cli: Cli, home: Path) -> None:
    done = cli("visit", "--account", "Helois", "--purpose", "x", home=home)
    assert "Nearest: Helios" in done.stderr
