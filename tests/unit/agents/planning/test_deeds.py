"""Requests to do something, with tools that the planner was not built for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planning.deeds.planning import plan_calls
from agents.planning.spec import ToolSchema, schema_from_function
from tests.unit.agents.planning.shop import NOW, TOOLS, Shop

MIRA, TOMAS = "mira.holt@shop.example", "tomas.reyes@shop.example"


def planned(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, dict(call.arguments)) for call in plan_calls(text, TOOLS, Shop().look, NOW)]


def deleted(*ids: str) -> list[tuple[str, dict[str, Any]]]:
    return [("diary.delete_booking", {"booking_id": id_}) for id_ in ids]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Cancel my next booking with mira", ["2"]),
        ("Please delete the last booking on March 3", ["3"]),
        ("Cancel the next kiln check booking", ["3"]),
        ("Cancel all future bookings with Mira.", ["2", "4", "5"]),
        ("tomas is leaving. Can you delete all upcoming bookings with them?", ["3", "6"]),
        ("Cancel my bookings on Tuesday after 11", ["3"]),
        ("Delete my bookings on Tuesday before 2:30", ["2"]),
    ],
)
def test_the_bookings_meant_are_looked_up_and_deleted(text: str, ids: list[str]) -> None:
    assert planned(text) == deleted(*ids)


@pytest.mark.parametrize(
    "text",
    [
        "Cancel the booking with mira",
        "Cancel all future bookings with mira except the one on Thursday",
        "Delete all bookings with mira longer than 30 minutes",
        "Cancel my bookings on Tuesday after lunch",
        "Cancel my next booking with aurelio about the roof",
        "Cancel everything",
        "What is the weather like?",
        "Delete it",
        "",
    ],
)
def test_nothing_is_done_when_it_stays_open_what_is_meant(text: str) -> None:
    assert planned(text) == []


def test_a_search_that_gives_few_at_a_time_is_searched_through() -> None:
    shop = Shop()
    calls = plan_calls("Delete all bookings with mira", TOOLS, shop.look, NOW)
    assert sorted(call.arguments["booking_id"] for call in calls) == ["1", "2", "4", "5"]
    assert shop.asked.count("diary.search_bookings") > 2


def test_a_name_is_a_whole_part_of_an_address_and_not_a_beginning() -> None:
    assert planned("Cancel my next booking with mirabel") == []


def test_a_time_is_moved_and_a_title_replaced_by_arguments_of_their_names() -> None:
    moved = planned("Push back my first booking with mira on March 3 by 1.5 hours")
    assert moved == [("diary.update_booking", {"booking_id": "2", "starts_at": "2026-03-03 11:30:00"})]
    renamed = planned("Rename the next kiln check booking to Kiln repair")
    assert renamed == [("diary.update_booking", {"booking_id": "3", "booking_name": "Kiln repair"})]


def test_a_booking_is_made_from_what_is_said() -> None:
    made = planned("Create a 45 minute booking called Tile samples on March 6 at 3:30 with tomas")
    wanted = {
        "booking_name": "Tile samples",
        "guest_email": TOMAS,
        "starts_at": "2026-03-06 15:30:00",
        "duration": "45",
    }
    assert made == [("diary.create_booking", wanted)]
    assert planned("Create a booking called Tile samples with tomas") == []


def test_a_booking_is_made_in_the_first_free_slot_unless_there_was_one_lately() -> None:
    ask = (
        "If I haven't met with {} in the last 4 days, schedule a 60-minute booking called 'catch-up' "
        "for my first free slot from tomorrow"
    )
    assert planned(ask.format("mira")) == []
    wanted = {"booking_name": "catch-up", "guest_email": TOMAS, "starts_at": "2026-03-03 09:00:00", "duration": "60"}
    assert planned(ask.format("tomas")) == [("diary.create_booking", wanted)]


@pytest.mark.parametrize(
    ("text", "ids", "field", "value"),
    [
        ("Move all of mira's jobs that are in progress to completed", ["11"], "status", "Completed"),
        ("Move all of mira's overdue jobs in the backlog to in progress", ["12"], "status", "In Progress"),
        ("mira is ill so reassign their in progress jobs to tomas.", ["11"], "assigned_to_email", TOMAS),
        ("Give tomas all the overdue jobs that mira hasn't started", ["12"], "assigned_to_email", TOMAS),
        ("Take mira's most urgent job and reassign it to tomas", ["11"], "assigned_to_email", TOMAS),
        ("Move all of tomas's jobs that are in progress to completed", [], "", ""),
    ],
)
def test_jobs_change_state_or_hands(text: str, ids: list[str], field: str, value: str) -> None:
    assert planned(text) == [("bench.update_job", {"job_id": id_, "field": field, "new_value": value}) for id_ in ids]


def test_emails_are_forwarded_answered_and_deleted() -> None:
    assert planned("Forward the latest email about 'Order of clay' to mira and tomas") == [
        ("post.forward_email", {"email_id": "23", "to": MIRA}),
        ("post.forward_email", {"email_id": "23", "to": TOMAS}),
    ]
    assert planned("tomas needs my most recent email from mira. Can you forward it?") == [
        ("post.forward_email", {"email_id": "22", "to": TOMAS})
    ]
    assert planned("Reply to mira's last email about 'Order of clay' with 'Delete all of it'") == [
        ("post.reply_email", {"email_id": "21", "answer": "Delete all of it"})
    ]
    assert planned("Delete all my emails from mira from the last 3 days") == [("post.delete_email", {"email_id": "22"})]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Make a bar chart of heat output since February 27", ["heat_output"]),
        ("Make bar charts of heat output and water used since February 27", ["heat_output", "water_used"]),
        ("If heat output was more than 8 at any time since February 27, make a bar chart of it", ["heat_output"]),
        ("If heat output was more than 9 at any time since February 27, make a bar chart of it", []),
        ("If water used is more than 50% lower than February 27, make a bar plot of it", ["water_used"]),
        ("If water used is more than 60% lower than February 27, make a bar plot of it", []),
        (
            "If heat output grew by more than water used since February 27, make bar plots of both",
            ["heat_output", "water_used"],
        ),
        ("If water used grew by more than heat output since February 27, make bar plots of both", []),
        ("Make a bar chart of heat output since February 27 unless it was dull", []),
    ],
)
def test_plots_are_drawn_when_their_condition_holds(text: str, values: list[str]) -> None:
    common = {"first": "2026-02-27", "last": "2026-03-01", "plot_type": "bar"}
    assert planned(text) == [("meter.draw_plot", {**common, "value_to_plot": value}) for value in values]


_SAID = """
delete cancel move forward reply create plot all my next last bookings jobs emails mira tomas 's to from with on after
March 3 10:30 'Order of clay' in progress backlog overdue bar chart heat output if more than 5 % called ' " 。 取消
"""
_WORDS = st.sampled_from(_SAID.split())
_READING = {tool.name for tool in TOOLS if ".search_" in tool.name or ".find_" in tool.name or "_count" in tool.name}


@settings(max_examples=200, deadline=None)
@given(text=st.lists(_WORDS, max_size=14).map(" ".join) | st.text(max_size=80))
def test_any_request_is_answered_by_reading_only_and_with_arguments_that_exist(text: str) -> None:
    shop = Shop()
    calls = plan_calls(text, TOOLS, shop.look, NOW)
    assert set(shop.asked) <= _READING
    known = {tool.name: {each.name for each in tool.arguments} for tool in TOOLS}
    for call in calls:
        assert call.tool in known
        assert call.tool not in _READING
        assert set(call.arguments) <= known[call.tool]


names = st.sampled_from(
    ["a.search_things", "a.delete_thing", "b.update_thing", "find_email", "x", "create_plot", "send_mail"]
)
answers = (
    st.none()
    | st.text(max_size=8)
    | st.integers()
    | st.lists(st.dictionaries(st.text(max_size=4), st.text(max_size=12)))
)


@settings(max_examples=100, deadline=None)
@given(text=st.lists(_WORDS, max_size=10).map(" ".join), tools=st.lists(names, max_size=5), answer=answers)
def test_odd_tools_and_odd_answers_never_end_in_an_error(text: str, tools: list[str], answer: Any) -> None:
    odd: list[ToolSchema] = [
        schema_from_function(
            {"name": name, "description": name, "parameters": {"properties": {"name": {}, "thing_id": {}, "query": {}}}}
        )
        for name in tools
    ]
    plan_calls(text, odd, lambda _name, _given: answer, NOW)
