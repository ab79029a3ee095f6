"""The public set `enron`: who wrote to whom and when, and, where the folder has them, the writers' titles."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agents.analysis.titles import read_title
from evals.suites.reading import read_text, unusable

_EDGES = "emails.csv"
_TITLES = "titles.csv"
_PERSON = ("id", "person", "node", "vertex", "src", "number")
_TITLE = ("title", "note", "position", "role", "job")
_STAFF = 0.3
_NOT_SAID = ("", "n/a", "na", "none", "null", "unknown", "xxx")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message; people are the numbers that the set gives them."""

    sender: str
    recipients: tuple[str, ...]
    at: datetime


def load_mail(folder: Path) -> list[Mail]:
    """The messages, oldest first: rows with one sender and one moment are one message, copies included.

    Raises InvalidInputError naming file, line and field.
    """
    path = folder / _EDGES
    sent: dict[tuple[datetime, str], dict[str, None]] = defaultdict(dict)
    for number, row in _rows(path):
        try:
            source, target = row["src"].strip(), row["dst"].strip()
            at = datetime.fromisoformat(row["time"].strip()).replace(tzinfo=UTC)
        except (KeyError, AttributeError, ValueError) as error:
            raise unusable(path, f"line {number}: src, dst or time is missing or no time") from error
        sent[at, source][target] = None
    if not sent:
        raise unusable(path, "has no mail")
    return [Mail(source, tuple(sent[at, source]), at) for at, source in sorted(sent)]


def load_levels(folder: Path) -> dict[str, float]:
    """How senior each person is, in 0–1, by `titles.csv`; empty without that file.

    A title is read as the influence map reads those of contacts; one that says no rank (an employee, a trader) stands
    below all that do, and no title at all leaves the person out. Raises InvalidInputError.
    """
    path = folder / _TITLES
    if not path.is_file():
        return {}
    levels = {}
    for number, row in _rows(path):
        named = {(name or "").strip().casefold(): value for name, value in row.items()}
        person = next((named[name] for name in _PERSON if named.get(name)), None)
        title = next((named[name] for name in _TITLE if name in named), None)
        if person is None or title is None:
            raise unusable(path, f"line {number}: needs a person (id) and a title (title)")
        if title.strip().casefold() not in _NOT_SAID:
            seniority = read_title(title).seniority
            levels[person.strip()] = _STAFF if seniority is None else seniority
    return levels


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(csv.DictReader(read_text(path).splitlines()), 2))
