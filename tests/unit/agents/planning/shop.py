"""A workshop's tools, unlike those of the product and of any public set, over a few records in memory."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agents.planning.spec import ToolSchema, schema_from_function

# A Monday.
NOW = datetime.fromisoformat("2026-03-02T08:00:00")


def tool(name: str, description: str, returns: str = "", /, **properties: dict[str, Any]) -> ToolSchema:
    required = [key for key, each in properties.items() if each.pop("required", False)]
    parameters = {"type": "object", "properties": properties, "required": required}
    return schema_from_function(
        {"name": name, "description": description, "parameters": parameters, "returns": returns}
    )


def text(description: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def day(description: str) -> dict[str, Any]:
    return text(description, format="date")


def moment(description: str, **more: Any) -> dict[str, Any]:
    return text(description, format="date-time", **more)


TOOLS = (
    tool("staff.find_email", "Finds the email address of somebody by name.", name=text("Name.")),
    tool(
        "diary.search_bookings",
        "Searches bookings.",
        "Returns at most 2 bookings.",
        query=text("Part of the title or a guest's address."),
        time_min=moment("From."),
        time_max=moment("To."),
    ),
    tool("diary.delete_booking", "Deletes a booking.", booking_id=text("Id.", required=True)),
    tool(
        "diary.update_booking",
        "Changes a booking.",
        booking_id=text("Id.", required=True),
        booking_name=text("Title."),
        starts_at=moment("Start."),
    ),
    tool(
        "diary.create_booking",
        "Makes a booking.",
        booking_name=text("Title.", required=True),
        guest_email=text("Address of the guest.", required=True),
        starts_at=moment("Start.", required=True),
        duration=text("In minutes.", required=True),
    ),
    tool(
        "bench.search_jobs",
        "Searches jobs.",
        assigned_to_email=text("Who does it."),
        status=text("How far it is."),
    ),
    tool(
        "bench.update_job",
        "Changes a job.",
        job_id=text("Id.", required=True),
        field=text("Field.", enum=["assigned_to_email", "status", "due"], required=True),
        new_value=text("Value.", required=True),
    ),
    tool("post.search_emails", "Searches emails.", query=text(), date_min=day("From."), date_max=day("To.")),
    tool("post.delete_email", "Deletes an email.", email_id=text(required=True)),
    tool("post.forward_email", "Forwards.", email_id=text(required=True), to=text("Address.", required=True)),
    tool("post.reply_email", "Replies.", email_id=text(required=True), answer=text(required=True)),
    tool(
        "meter.draw_plot",
        "Plots a value day by day.",
        first=day("First day."),
        last=day("Last day."),
        value_to_plot=text(enum=["heat_output", "water_used"]),
        plot_type=text(enum=["bar", "line"]),
    ),
    tool("meter.heat_output_count", "Heat output of each day.", first=day("First."), last=day("Last.")),
    tool("meter.water_used_count", "Water used on each day.", first=day("First."), last=day("Last.")),
)

_STAFF = ("mira.holt@shop.example", "tomas.reyes@shop.example", "mirabel.lund@shop.example")
_BOOKINGS = [
    ("1", "glaze review", _STAFF[0], "2026-02-27T10:00:00"),
    ("2", "glaze review", _STAFF[0], "2026-03-03T10:00:00"),
    ("3", "kiln check", _STAFF[1], "2026-03-03T14:30:00"),
    ("4", "kiln check", _STAFF[0], "2026-03-05T09:00:00"),
    ("5", "kiln check", _STAFF[0], "2026-03-09T09:00:00"),
    ("6", "order planning", _STAFF[1], "2026-03-09T11:00:00"),
]
_JOBS = [
    ("11", "Fire the blue bowls", _STAFF[0], "In Progress", "2026-02-27"),
    ("12", "Pack the vases", _STAFF[0], "Backlog", "2026-02-28"),
    ("13", "Mix a glaze", _STAFF[0], "Backlog", "2026-03-20"),
    ("14", "Sand the tiles", _STAFF[1], "Completed", "2026-02-20"),
]
_EMAILS = [
    ("21", _STAFF[0], "Order of clay", "2026-02-20T09:00:00"),
    ("22", _STAFF[0], "Order of salt", "2026-03-01T09:00:00"),
    ("23", _STAFF[1], "Order of clay", "2026-03-01T12:00:00"),
]
BOOKINGS = [
    dict(zip(("booking_id", "booking_name", "guest_email", "starts_at"), one, strict=True)) for one in _BOOKINGS
]
JOBS = [dict(zip(("job_id", "job_name", "assigned_to_email", "status", "due"), one, strict=True)) for one in _JOBS]
EMAILS = [dict(zip(("email_id", "sender", "subject", "sent_at"), one, strict=True)) for one in _EMAILS]
HEAT = {"2026-02-27": 4, "2026-02-28": 5, "2026-03-01": 9}
WATER = {"2026-02-27": 7, "2026-02-28": 1, "2026-03-01": 3}


class Shop:
    """Answers reading tools, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def look(self, name: str, given: Mapping[str, Any]) -> Any:
        self.asked.append(name)
        if name == "staff.find_email":
            return [one for one in _STAFF if given["name"].casefold() in one]
        if name == "diary.search_bookings":
            return _within(BOOKINGS, "starts_at", given.get("time_min"), given.get("time_max"), given.get("query"))[:2]
        if name == "post.search_emails":
            return _within(EMAILS, "sent_at", given.get("date_min"), given.get("date_max"), given.get("query"))
        if name == "bench.search_jobs":
            return [job for job in JOBS if all(value.casefold() in job[key].casefold() for key, value in given.items())]
        values = HEAT if name == "meter.heat_output_count" else WATER
        return {at: value for at, value in values.items() if given["first"] <= at <= given["last"]}


def _within(
    rows: list[dict[str, str]], at: str, low: str | None, high: str | None, query: str | None
) -> list[dict[str, str]]:
    found = [row for row in rows if not query or any(query.casefold() in value.casefold() for value in row.values())]
    found = [row for row in found if low is None or row[at] >= low.replace(" ", "T")]
    return copy.deepcopy([row for row in found if high is None or row[at][: len(high)] <= high.replace(" ", "T")])
