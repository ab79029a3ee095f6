"""Effects at the terminal: proposed in a person's words, decided by colleagues, followed to the end."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Cli

DEAL = "CP-200 high-flow pump - expansion"
LARGE = {"account": "Helios", "deal": DEAL, "amount": "160000"}
STEP = {"account": "Helios", "deal": DEAL, "next_step": "Agree on the delivery date"}


def ask(cli: Cli, home: Path, *words: str) -> dict[str, Any]:
    done = cli("effects", *words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def proposed(cli: Cli, home: Path, operation: str, args: dict[str, Any], *words: str) -> str:
    effect_id: str = ask(cli, home, "propose", operation, "--args", json.dumps(args), *words)["effect"]["id"]
    return effect_id


@pytest.fixture
def staffed(cli: Cli, home: Path) -> Path:
    """The demo company with a manager and somebody of legal."""
    for user, role in (("boss", "manager"), ("law", "legal")):
        done = cli("user", "add", user, "--name", user.title(), "--role", role, home=home)
        assert done.returncode == 0, done.stderr
    return home


def test_what_needs_approval_is_shown_old_to_new_with_who_must_agree(cli: Cli, staffed: Path) -> None:
    effect_id = proposed(cli, staffed, "update_opportunity", LARGE)
    shown = cli("effects", "show", effect_id, home=staffed).stdout

    assert "→" in shown
    assert "EUR 160000" in shown
    assert "CP-200 high-flow pump" in shown
    assert "crm-deal-large" in shown
    assert "waiting for approval" in shown


@pytest.mark.parametrize(("words", "rule"), [((), "self-approval"), (("--as", "law"), "wrong-role")])
def test_a_refused_decision_exits_2_and_names_its_rule(
    cli: Cli, staffed: Path, words: tuple[str, ...], rule: str
) -> None:
    effect_id = proposed(cli, staffed, "update_opportunity", LARGE)
    done = cli("effects", "decide", effect_id, "--approve", "--reason", "fine", *words, home=staffed)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert rule in done.stderr


def test_an_approved_effect_is_sent_and_read_back(cli: Cli, staffed: Path) -> None:
    effect_id = proposed(cli, staffed, "update_opportunity", LARGE)
    approve = ("decide", effect_id, "--approve", "--reason", "Agreed with the customer", "--as", "boss")
    decided = ask(cli, staffed, *approve)
    assert decided["effect"]["status"] == "confirmed"
    assert decided["seats"][0]["decided_by"] == "boss"
    twice = cli("effects", *approve, home=staffed)
    assert (twice.returncode, "already-decided" in twice.stderr) == (2, True)

    assert [each["id"] for each in ask(cli, staffed, "list", "--status", "confirmed")["effects"]] == [effect_id]
    printed = cli("effects", "show", effect_id, "--lang", "zh", home=staffed).stdout
    assert "已确认" in printed
    assert "Agreed" in printed


def test_a_rejection_needs_a_reason_and_ends_it(cli: Cli, staffed: Path) -> None:
    effect_id = proposed(cli, staffed, "update_opportunity", LARGE)
    bare = cli("effects", "decide", effect_id, "--reject", "--as", "boss", home=staffed)
    assert (bare.returncode, "reason" in bare.stderr) == (2, True)
    words = ("decide", effect_id, "--reject", "--reason", "Too early", "--as", "boss")
    assert ask(cli, staffed, *words)["effect"]["status"] == "rejected"


def test_a_proposal_can_be_withdrawn(cli: Cli, home: Path) -> None:
    effect_id = proposed(cli, home, "update_opportunity", LARGE)
    assert ask(cli, home, "withdraw", effect_id, "--reason", "A slip")["effect"]["status"] == "withdrawn"


def test_a_dead_letter_is_told_with_its_reason_and_remedy_and_tried_again(cli: Cli, staffed: Path) -> None:
    home = staffed
    first, late = (
        proposed(cli, home, "update_opportunity", {**LARGE, "amount": sum_}) for sum_ in ("160000", "170000")
    )
    ends = [ask(cli, home, "decide", each, "--approve", "--as", "boss")["effect"]["status"] for each in (first, late)]
    assert ends == ["confirmed", "dead"]

    listed = cli("effects", "list", "--account", "Helios", home=home).stdout
    assert "dead letter " in listed
    assert "1 dead letter waits" in listed
    shown = " ".join(cli("effects", "show", late, home=home).stdout.split())
    assert "The record no longer holds what the approval was about" in shown
    assert "propose it anew" in shown
    assert [each["effect"]["id"] for each in ask(cli, home, "list")["dead_letters"]] == [late]
    again = ask(cli, home, "retry", late)
    assert [each["error"] for each in again["deliveries"]] == ["changed"]


def test_a_visit_package_is_followed_up_once(cli: Cli, home: Path) -> None:
    package = json.loads(cli("visit", "--account", "Helios", "--purpose", "Price", "--json", home=home).stdout)
    first = ask(cli, home, "propose", "--run", package["run_id"])
    operations = {effect["payload"]["operation"] for effect in first["effects"]}
    assert {"create_task", "set_next_step", "draft_quote", "open_review", "reserve_stock"} <= operations
    again = ask(cli, home, "propose", "--run", package["run_id"])
    assert [each["id"] for each in again["effects"]] == [each["id"] for each in first["effects"]]
    printed = cli("effects", "propose", "--run", package["run_id"], home=home).stdout
    assert first["effects"][0]["id"] in printed


def test_the_same_key_gives_the_same_effect_and_arguments_may_come_from_standard_input(cli: Cli, home: Path) -> None:
    words = ("effects", "propose", "set_next_step", "--args", "-", "--idempotency-key", "k", "--json")
    ids = {json.loads(cli(*words, home=home, stdin=json.dumps(STEP)).stdout)["effect"]["id"] for _ in range(2)}
    assert len(ids) == 1


def test_a_group_is_proposed_whole_or_not_at_all(cli: Cli, staffed: Path) -> None:
    soon = str(datetime.now(UTC).date() + timedelta(days=7))
    task = {"operation": "create_task", "args": {"account": "Helios", "subject": "Call them", "due_on": soon}}
    large = {"operation": "update_opportunity", "args": LARGE}
    made = ask(cli, staffed, "propose", "--group", json.dumps([task, large]))["effects"]
    assert [each["status"] for each in made] == ["confirmed", "proposed"]
    assert len({each["group"] for each in made}) == 1

    ask(cli, staffed, "decide", made[1]["id"], "--reject", "--reason", "Not now", "--as", "boss")
    assert ask(cli, staffed, "show", made[0]["id"])["effect"]["status"] == "compensated"

    unknown = {"operation": "set_next_step", "args": {**STEP, "deal": "no such deal"}}
    done = cli("effects", "propose", "--group", json.dumps([task, unknown]), home=staffed)
    assert (done.returncode, "deal" in done.stderr) == (2, True)
    assert len(ask(cli, staffed, "list")["effects"]) == 2


@pytest.mark.parametrize("group", ["[]", "{}", "nonsense", '[{"operation": "create_task"}]'])
def test_a_group_that_is_none_is_refused_with_its_form(cli: Cli, home: Path, group: str) -> None:
    done = cli("effects", "propose", "--group", group, home=home)
    assert (done.returncode, "--group" in done.stderr, "operation" in done.stderr) == (2, True, True)


def test_an_operation_says_what_it_takes(cli: Cli, home: Path) -> None:
    done = cli("effects", "propose", "draft_quote", "--schema", home=home)
    assert {"operation", "purpose", "system", "args"} == set(json.loads(done.stdout))


def test_without_effects_the_list_says_how_to_begin(cli: Cli, home: Path) -> None:
    assert "saleshub effects propose" in cli("effects", "list", home=home).stdout
    assert "还没有" in cli("effects", "list", "--lang", "zh", home=home).stdout


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("show", "nope"), "effect_id"),
        (("decide", "nope"), "--approve"),
        (("decide", "nope", "--approve"), "effect_id"),
        (("retry", "nope"), "effect_id"),
        (("withdraw", "nope"), "effect_id"),
        (("list", "--account", "Helois"), "account"),
        (("list", "--status", "lost"), "--status"),
        (("list", "--as", "nobody"), "user"),
        (("propose",), "OPERATION"),
        (("propose", "send_mail"), "operation"),
        (("propose", "log_activity", "--args", "[]"), "--args"),
        (("propose", "log_activity", "--args", "{"), "--args"),
        (("propose", "log_activity"), "account"),
        (("propose", "--run", "nope"), "run_id"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(cli: Cli, home: Path, words: tuple[str, ...], field: str) -> None:
    done = cli("effects", *words, home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert field in done.stderr
