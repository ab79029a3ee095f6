"""What really happened, counted in the records of the systems that were written to."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from core.domain.payloads import ReserveStock
from evals.bench.chaos.plan import BEFORE, TENANT, Fate, Item
from evals.bench.report import Figures

_MARK = re.compile(r"mark-\d{6}")
_WRITTEN = (
    "FROM system_records WHERE tenant = 'chaos' AND (kind IN ('activity', 'task', 'record_change', 'reservation',"
    " 'sample_request', 'quote', 'contract_request')"
    " OR kind IN ('opportunity', 'contact') AND id NOT LIKE 'mark-%')"
)
_GOING = (
    f"SELECT (SELECT count(*) FROM outbox WHERE tenant = '{TENANT}' AND status IN ('waiting', 'sent'))"  # noqa: S608
    f" + (SELECT count(*) FROM effects WHERE tenant = '{TENANT}' AND status IN ('approved', 'sent'))"
)


def first_mark(text: str) -> str:
    """The mark that a record bears; the text itself when it bears none."""
    found = _MARK.search(text)
    return found.group() if found else text


@dataclass(slots=True)
class Held:
    """What a target holds: how often each mark, and how much of each product is reserved."""

    marks: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a database, past the hub, as somebody who doubts it would look."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(_libpq(url)) as session:
        return session.execute(query.encode()).fetchall()


@contextmanager
def looking_at_sandbox(url: str) -> Iterator[Callable[[], int]]:
    """A function that tells how many records were made in the sandbox systems; cheap to call again and again."""
    query = f"SELECT count(*) {_WRITTEN}"
    if url.startswith("sqlite"):
        # Opened anew each time: an SQLite connection must not be carried into a process that is forked meanwhile.
        yield lambda: int(rows(url, query)[0][0])
        return
    with psycopg.connect(_libpq(url), autocommit=True) as session:
        yield lambda: int(session.execute(query.encode()).fetchall()[0][0])


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def held_by_sandbox(url: str) -> Held:
    """What the sandbox systems hold."""
    held = Held()
    for (body,) in rows(url, f"SELECT body {_WRITTEN}"):
        held.marks[first_mark(body)] += 1
    for (body,) in rows(url, f"SELECT body FROM system_records WHERE tenant = '{TENANT}' AND kind = 'stock'"):  # noqa: S608
        line = json.loads(body)
        held.reserved[line["product_id"]] = line["reserved"]
    return held


def undone_in_sandbox(url: str, item: Item) -> bool:
    """Whether the systems show that the effect was written and taken back, each once."""
    query = f"SELECT kind, id, body FROM system_records WHERE tenant = '{TENANT}'"  # noqa: S608
    mine = [(kind, id_, json.loads(body)) for kind, id_, body in rows(url, query) if item.mark in f"{id_} {body}"]
    if changed := BEFORE.get(item.proposal.payload.operation):
        kind, field, value = changed
        record = next(body for of, id_, body in mine if (of, id_) == (kind, item.mark))
        return sum(of == "record_change" for of, _id, _body in mine) == 2 and bool(record[field] == value)
    made = [(kind, body) for kind, id_, body in mine if id_ != item.mark]
    return len(made) == 1 and _void(*made[0])


def _void(kind: str, body: dict[str, Any]) -> bool:
    if kind == "contact":
        return body["active"] is False
    return bool(body["stage"] == "lost" if kind == "opportunity" else body["void"])


def under_way(url: str) -> int:
    """Effects that the hub still means to write."""
    return int(rows(url, _GOING)[0][0])


def judge(plan: Sequence[Item], held: Held) -> Figures:
    """Lost, doubled and unapproved writes: by the records, and by the pieces that they reserved."""
    wanted = {item.mark for item in plan if item.fate is Fate.RUN}
    lost = sum(held.marks[mark] == 0 for mark in wanted)
    doubled = sum(held.marks[mark] - 1 for mark in wanted if held.marks[mark] > 1)
    unapproved = sum(count for mark, count in held.marks.items() if mark not in wanted)
    pieces: Counter[str] = Counter()
    for item in plan:
        payload = item.proposal.payload
        if isinstance(payload, ReserveStock) and held.marks[item.mark]:
            pieces[payload.product_id] += payload.quantity
    products = pieces.keys() | held.reserved.keys()
    lost += sum(held.reserved[product] < pieces[product] for product in products)
    doubled += sum(held.reserved[product] > pieces[product] for product in products)
    return {"lost": lost, "doubled": doubled, "unapproved": unapproved}
