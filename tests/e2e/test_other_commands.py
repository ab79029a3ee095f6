import json
import socket
import wave
from pathlib import Path

import pytest

from agents.registry import AGENTS
from tests.e2e.conftest import Cli
from tests.small_company import write_small_company


def test_accounts_are_listed_with_region_and_owner(cli: Cli, home: Path) -> None:
    done = cli("accounts", "--json", home=home)
    accounts = json.loads(done.stdout)["accounts"]

    assert len(accounts) >= 80
    assert set(accounts[0]) == {"id", "name", "region", "owner"}


def test_an_empty_home_says_how_to_begin(cli: Cli, tmp_path: Path) -> None:
    done = cli("accounts", home=tmp_path / "empty")
    assert "saleshub import" in done.stdout
    done = cli("visit", "--account", "Anyone", "--purpose", "x", home=tmp_path / "empty")
    assert done.returncode == 2
    assert "saleshub import" in done.stderr


@pytest.fixture
def small_home(cli: Cli, tmp_path: Path) -> Path:
    """A home with three accounts, whose few passages are embedded in a moment."""
    exports, home = tmp_path / "exports", tmp_path / "small"
    write_small_company(exports)
    assert cli("import", exports, home=home).returncode == 0
    return home


@pytest.mark.parametrize("query", ["price and discount", "价格和折扣"])
def test_recall_quotes_past_interactions(cli: Cli, small_home: Path, query: str) -> None:
    done = cli("recall", query, "--account", "Acme Drives", "--k", "3", "--json", home=small_home)
    answer = json.loads(done.stdout)

    assert 1 <= len(answer["hits"]) <= 3
    assert {"interaction", "passage", "score", "quote"} <= set(answer["hits"][0])
    assert answer["elapsed_ms"] >= 0


def test_recall_sees_nothing_after_the_day_asked_for(cli: Cli, small_home: Path) -> None:
    done = cli("recall", "price", "--account", "Acme Drives", "--at", "2001-01-01", "--json", home=small_home)
    assert json.loads(done.stdout)["hits"] == []


@pytest.mark.parametrize("agent", AGENTS)
def test_each_agent_shows_its_schemas(cli: Cli, tmp_path: Path, agent: str) -> None:
    done = cli("agent", agent, "--schema", home=tmp_path)
    schema = json.loads(done.stdout)

    assert schema["input"]["type"] == "object"
    assert {"view", "claims", "evidence"} <= set(schema["output"]["properties"])


def test_an_agent_runs_alone_on_standard_input(cli: Cli, tmp_path: Path) -> None:
    mail = {
        "id": "m1",
        "account_id": "a",
        "form": "mail",
        "at": "2026-03-01T09:00:00Z",
        "sender": "buyer@customer.example",
        "text": "Please send us your best and final price for 40 pumps, we want to sign this month.",
        "lang": "en",
        "author": "customer",
    }
    given = {"today": "2026-03-02", "account": {"id": "a", "name": "Customer"}, "interactions": [mail]}
    done = cli("agent", "intent", "--input", "-", "--json", home=tmp_path, stdin=json.dumps(given))
    output = json.loads(done.stdout)

    assert sum(output["view"]["distribution"].values()) == pytest.approx(1)
    assert output["claims"]


def test_minutes_are_written_from_a_transcript(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "2026-03-11_talk.vtt"
    cue = "{} --> {}\n<v {}>{}\n\n"
    talk = [
        cue.format(
            "00:01:10.000", "00:01:15.000", "Ada", "We haven't agreed on the price. But we decided on the CP-80."
        ),
        cue.format("00:01:20.000", "00:01:25.000", "Bo", "I'll send the list by Friday."),
    ]
    path.write_text("WEBVTT\n\n" + "".join(talk), encoding="utf-8")
    done = cli("agent", "meetings", "--input", str(path), "--query", "price", "--words", "30", "--json", home=tmp_path)
    view = json.loads(done.stdout)["view"]

    assert [(one["at"], one["evidence"]) for one in view["decisions"]] == [(70.0, "But we decided on the CP-80.")]
    assert [(one["owner"], one["due"]) for one in view["actions"]] == [("Bo", "2026-03-13")]
    assert view["answer"]
    said = cli("agent", "meetings", "--input", str(path), "--lang", "zh", home=tmp_path).stdout
    assert "已决定：“We decided on the CP-80.”" in said.replace("\n", "")


def test_minutes_of_a_recording_without_a_voice_are_empty(cli: Cli, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "call.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    given = json.dumps({"audio": str(tmp_path / "call.wav"), "date": "2026-03-11"})
    output = json.loads(cli("agent", "meetings", "--input", "-", "--json", home=tmp_path, stdin=given).stdout)
    assert output["claims"] == []
    assert output["view"]["summary"] == []


@pytest.mark.parametrize(
    ("words", "stdin", "field"),
    [
        (("agent", "nobody"), "", "NAME"),
        (("agent", "intent"), "", "--input"),
        (("agent", "intent", "--input", "-"), "not json", "--input"),
        (("agent", "intent", "--input", "-"), "{}", "today"),
        (("agent", "intent", "--input", "missing.json"), "", "--input"),
        (("agent", "meetings", "--input", "missing.wav"), "", "audio"),
        (("import",), "", "paths"),
        (("import", "missing.csv"), "", "missing.csv"),
        (("frobnicate",), "", "frobnicate"),
        (("serve", "--host", "0.0.0.0"), "", "--host"),  # noqa: S104
    ],
)
def test_bad_input_is_one_line_that_names_the_field(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], stdin: str, field: str
) -> None:
    done = cli(*words, home=tmp_path / "home", stdin=stdin)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert field in done.stderr


def test_a_setting_that_makes_no_sense_is_named(cli: Cli, tmp_path: Path) -> None:
    done = cli("accounts", home=tmp_path, SALESHUB_PORT="many")
    assert done.returncode == 2
    assert "port" in done.stderr.lower()


@pytest.mark.parametrize("faults", ["{bad", '{"nosys": {}}', '{"erp": {"slow": "soon"}}'])
def test_faults_that_make_no_sense_are_one_line(cli: Cli, tmp_path: Path, faults: str) -> None:
    done = cli("accounts", home=tmp_path / "home", SALESHUB_SANDBOX_FAULTS=faults)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_home_that_cannot_be_made_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = cli("accounts", home=tmp_path / "file" / "home")
    assert done.returncode == 2
    assert "--home" in done.stderr


def test_a_port_in_use_is_one_line(cli: Cli, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = cli("serve", "--port", str(taken.getsockname()[1]), home=tmp_path / "home")
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "Serving" not in done.stdout


def test_records_of_a_newer_release_are_not_touched(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "saleshub.sqlite").write_text("this is no database")
    done = cli("accounts", home=tmp_path / "home")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
