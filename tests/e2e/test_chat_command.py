"""`saleshub chat`, as scripts and people use it, on the demo company; a model stands by for what the engine leaves."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.domain.people import User
from core.identity import Role, local_owner
from core.settings import Settings
from evals.bench.model_server.replies import asks_for, fails, says, tool_call
from evals.bench.model_server.serving import ModelServer, open_model_server
from hub.people import save_user
from hub.platform import open_platform
from tests.e2e.conftest import TENANT, Cli, Done

# What no rule can answer, so that the model is asked.
QUESTION = "Compare the strategies of Helios and Sable Ridge"
CONTRACT = (
    *("thread", "answer", "lang", "status", "reason", "confidence", "calls", "sources", "proposals"),
    *("model_calls", "tokens", "elapsed_ms"),
)
LOOKS_UP = asks_for(tool_call("find_account", {"account_id": "Helios"}))
SOON = str(datetime.now(UTC).date() + timedelta(days=30))
PROPOSES = asks_for(tool_call("create_task", {"account": "Helios", "subject": "Send the certificates", "due_on": SOON}))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A model that looks Helios up and then words nothing, so that the computed sentences stand."""
    with open_model_server(LOOKS_UP, fails(401)) as opened:
        yield opened


def settings_of(server: ModelServer) -> dict[str, str]:
    """The model at the server; that it fails is not what is tested here."""
    return {"OPENAI_BASE_URL": server.url, "SALESHUB_LOG_LEVEL": "error"}


def asked(cli: Cli, home: Path, server: ModelServer, *words: str) -> Done:
    return cli("chat", *words, home=home, **settings_of(server))


def test_one_question_as_json_has_the_keys_of_the_contract(home: Path, cli: Cli, server: ModelServer) -> None:
    done = asked(cli, home, server, "--message", QUESTION, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert [key for key in answer if key in CONTRACT] == list(CONTRACT)
    assert (answer["status"], answer["reason"], answer["lang"]) == ("answered", None, "en")
    assert [(call["agent"], call["tool"]) for call in answer["calls"]] == [("history", "find_account")]
    assert all(set(source) == {"id", "system", "record", "quote"} for source in answer["sources"])
    assert answer["model_calls"] == len(server.asked) == 2


def test_a_question_goes_on_in_its_thread_and_in_the_language_asked_for(
    home: Path, cli: Cli, server: ModelServer
) -> None:
    first = json.loads(asked(cli, home, server, "--message", QUESTION, "--json").stdout)
    again = asked(cli, home, server, "--message", QUESTION, "--thread", first["thread"], "--lang", "zh", "--json")
    second = json.loads(again.stdout)
    assert (second["thread"], second["lang"]) == (first["thread"], "zh")


def test_a_person_reads_sentences_with_numbers_and_the_sources_below(home: Path, cli: Cli, server: ModelServer) -> None:
    lines = asked(cli, home, server, "--message", QUESTION).stdout.splitlines()
    assert "[1]" in lines[0]
    assert lines[lines.index("Sources:") + 1].startswith("  [1] crm ")
    assert "(history)" in lines[lines.index("Sources:") + 1]


def test_a_proposal_is_listed_among_effects_and_says_how_it_is_approved(home: Path, cli: Cli) -> None:
    with open_model_server(PROPOSES) as server:
        done = asked(cli, home, server, "--message", QUESTION, "--json")
        (effect_id,) = json.loads(done.stdout)["proposals"]
        shown = asked(cli, home, server, "--message", QUESTION).stdout
    listed = json.loads(cli("effects", "list", "--json", home=home).stdout)["effects"]
    assert effect_id in [effect["id"] for effect in listed]
    assert "`saleshub effects decide" in shown


def test_a_talk_answers_line_by_line_in_one_thread(home: Path, cli: Cli, server: ModelServer) -> None:
    done = cli("chat", home=home, stdin=f"{QUESTION}\n\n{QUESTION}\n", **settings_of(server))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Helios") >= 2
    with open_platform(Settings(home=home)) as platform, platform.store.read() as unit:
        (thread,) = unit.threads.list(local_owner(TENANT), None, 10)
        assert unit.threads.last_questions(TENANT, thread.id, 5) == [QUESTION, QUESTION]


def test_words_of_a_talk_are_shown_once(home: Path, cli: Cli) -> None:
    with open_model_server(LOOKS_UP, says("Helios is a customer of ours [1].")) as server:
        done = cli("chat", home=home, stdin=f"{QUESTION}\n", **settings_of(server))
    text = done.stdout.partition("Sources:")[0]
    assert text == "Helios is a customer of ours.\n\n"


def test_an_error_in_a_talk_is_one_line_and_the_talk_goes_on(home: Path, cli: Cli, server: ModelServer) -> None:
    words = f"{'x' * 8001}\n{'长' * 8001}\n{QUESTION}\n"
    done = cli("chat", home=home, stdin=words, **settings_of(server))
    assert done.returncode == 0
    english, chinese = done.stderr.splitlines()
    assert english.startswith("saleshub: message: has 8001 characters, more than 8000.")
    assert chinese.startswith("saleshub: message：有 8001 个字符，超过上限 8000。")
    assert "Sources:" in done.stdout


def test_without_a_model_it_says_so_and_what_it_can_do(home: Path, cli: Cli) -> None:
    for lang, told in (("en", "without a language model"), ("zh", "没有语言模型")):
        done = cli("chat", "--message", QUESTION, "--lang", lang, home=home)
        assert done.returncode == 0
        assert told in done.stdout
        assert len(done.stdout.splitlines()) == 2


def test_a_user_asks_with_their_own_rights(home: Path, cli: Cli, server: ModelServer) -> None:
    with open_platform(Settings(home=home)) as platform:
        user = User(id="emea-only", name="EMEA", roles=frozenset({Role.REP}), regions=frozenset({"Nowhere"}))
        save_user(platform, local_owner(TENANT), user)
    answer = json.loads(asked(cli, home, server, "--message", QUESTION, "--as", "emea-only", "--json").stdout)
    assert answer["sources"] == []
    assert "Helios" not in json.dumps(answer["statements"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--message", ""], "message: is empty"),
        (["--message", "x" * 8001], "message: has 8001 characters"),
        (["--message", "hi", "--thread", "none"], "thread: no thread “none”"),
        (["--message", "hi", "--as", "nobody-at-all"], "no user “nobody-at-all”"),
        (["--message", "hi", "--lang", "fr"], "fr"),
        (["--message", "hi", "--lang", "zh", "--thread", "none"], "thread：没有对话“none”。"),
        (["--message", "", "--lang=zh"], "message：不能为空。请输入问题。"),
        (["--json"], "--json"),
    ],
)
def test_what_is_wrong_is_one_line_with_a_remedy(home: Path, cli: Cli, words: list[str], told: str) -> None:
    done = cli("chat", *words, home=home)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("saleshub: ")
    assert told in line
