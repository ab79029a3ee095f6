"""Notices what others write in Tryton, by polling the times that Tryton stamps on its rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from connectors.tryton.client import TrytonClient, TrytonRefusalError
from connectors.tryton.kinds import ACTIVITY, KINDS, STOCK
from connectors.tryton.rows import Row, RowKind
from connectors.tryton.source import TrytonSource
from core.domain.base import System
from core.errors import SourceError
from core.ports.changes import ChangedRecord

# A row carries the time at which its transaction began, and is seen when the transaction ends: look back that far.
OVERLAP = timedelta(minutes=2)
_BEFORE_ALL = datetime(1970, 1, 1)  # noqa: DTZ001 - Tryton's times are naive, in UTC
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class TrytonChanges:
    """`core.ports.changes.ChangeFeed` on Tryton.

    The cursor is JSON: `since`, the time of the last poll by Tryton's own clock less the overlap, and `seen`, the
    states written after that which were told already.
    """

    source: TrytonSource
    overlap: timedelta = OVERLAP

    async def changes_since(self, tenant: str, cursor: str | None) -> tuple[list[ChangedRecord], str]:
        """Records written since `cursor`, oldest first, and the cursor to ask with next time."""
        client = self.source.client(tenant)
        if client is None:
            return [], cursor or ""
        now: datetime = await _ask(client, System.CRM, "saleshub.effect.now")
        edge = now - self.overlap
        known: dict[str, Any] | None = json.loads(cursor) if cursor else None
        since = datetime.fromisoformat(known["since"]) if known else _BEFORE_ALL
        before = frozenset(known["seen"]) if known else frozenset[str]()
        told, seen = [], []
        for kind in (*KINDS, ACTIVITY):
            states = {
                id_: (at, f"{kind.kind.kind} {id_} {at.isoformat()}") for id_, at in await _written(client, kind, since)
            }
            seen += [state for at, state in states.values() if at >= edge]
            new = [id_ for id_, (_, state) in states.items() if state not in before]
            for start in range(0, len(new), _AT_ONCE):
                rows = await _search(client, kind, [["id", "in", new[start : start + _AT_ONCE]]], kind.fields)
                told += [_changed(kind, row, states[row["id"]][0]) for row in rows]
        told.sort(key=lambda one: one.at)
        if cursor and known and not told and sorted(seen) == known["seen"]:
            return [], cursor  # nothing to remember
        return told, json.dumps({"since": edge.isoformat(), "seen": sorted(seen)})


async def _written(client: TrytonClient, kind: RowKind[Any], since: datetime) -> list[tuple[int, datetime]]:
    """Ids of the kind's rows that were written since, each with its time."""
    if kind is STOCK:
        return await _moved(client, since)
    rows = await _search(client, kind, kind.written_since(since), kind.times)
    return [(row["id"], kind.written_at(row)) for row in rows]


async def _moved(client: TrytonClient, since: datetime) -> list[tuple[int, datetime]]:
    """Stock lines of products that moved: a line changes by the moves of its product, not by itself."""
    times = ["create_date", "write_date"]
    clause = ["OR", *([name, ">=", since] for name in times)]
    moves = await _ask(client, System.ERP, "stock.move.search_read", [clause], 0, None, None, ["product", *times])
    latest: dict[int, datetime] = {}
    for move in moves:
        at = move["write_date"] or move["create_date"]
        latest[move["product"]] = max(at, latest.get(move["product"], at))
    if not latest:
        return []
    rows = await _search(client, STOCK, [["product", "in", sorted(latest)]], ["product"])
    return [(row["id"], latest[row["product"]]) for row in rows]


async def _search(client: TrytonClient, kind: RowKind[Any], where: list[Any], fields: list[str]) -> list[Row]:
    asked = ([*kind.domain, *where], 0, None, None, fields)
    rows: list[Row] = await _ask(client, kind.kind.system, f"{kind.model}.search_read", *asked)
    return rows


async def _ask(client: TrytonClient, system: System, method: str, *arguments: Any) -> Any:
    try:
        return await client.call(system, f"model.{method}", *arguments)
    except TrytonRefusalError as error:
        raise SourceError(system, "forbidden", str(error)) from error


def _changed(kind: RowKind[Any], row: Mapping[str, Any], at: datetime) -> ChangedRecord:
    try:
        return ChangedRecord(kind.record(row), at.replace(tzinfo=UTC))
    except (ValidationError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(kind.kind.system, "malformed", f"{kind.kind.kind} {row.get('id')}") from error
