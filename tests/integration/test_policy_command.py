"""`saleshub policy`: what it prints, what it refuses, and with which exit code."""

import io
import json
from pathlib import Path

import pytest

from cli.main import run
from core.policy.defaults import TABLES_FOLDER
from core.settings import Settings
from hub.platform import open_platform

TABLE = TABLES_FOLDER / "effects.json"


@pytest.fixture
def gappy(tmp_path: Path) -> Path:
    path = tmp_path / "gappy.json"
    path.write_text(TABLE.read_text("utf-8").replace('"min_discount": "0.0301"', '"min_discount": "0.04"'), "utf-8")
    return path


def test_a_table_is_published_listed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path), "--json"]
    assert run(["policy", "publish", str(TABLE), *home]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "effects", "version": 1}
    assert run(["policy", "list", *home]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["policies"]
    assert (listed["name"], listed["version"], listed["published_by"]) == ("effects", 1, "owner")
    assert run(["policy", "show", "effects", "--version", "1", *home]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(TABLE.read_text("utf-8"))
    assert run(["policy", "show", "effects", "--version", "2", *home]) == 2


def test_a_fault_is_told_with_a_case_and_the_table_is_not_published(
    gappy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "check", str(gappy), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["accepted"] is False
    assert answer["findings"][0]["facts"]["operation"] == "draft_quote"
    assert run(["policy", "check", str(gappy), "--lang", "zh"]) == 2
    assert "折扣 3.01%" in capsys.readouterr().out
    assert run(["policy", "publish", str(gappy), "--home", str(tmp_path / "home")]) == 2
    assert "no row decides" in capsys.readouterr().out
    with open_platform(Settings(home=tmp_path / "home")) as platform, platform.store.read() as unit:
        assert unit.policies.list("default") == []


def test_a_sound_table_is_accepted_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(TABLE.read_text("utf-8")))
    assert run(["policy", "check", "-"]) == 0
    assert "may be published" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "nowhere.json"], "cannot be read"),
        (["publish", str(Path(__file__))], "which table"),
        (["publish", str(TABLE), "--as", "nobody"], "no user"),
        (["publish", str(TABLES_FOLDER / "pricing.json")], "imported"),
        (["show", "weather"], "no policy table"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_one_line_with_the_remedy(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = [] if words[0] == "check" else ["--home", str(tmp_path)]
    assert run(["policy", *words, *home]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1
