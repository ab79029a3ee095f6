"""A folder in the set's format: records and requests as CSV, tools as JSON."""

import ast
import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from agents.planning.docstrings import schema_from_docstring
from agents.planning.spec import ToolSchema
from evals.suites.chat.workbench.world import CUSTOMERS, EVENTS, IDS, MAILS, PEOPLE, PLOTS, TASKS, VISITS, Row, World
from evals.suites.reading import read_text, unusable

_TABLES = {
    EVENTS: ("event_id", "event_name", "participant_email", "event_start", "duration"),
    MAILS: ("email_id", "inbox/outbox", "sender/recipient", "subject", "sent_datetime", "body"),
    TASKS: ("task_id", "task_name", "assigned_to_email", "list_name", "due_date", "board"),
    CUSTOMERS: ("customer_id", "assigned_to_email", "customer_name", "product_interest", "status", "last_contact_date"),
    VISITS: ("date_of_visit", "visitor_id", "session_duration_seconds", "traffic_source", "user_engaged"),
}
_SUFFIX = "_queries_and_answers.csv"


class _Tool(BaseModel):
    name: str
    args: list[dict[str, Any]]
    doc: str


@dataclass(frozen=True)
class Request:
    """A request, and the calls that serve it."""

    id: str
    domain: str
    query: str
    calls: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class Office:
    """All that a folder holds."""

    world: World
    tools: tuple[ToolSchema, ...]
    requests: tuple[Request, ...]


def load_office(folder: Path) -> Office:
    """Records, tools and requests. Raises InvalidInputError naming the file and the line that are not in the format."""
    processed = folder / "data" / "processed"
    tables = {name: _table(processed / f"{name}.csv", columns) for name, columns in _TABLES.items()}
    people = folder / "data" / "raw" / "email_addresses.csv"
    tables[PEOPLE] = [{"address": line.strip()} for line in read_text(people).splitlines() if line.strip()]
    tables[PLOTS] = []
    files = sorted((processed / "queries_and_answers").glob(f"*{_SUFFIX}"))
    requests = tuple(request for path in files for request in _requests(path))
    if not requests:
        raise unusable(processed / "queries_and_answers", f"has no request in a file called …{_SUFFIX}")
    return Office(World(tables), _tools(folder / "tools_spec.json"), requests)


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    rows = list(csv.DictReader(io.StringIO(read_text(path), newline="")))
    for number, row in enumerate(rows, 2):
        missing = [column for column in columns if row.get(column) is None]
        if missing or None in row:
            raise unusable(path, f"record {number}: needs the columns {', '.join(missing or columns)}")
    return rows


def _table(path: Path, columns: tuple[str, ...]) -> list[Row]:
    rows = _rows(path, columns)
    key = next((IDS[name] for name in IDS if path.stem == name and name != VISITS), None)
    for number, row in enumerate(rows, 2):
        if key is not None and not row[key].isdigit():
            raise unusable(path, f"record {number}: {key} is not a number")
    return rows


def _tools(path: Path) -> tuple[ToolSchema, ...]:
    try:
        read = TypeAdapter(list[_Tool]).validate_python(json.loads(read_text(path)))
    except ValidationError as error:
        raise unusable(path, f"{'.'.join(map(str, error.errors()[0]['loc']))}: {error.errors()[0]['msg']}") from error
    except ValueError as error:
        raise unusable(path, f"is not JSON: {error}") from error
    return tuple(schema_from_docstring(tool.name, tool.args, tool.doc) for tool in read)


def _requests(path: Path) -> list[Request]:
    domain = path.name.removesuffix(_SUFFIX)
    requests = []
    for number, row in enumerate(_rows(path, ("query", "answer")), 2):
        try:
            calls = tuple(_call(text) for text in ast.literal_eval(row["answer"]))
        except (ValueError, SyntaxError, AttributeError, TypeError) as error:
            raise unusable(path, f"record {number}: answer is not a list of calls") from error
        # The files write a line break in a query as a backslash and an n.
        query = row["query"].replace("\\n", "\n")
        requests.append(Request(f"{domain}_{number - 2}", domain, query, calls))
    return requests


def _call(text: str) -> tuple[str, dict[str, Any]]:
    """From `calendar.delete_event.func(event_id="00000012")`, which is read and never run."""
    call = ast.parse(text, mode="eval").body
    if not isinstance(call, ast.Call) or call.args:
        raise ValueError(text)
    return ast.unparse(call.func).removesuffix(".func"), {
        str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords
    }
