"""`saleshub user` and `saleshub audit` as somebody at a terminal meets them."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from cli.main import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESHUB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _json(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    run([*words, "--json"])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_a_log_is_whole_until_somebody_touches_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("legal", "Legal desk", "legal"), ("finance", "Finance desk", "finance")):
        assert run(["user", "add", words[0], "--name", words[1], "--role", words[2], "--region", "EMEA"]) == 0
    assert run(["user", "remove", "legal"]) == 0
    assert run(["audit", "verify"]) == 0
    found = _json(["audit", "verify"], capsys)
    assert (found["whole"], found["last"]) == (True, 3)
    assert run(["audit", "verify", "--head", str(found["head"])]) == 0
    assert run(["audit", "export", str(home / "log.jsonl")]) == 0
    assert run(["audit", "verify", "--file", str(home / "log.jsonl")]) == 0

    with closing(sqlite3.connect(home / "saleshub.sqlite")) as connection, connection:
        connection.execute("UPDATE audit_log SET actor = 'rep' WHERE seq = 2")
    capsys.readouterr()
    assert run(["audit", "verify"]) == 4
    assert capsys.readouterr().out == "Broken: record 2 was changed after it was written.\n"
    assert run(["audit", "verify", "--lang", "zh"]) == 4
    assert "记录 2" in capsys.readouterr().out
    spoilt = _json(["audit", "verify"], capsys)
    assert (spoilt["whole"], spoilt["broken_at"], spoilt["fault"]) == (False, 2, "changed")


@pytest.mark.parametrize(
    "words",
    [
        ["user", "add", "法务", "--name", "x", "--role", "legal"],
        ["user", "remove", "nobody"],
        ["audit", "export", "--since", "lately"],
        ["audit", "verify", "--file", "/nowhere"],
    ],
)
def test_what_cannot_be_done_ends_with_one_line_and_status_2(
    home: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_records_about_one_subject_are_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["user", "add", "legal", "--name", "Legal desk", "--role", "legal"])
    run(["user", "add", "finance", "--name", "Finance desk", "--role", "finance", "--delegate", "legal"])
    shown = _json(["audit", "show", "--subject", "finance"], capsys)["records"]
    assert isinstance(shown, list)
    assert [record["body"]["delegate"] for record in shown] == ["legal"]
    assert len(_json(["user", "list"], capsys)["users"]) == 2  # type: ignore[arg-type]


def test_brackets_in_a_name_are_just_that(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["user", "add", "legal", "--name", "Desk [/x]", "--role", "legal", "--region", "[/x]"]
    assert (run(words), run(["user", "list"])) == (0, 0)
    assert capsys.readouterr().out.count("Desk [/x]") == 2
