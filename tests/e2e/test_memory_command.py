"""`saleshub memory` as somebody at a terminal meets it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from core.settings import Settings
from db.store import Store
from hub.platform import open_platform
from memory.recall import Recall
from tests.remembered import mail, remember
from tests.samples import NOW, account, rep

OFFER = "We need forty HX-200 pumps at the plant in Gdansk before the end of May, whatever the carrier says."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one company, "t", that has five mails."""
    home = tmp_path / "home"
    monkeypatch.setenv("SALESHUB_HOME", str(home))
    monkeypatch.setenv("SALESHUB_EMBEDDING_MODEL", "none")
    with open_platform(Settings(home=home, embedding_model="none")) as platform:
        store: Store = platform.store
        remember(
            store,
            mail("m1", OFFER),
            mail("m2", OFFER),
            mail("m3", "Thanks, Ana."),
            mail("m4", "The portal password is Tr0ub4dor&3."),
            mail("m5", OFFER, account_id="a2"),
        )
        with store.write() as unit:
            unit.records.upsert("t", [account("a1"), account("a2")], ["test"] * 2, at=NOW)
    return home


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = run(["memory", *words, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, found


def test_an_audit_counts_what_is_of_no_use_and_tells_no_secret(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(["audit"], capsys)
    assert (status, found["passages"], found["junk"], found["junk_share"]) == (0, 5, 3, 0.6)
    assert {each["reason"]: each["n"] for each in found["findings"]} == {"duplicate": 1, "courtesy": 1, "secret": 1}
    # The same words to another account are no repetition.
    assert found["accounts"] == {"a1": 3}
    assert "Tr0ub4dor" not in json.dumps(found)
    assert run(["memory", "audit"]) == 0
    shown = capsys.readouterr().out
    assert "3 of no use" in shown
    assert "Tr0ub4dor" not in shown


def test_what_was_lost_or_spoilt_is_cut_anew(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(home / "saleshub.sqlite")) as connection, connection:
        connection.execute("DELETE FROM passages WHERE interaction_id = 'm1'")
        connection.execute("UPDATE passages SET text = 'spoilt' WHERE interaction_id = 'm2'")
    status, found = told(["audit"], capsys)
    assert (status, found["without_passage"]) == (4, 1)

    status, found = told(["rebuild"], capsys)
    assert (status, found["interactions"], found["changed"], found["indexed"]) == (0, 5, 2, None)
    assert told(["audit"], capsys)[0] == 0
    assert told(["rebuild"], capsys)[1]["changed"] == 0
    with open_platform(Settings(home=home, embedding_model="none")) as platform:
        hits = Recall(platform.store, None).find(rep(), "pumps Gdansk", "a1").hits
    assert {hit.interaction for hit in hits} == {"m1", "m2"}


def test_a_claim_stands_while_its_sources_say_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["visit", "--account", "a1", "--purpose", "Agree on the pumps", "--json"]) == 0
    package = json.loads(capsys.readouterr().out)
    claim = next(
        each
        for each in package["claims"]
        if any(package["evidence"][id_]["record"] == "m2" for id_ in each["evidence"])
    )
    status, why = told(["why", claim["id"]], capsys)
    assert (status, why["stands"], why["claim"]["text"]) == (0, True, claim["text"])
    assert {ground["standing"] for ground in why["grounds"]} == {"same"}
    assert run(["memory", "why", claim["id"]]) == 0
    assert claim["text"] in capsys.readouterr().out

    with closing(sqlite3.connect(home / "saleshub.sqlite")) as connection, connection:
        connection.execute("UPDATE interactions SET text = 'We need nothing.' WHERE id = 'm2'")
    why = told(["why", claim["id"]], capsys)[1]
    assert why["stands"] is False
    assert {each["evidence"]["record"]: each["standing"] for each in why["grounds"]}["m2"] == "changed"


def test_a_claim_that_nobody_made_is_told_with_a_remedy(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["memory", "why", "c-%"]) == 2
    assert "no claim “c-%” in your packages" in capsys.readouterr().err
