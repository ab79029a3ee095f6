"""The tools for tasks, customers and visits, and all tools together."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from evals.suites.chat.workbench import office
from evals.suites.chat.workbench.office import address, needed, one_field
from evals.suites.chat.workbench.world import (
    CUSTOMERS,
    MOST,
    PLOTS,
    TASKS,
    VISITS,
    Given,
    RefusedError,
    Row,
    Tool,
    World,
    has,
    moment,
)

_SOURCES = ("direct", "referral", "search engine", "social media")
_VALUES = (
    *("total_visits", "session_duration_seconds", "user_engaged"),
    *(f"visits_{source.replace(' ', '_')}" for source in _SOURCES),
)
_PLOTS = ("bar", "line", "scatter", "histogram")
_CHOICES = {
    "list_name": ("Backlog", "In Progress", "In Review", "Completed"),
    "board": ("Front end", "Back end", "Design"),
    "status": ("Qualified", "Won", "Lost", "Lead", "Proposal"),
    "product_interest": ("Software", "Hardware", "Services", "Consulting", "Training"),
}


def _checked(name: str, value: str) -> str:
    """The value as it may stand in a field. Raises RefusedError."""
    if name in _CHOICES and value not in _CHOICES[name]:
        raise RefusedError(f"{name} may not be {value}")
    return address(value) if name == "assigned_to_email" else value


def _search_tasks(world: World, given: Given) -> list[Row]:
    names = ("task_name", "assigned_to_email", "list_name", "due_date", "board")
    asked = {name: given[name] for name in names if given.get(name)}
    if not asked:
        raise RefusedError("nothing to search for")
    return [row for row in world.tables[TASKS] if all(has(row, (name,), value) for name, value in asked.items())]


def _create_task(world: World, given: Given) -> str:
    names = ("task_name", "assigned_to_email", "list_name", "due_date", "board")
    values = needed(given, *names)
    return world.add(TASKS, {name: _checked(name, value) for name, value in zip(names, values, strict=True)})


def _update_task(world: World, given: Given) -> str:
    id_, name, value = needed(given, "task_id", "field", "new_value")
    return world.update(TASKS, id_, name, _checked(name, value))


def _search_customers(world: World, given: Given) -> list[Row]:
    names = ("customer_name", "customer_email", "product_interest", "status", "assigned_to_email")
    spans = ("last_contact_date", "follow_up_by")
    asked = {name: given[name] for name in names if given.get(name)}
    ranges = {name: (given.get(f"{name}_min"), given.get(f"{name}_max")) for name in spans}
    if not asked and not any(any(each) for each in ranges.values()):
        raise RefusedError("nothing to search for")
    found = [
        row
        for row in world.tables[CUSTOMERS]
        if all(has(row, (name,), value) for name, value in asked.items())
        and all(_within(row[name], low, high) for name, (low, high) in ranges.items())
    ]
    return found[:MOST]


def _within(value: str, low: str | None, high: str | None) -> bool:
    if not low and not high:
        return True
    return bool(value) and (not low or moment(value) >= moment(low)) and (not high or moment(value) <= moment(high))


def _add_customer(world: World, given: Given) -> str:
    needed(given, "customer_name", "assigned_to_email", "status")
    names = (
        *("assigned_to_email", "customer_name", "customer_email", "customer_phone", "last_contact_date"),
        *("product_interest", "status", "follow_up_by", "notes"),
    )
    return world.add(CUSTOMERS, {name: _checked(name, given[name]) if given.get(name) else "" for name in names})


def _update_customer(world: World, given: Given) -> str:
    id_, name, value = needed(given, "customer_id", "field", "new_value")
    return world.update(CUSTOMERS, id_, name, _checked(name, value))


def _visits(world: World, given: Given) -> dict[str, list[Row]]:
    """The visits of each day of a stretch, days without any included."""
    first, last = (moment(text).date() for text in needed(given, "time_min", "time_max"))
    days: dict[str, list[Row]] = defaultdict(list)
    for place in range((last - first).days + 1):
        days[str(first + timedelta(days=place))] = []
    for row in world.tables[VISITS]:
        if row["date_of_visit"] in days:
            days[row["date_of_visit"]].append(row)
    return dict(days)


def _traffic(world: World, given: Given) -> dict[str, int]:
    source = given.get("traffic_source")
    return {
        day: sum(not source or row["traffic_source"] == source for row in rows)
        for day, rows in _visits(world, given).items()
    }


def _engaged(world: World, given: Given) -> dict[str, int]:
    return {day: sum(row["user_engaged"] == "True" for row in rows) for day, rows in _visits(world, given).items()}


def _durations(world: World, given: Given) -> dict[str, float]:
    return {
        day: sum(float(row["session_duration_seconds"]) for row in rows) / len(rows)
        for day, rows in _visits(world, given).items()
        if rows
    }


def _create_plot(world: World, given: Given) -> str:
    first, last, value, kind = needed(given, "time_min", "time_max", "value_to_plot", "plot_type")
    if value not in _VALUES or kind not in _PLOTS:
        raise RefusedError(f"cannot plot {value} as {kind}")
    path = f"plots/{moment(first).date()}_{moment(last).date()}_{value}_{kind}.png"
    world.tables[PLOTS].append({"file_path": path})
    return path


def _visitor(world: World, given: Given) -> list[Row]:
    (id_,) = needed(given, "visitor_id")
    return [row for row in world.tables[VISITS] if row["visitor_id"] == id_]


TOOLS: Mapping[str, Tool] = {
    **office.TOOLS,
    "analytics.get_visitor_information_by_id": _visitor,
    "analytics.create_plot": _create_plot,
    "analytics.total_visits_count": lambda world, given: _traffic(
        world, {name: value for name, value in given.items() if name != "traffic_source"}
    ),
    "analytics.engaged_users_count": _engaged,
    "analytics.traffic_source_count": _traffic,
    "analytics.get_average_session_duration": _durations,
    "project_management.get_task_information_by_id": one_field(TASKS, "task_id"),
    "project_management.search_tasks": _search_tasks,
    "project_management.create_task": _create_task,
    "project_management.delete_task": lambda world, given: world.delete(TASKS, *needed(given, "task_id")),
    "project_management.update_task": _update_task,
    "customer_relationship_manager.search_customers": _search_customers,
    "customer_relationship_manager.update_customer": _update_customer,
    "customer_relationship_manager.add_customer": _add_customer,
    "customer_relationship_manager.delete_customer": lambda world, given: world.delete(
        CUSTOMERS, *needed(given, "customer_id")
    ),
}


def execute(world: World, tool: str, arguments: Mapping[str, Any]) -> Any:
    """What a tool answers to a call, after it did what it does. Raises RefusedError when it does not."""
    called = TOOLS.get(tool)
    if called is None:
        raise RefusedError(f"no tool {tool}")
    return called(world, {name: str(value) for name, value in arguments.items() if value is not None})
