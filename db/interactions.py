"""Mails, meetings, calls, posts and notes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, func, select

from core.domain.interactions import NO_EXCHANGE, Interaction, Turn
from core.identity import Caller
from db.documents import digest_of, to_json
from db.records import note_good
from db.rights import account_not_hidden, visible
from db.tables import interactions, passages
from db.writing import among, batches, ensure_tenant, insert_or_replace

_TURNS = TypeAdapter(tuple[Turn, ...])


class Interactions:
    """Repository of interactions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert(
        self, tenant: str, received: Sequence[Interaction], origins: Mapping[str, str] | Sequence[str], *, at: datetime
    ) -> tuple[list[str], int]:
        """Store the interactions received at `at`; the ids written, and how many were known as they are.

        `origins` says where each came from (file and row): one an interaction, or by interaction id. The passages of a
        changed interaction are removed and must be made anew.
        """
        ensure_tenant(self._connection, tenant)
        if not isinstance(origins, Mapping):
            origins = {item.id: origin for item, origin in zip(received, origins, strict=True)}
        latest = {item.id.replace("\0", ""): item for item in received}
        written: list[str] = []
        for ids in batches(sorted(latest)):
            rows = [_row(tenant, latest[id_], origins.get(latest[id_].id, "")) for id_ in ids]
            written += self._write_changed(tenant, ids, rows)
        if received:
            note_good(self._connection, tenant, Interaction, at)
        return written, len(latest) - len(written)

    def contradictions(self, tenant: str, received: Sequence[Interaction]) -> dict[str, str]:
        """Which of `received` would turn a known interaction into another one, by id with the reason.

        Another account or form is another interaction. So is another class of author, unless sender, time and text are
        the same: then only more is known about the sender.
        """
        table = interactions
        given = {item.id.replace("\0", ""): item for item in received}
        found: dict[str, str] = {}
        for ids in batches(sorted(given)):
            query = select(table).where(table.c.tenant == tenant, among(table.c.id, ids))
            for known in self._connection.execute(query):
                item = given[known.id]
                same = (item.sender, item.at, item.text) == (known.sender, known.at, known.text)
                if item.account_id != known.account_id:
                    found[item.id] = f"another account ({known.account_id})"
                elif item.form != known.form:
                    found[item.id] = f"another form ({known.form})"
                elif item.author != known.author and not same:
                    found[item.id] = f"another class of author ({known.author})"
        return found

    def _write_changed(self, tenant: str, ids: Sequence[str], rows: list[dict[str, Any]]) -> list[str]:
        table = interactions
        query = select(table.c.id, table.c.digest, table.c.region).where(
            table.c.tenant == tenant, among(table.c.id, ids)
        )
        known = {row.id: (row.digest, row.region) for row in self._connection.execute(query)}
        changed = [
            (id_, row) for id_, row in zip(ids, rows, strict=True) if known.get(id_) != (row["digest"], row["region"])
        ]
        again = [id_ for id_, _row in changed if id_ in known]
        if again:
            self._connection.execute(
                delete(passages).where(passages.c.tenant == tenant, among(passages.c.interaction_id, again))
            )
        insert_or_replace(self._connection, table, [row for _id, row in changed])
        return [id_ for id_, _row in changed]

    def for_account(
        self, caller: Caller, account_id: str, *, until: datetime | None = None, limit: int | None = None
    ) -> list[Interaction]:
        """The account's visible interactions up to `until`, oldest first; with `limit`, only the newest of them."""
        table = interactions
        query = select(table).where(
            visible(caller, table), account_not_hidden(caller, table), table.c.account_id == account_id
        )
        if until is not None:
            query = query.where(table.c.at <= until)
        query = query.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
        return [_loaded(row) for row in reversed(self._connection.execute(query).all())]

    def last_by_account(self, caller: Caller) -> dict[str, datetime]:
        """When each account had its last visible interaction, by account id; accounts without any are left out."""
        table = interactions
        query = select(table.c.account_id, func.max(table.c.at).label("last")).where(
            visible(caller, table), account_not_hidden(caller, table)
        )
        return {row.account_id: row.last for row in self._connection.execute(query.group_by(table.c.account_id))}

    def last_exchanges(self, caller: Caller, *, until: datetime | None = None) -> list[Interaction]:
        """The newest visible exchange up to `until` with each account that had one, by account id.

        What is no exchange, notes and posts, does not count.
        """
        table = interactions
        newest_first = func.row_number().over(
            partition_by=table.c.account_id, order_by=(table.c.at.desc(), table.c.id.desc())
        )
        ranked = select(table.c.id, newest_first.label("place")).where(
            visible(caller, table), account_not_hidden(caller, table), table.c.form.not_in(NO_EXCHANGE)
        )
        if until is not None:
            ranked = ranked.where(table.c.at <= until)
        ranks = ranked.subquery()
        query = select(table).join(ranks, ranks.c.id == table.c.id)
        query = query.where(table.c.tenant == caller.tenant, ranks.c.place == 1).order_by(table.c.account_id)
        return [_loaded(row) for row in self._connection.execute(query)]

    def get(self, caller: Caller, ids: Sequence[str]) -> list[Interaction]:
        """The visible ones among `ids`, ordered by id."""
        table = interactions
        found: list[Interaction] = []
        for some in batches(sorted(set(ids))):
            query = select(table).where(
                visible(caller, table), account_not_hidden(caller, table), among(table.c.id, some)
            )
            found += [_loaded(row) for row in self._connection.execute(query.order_by(table.c.id))]
        return found

    def load(self, tenant: str, ids: Sequence[str]) -> list[Interaction]:
        """The interactions by id whoever may see them, ordered by id; for the hub's own work, never for a reader."""
        table = interactions
        found: list[Interaction] = []
        for some in batches(sorted(set(ids))):
            query = select(table).where(table.c.tenant == tenant, among(table.c.id, some)).order_by(table.c.id)
            found += [_loaded(row) for row in self._connection.execute(query)]
        return found

    def subjects(self, tenant: str, ids: Sequence[str]) -> dict[str, str]:
        """The subjects of those of the interactions that have one, by id; for rows the reader was already shown."""
        table = interactions
        query = select(table.c.id, table.c.subject).where(table.c.tenant == tenant, table.c.subject.is_not(None))
        found: dict[str, str] = {}
        for some in batches(sorted(set(ids))):
            found |= {row.id: row.subject for row in self._connection.execute(query.where(among(table.c.id, some)))}
        return found

    def without_passages(self, tenant: str, limit: int = 500) -> list[Interaction]:
        """Interactions whose passages were not made yet, in order of id."""
        table = interactions
        made = select(passages.c.id).where(passages.c.tenant == table.c.tenant, passages.c.interaction_id == table.c.id)
        query = select(table).where(table.c.tenant == tenant, ~made.exists()).order_by(table.c.id).limit(limit)
        return [_loaded(row) for row in self._connection.execute(query)]

    def count_without_passages(self, tenant: str) -> int:
        """How many interactions with any text have no passage."""
        table = interactions
        made = select(passages.c.id).where(passages.c.tenant == table.c.tenant, passages.c.interaction_id == table.c.id)
        query = select(func.count()).select_from(table).where(table.c.tenant == tenant, table.c.text != "")
        return self._connection.scalar(query.where(~made.exists())) or 0

    def page(self, tenant: str, *, after: str, limit: int) -> list[Interaction]:
        """The next interactions in order of id, whoever may see them; for the hub's own work, never for a reader."""
        table = interactions
        query = select(table).where(table.c.tenant == tenant, table.c.id > after).order_by(table.c.id).limit(limit)
        return [_loaded(row) for row in self._connection.execute(query)]

    def count(self, tenant: str, account_id: str | None = None) -> int:
        """How many interactions the tenant, or one account, has."""
        query = select(func.count()).select_from(interactions).where(interactions.c.tenant == tenant)
        if account_id is not None:
            query = query.where(interactions.c.account_id == account_id)
        return self._connection.scalar(query) or 0


def _row(tenant: str, item: Interaction, origin: str) -> dict[str, Any]:
    turns = json.dumps([turn.model_dump() for turn in item.turns], ensure_ascii=False, separators=(",", ":"))
    fields = item.model_dump(include=_COPIED)
    return {**fields, "tenant": tenant, "turns": turns, "digest": digest_of(to_json(item)), "origin": origin}


_COPIED = set(Interaction.model_fields) - {"turns"}


def _loaded(row: Row[Any]) -> Interaction:
    fields = {name: getattr(row, name) for name in _COPIED}
    return Interaction(**fields, turns=_TURNS.validate_json(row.turns))
