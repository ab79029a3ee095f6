"""The set `workbench`, on a small office of our own in its format."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.chat.workbench.business import TOOLS, execute
from evals.suites.chat.workbench.items import load_office
from evals.suites.chat.workbench.suite import is_reading, looking_at
from evals.suites.chat.workbench.world import CUSTOMERS, EVENTS, MAILS, PLOTS, TASKS, RefusedError, World
from evals.suites.registry import SUITES
from evals.suites.suite import Report, Run, choose_set

MIRA, TOMAS = "mira.holt@office.example", "tomas.reyes@office.example"

_TABLES: dict[str, list[dict[str, str]]] = {
    "calendar_events": [
        {
            "event_id": f"0000000{number}",
            "event_name": name,
            "participant_email": who,
            "event_start": at,
            "duration": "30",
        }
        for number, (name, who, at) in enumerate(
            [
                ("budget talk", MIRA, "2023-11-28 10:00:00"),
                ("budget talk", MIRA, "2023-12-04 10:00:00"),
                ("site visit", TOMAS, "2023-12-05 11:00:00"),
            ]
        )
    ],
    "emails": [
        {
            "email_id": "00000001",
            "inbox/outbox": "inbox",
            "sender/recipient": MIRA,
            "subject": "Order of paper",
            "sent_datetime": "2023-11-29 09:00:00",
            "body": "Sam, please order.",
        }
    ],
    "project_tasks": [
        {
            "task_id": "00000001",
            "task_name": "Paint the door",
            "assigned_to_email": TOMAS,
            "list_name": "In Progress",
            "due_date": "2023-12-01",
            "board": "Design",
        }
    ],
    "customer_relationship_manager_data": [
        {
            "customer_id": "00000001",
            "assigned_to_email": MIRA,
            "customer_name": "Odile Marsh",
            "customer_email": "odile@marsh.example",
            "customer_phone": "",
            "last_contact_date": "2023-11-01",
            "product_interest": "Training",
            "status": "Lead",
            "follow_up_by": "2023-12-20",
            "notes": "",
        }
    ],
    "analytics_data": [
        {
            "date_of_visit": "2023-11-28",
            "visitor_id": "0001",
            "page_views": "2",
            "session_duration_seconds": "4",
            "traffic_source": "direct",
            "user_engaged": "True",
        },
        {
            "date_of_visit": "2023-11-28",
            "visitor_id": "0002",
            "page_views": "1",
            "session_duration_seconds": "8",
            "traffic_source": "referral",
            "user_engaged": "False",
        },
    ],
}
_REQUESTS = [
    ("Cancel my next event with mira", "['calendar.delete_event.func(event_id=\"00000001\")']"),
    ("Cancel my next event with tomas", "['calendar.delete_event.func(event_id=\"00000001\")']"),
    ("Is there anything new?", "[]"),
    ("Ring mira", '[\'calendar.update_event.func(event_id="00000002", field="duration", new_value="60")\']'),
]


def _tool(name: str, doc: str, *arguments: str) -> dict[str, Any]:
    told = "\n".join(f"{argument} : str, optional\n    {argument}" for argument in arguments)
    return {
        "name": name,
        "args": [{"name": argument, "default": None} for argument in arguments],
        "doc": f"{doc}\n\nParameters\n----------\n{told}\n\nReturns\n-------\nfound : list\n    Returns at most 5.",
    }


_TOOLS = [
    _tool("calendar.search_events", "Returns events.", "query", "time_min", "time_max"),
    _tool("calendar.delete_event", "Deletes an event.", "event_id"),
    _tool("company_directory.find_email_address", "Finds the email address of an employee.", "name"),
]


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with three appointments and four requests."""
    made = tmp_path / "workbench"
    processed = made / "data" / "processed"
    for name, rows in _TABLES.items():
        _write(processed / f"{name}.csv", rows)
    requests = [{"query": query, "answer": answer} for query, answer in _REQUESTS]
    _write(processed / "queries_and_answers" / "calendar_queries_and_answers.csv", requests)
    people = made / "data" / "raw" / "email_addresses.csv"
    people.parent.mkdir(parents=True)
    people.write_text(f"{MIRA}\n{TOMAS}\n", encoding="utf-8")
    (made / "tools_spec.json").write_text(json.dumps(_TOOLS), encoding="utf-8")
    return made


def _run(folder: Path, recorded: list[dict[str, Any]]) -> Report:
    suite = SUITES["chat"]
    return suite.run(Run(Settings(), folder, choose_set(suite, folder, None), recorded.append, lambda *_told: None))


def test_the_end_counts_and_a_wrong_change_counts_against_it(folder: Path) -> None:
    recorded: list[dict[str, Any]] = []
    report = _run(folder, recorded)
    assert report.n == 4
    # The first is right; the second deletes another event than wanted; the third wants nothing; the last is left alone.
    assert [one["end_state_right"] for one in recorded] == [True, False, True, False]
    assert [one["side_effect"] for one in recorded] == [False, True, False, False]
    assert recorded[0]["calls"] == [{"tool": "calendar.delete_event", "args": {"event_id": "00000001"}}]
    assert report.figures == {
        "n": 4,
        "end_state_right": 0.5,
        "side_effects": 0.25,
        "idle": 0.5,
        "calls_refused": 0,
    }
    assert report.baselines["nothing"]["end_state_right"] == 0.25
    assert report.by["calendar"] == report.figures


def _set(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: _set(data / "processed/emails.csv", "subject", "topic"), "emails.csv: record 2: needs.*subject"),
        (lambda data: _set(data / "processed/project_tasks.csv", "00000001", "one"), "project_tasks.csv: record 2"),
        (
            lambda data: _set(data / "processed/queries_and_answers/calendar_queries_and_answers.csv", "[]", "none"),
            "calendar_queries_and_answers.csv: record 4",
        ),
        (lambda data: (data / "raw/email_addresses.csv").unlink(), "email_addresses.csv: cannot be read"),
        (lambda data: _set(data.parent / "tools_spec.json", '"doc"', '"text"'), "tools_spec.json: 0.doc"),
        (lambda data: _set(data.parent / "tools_spec.json", "[", "("), "tools_spec.json: is not JSON"),
    ],
)
def test_a_file_in_another_form_is_named_with_its_record(folder: Path, spoil: Callable[[Path], Any], told: str) -> None:
    spoil(folder / "data")
    with pytest.raises(InvalidInputError, match=told) as raised:
        load_office(folder)
    assert raised.value.remedy


def test_an_answer_is_read_and_never_run(folder: Path, tmp_path: Path) -> None:
    path = folder / "data/processed/queries_and_answers/calendar_queries_and_answers.csv"
    trap = tmp_path / "run"
    _set(path, '\'calendar.delete_event.func(event_id=""00000001"")\'', f"open('{trap}', 'w')")
    with pytest.raises(InvalidInputError, match="record 2"):
        load_office(folder)
    assert not trap.exists()


@pytest.fixture
def world(folder: Path) -> World:
    return load_office(folder).world


def test_each_writing_tool_leaves_its_mark(world: World) -> None:
    execute(world, "calendar.update_event", {"event_id": "00000002", "field": "duration", "new_value": "60"})
    assert world.find(EVENTS, "00000002")["duration"] == "60"
    execute(world, "email.forward_email", {"email_id": "00000001", "recipient": TOMAS})
    execute(world, "email.reply_email", {"email_id": "00000001", "body": "Done."})
    sent = [(one["sender/recipient"], one["subject"], one["body"]) for one in world.tables[MAILS][1:]]
    assert sent == [(TOMAS, "FW: Order of paper", "Sam, please order."), (MIRA, "Order of paper", "Done.")]
    execute(
        world, "project_management.update_task", {"task_id": "1".zfill(8), "field": "board", "new_value": "Back end"}
    )
    assert world.tables[TASKS][0]["board"] == "Back end"
    new = {"customer_name": "Ilse Fenn", "assigned_to_email": MIRA, "status": "Lead"}
    assert execute(world, "customer_relationship_manager.add_customer", new) == "00000002"
    assert world.find(CUSTOMERS, "00000002")["customer_name"] == "Ilse Fenn"
    day = {"time_min": "2023-11-28", "time_max": "2023-11-29"}
    execute(world, "analytics.create_plot", {**day, "value_to_plot": "total_visits", "plot_type": "bar"})
    assert world.tables[PLOTS] == [{"file_path": "plots/2023-11-28_2023-11-29_total_visits_bar.png"}]


def test_days_are_counted_without_visits_too(world: World) -> None:
    day = {"time_min": "2023-11-28", "time_max": "2023-11-29"}
    assert execute(world, "analytics.total_visits_count", day) == {"2023-11-28": 2, "2023-11-29": 0}
    assert execute(world, "analytics.engaged_users_count", day) == {"2023-11-28": 1, "2023-11-29": 0}
    referral = execute(world, "analytics.traffic_source_count", {**day, "traffic_source": "referral"})
    assert referral == {"2023-11-28": 1, "2023-11-29": 0}
    assert execute(world, "analytics.get_average_session_duration", day) == {"2023-11-28": 6.0}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("calendar.delete_event", {"event_id": "00000009"}),
        ("calendar.create_event", {"event_name": "x"}),
        ("calendar.update_event", {"event_id": "00000001", "field": "colour", "new_value": "red"}),
        ("email.send_email", {"recipient": "mira", "subject": "x", "body": "y"}),
        ("project_management.update_task", {"task_id": "00000001", "field": "list_name", "new_value": "Somewhere"}),
        ("project_management.search_tasks", {}),
        ("analytics.create_plot", {"time_min": "today", "time_max": "x", "value_to_plot": "y", "plot_type": "pie"}),
        ("no.such_tool", {}),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_and_changes_nothing(
    world: World, tool: str, arguments: dict[str, str]
) -> None:
    before = world.state()
    with pytest.raises(RefusedError):
        execute(world, tool, arguments)
    assert world.state() == before


def test_new_records_are_compared_without_ids_and_in_any_order(world: World) -> None:
    first, second = world.copied(), world.copied()
    mails = [{"recipient": who, "subject": "Hello", "body": "Hi"} for who in (MIRA, TOMAS)]
    for mail in mails:
        execute(first, "email.send_email", mail)
    for mail in reversed(mails):
        execute(second, "email.send_email", {**mail, "subject": "HELLO"})
    assert first.state() == second.state() != world.state()


def test_looking_changes_nothing_even_when_asked_to(world: World) -> None:
    look, before = looking_at(world), world.state()
    for tool in TOOLS:
        look(tool, {"event_id": "00000001", "email_id": "00000001", "task_id": "00000001", "customer_id": "00000001"})
    assert world.state() == before
    assert not is_reading("calendar.delete_event")
    assert is_reading("analytics.total_visits_count")
