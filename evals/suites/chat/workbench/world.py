"""The records of the set, and what its tools do to them: a world that is changed by calls and can be compared.

The tools behave as their documentation says. Searches that answer with five records at most do so here too.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, str]
Given: TypeAlias = Mapping[str, str]

# The set's own “now”: every request is made at this moment.
NOW = datetime.fromisoformat("2023-11-30")
MOST = 5

EVENTS, MAILS, TASKS, CUSTOMERS, VISITS, PLOTS, PEOPLE = (
    *("calendar_events", "emails", "project_tasks", "customer_relationship_manager_data", "analytics_data"),
    *("plots", "people"),
)
IDS = {EVENTS: "event_id", MAILS: "email_id", TASKS: "task_id", CUSTOMERS: "customer_id", VISITS: "visitor_id"}
_NEW = "new"


class RefusedError(Exception):
    """A call that the tool does not carry out."""


@dataclass
class World:
    """Tables by name. Rows are texts, as in the set's files."""

    tables: dict[str, list[Row]]
    changed: bool = field(default=False)

    def copied(self) -> "World":
        """The same records, apart."""
        return World({name: [dict(row) for row in rows] for name, rows in self.tables.items()})

    def state(self) -> dict[str, Counter[tuple[str, ...]]]:
        """What the records say; letter case, the order of rows and the ids of new rows do not count."""
        return {name: Counter(map(_plain, rows)) for name, rows in self.tables.items()}

    def find(self, table: str, id_: str) -> Row:
        """The row of an id. Raises RefusedError."""
        key = IDS[table]
        row = next((row for row in self.tables[table] if row[key] == str(id_)), None)
        if row is None:
            raise RefusedError(f"no {key} {id_}")
        return row

    def add(self, table: str, row: Row) -> str:
        """Add a row under the next id."""
        key = IDS[table]
        id_ = str(max((int(row[key]) for row in self.tables[table]), default=0) + 1).zfill(8)
        self.tables[table].append({key: id_, **row, _NEW: "1"})
        return id_

    def update(self, table: str, id_: str, name: str, value: str) -> str:
        """Set one field. Raises RefusedError when the row has no such field."""
        row = self.find(table, id_)
        if name not in row or name == IDS[table]:
            raise RefusedError(f"no field {name}")
        row[name] = str(value)
        return "updated"

    def delete(self, table: str, id_: str) -> str:
        """Take a row out."""
        self.tables[table].remove(self.find(table, id_))
        return "deleted"


def _plain(row: Row) -> tuple[str, ...]:
    new = _NEW in row
    hidden = {_NEW, *(IDS.values() if new else ())}
    return tuple(f"{name}={value.casefold().strip()}" for name, value in sorted(row.items()) if name not in hidden)


def has(row: Row, names: Sequence[str], text: str) -> bool:
    """Whether one of the fields contains the text, in any case."""
    return any(text.casefold() in row[name].casefold() for name in names)


def moment(text: str) -> datetime:
    """The moment a text says, a day's midnight without a time. Raises RefusedError."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise RefusedError(f"not a time: {text}") from error


def end_of_day(text: str) -> datetime:
    """The last moment of the day that a text says."""
    return datetime.combine(moment(text).date(), datetime.min.time()) + timedelta(days=1, microseconds=-1)


Tool: TypeAlias = Callable[[World, Given], Any]
