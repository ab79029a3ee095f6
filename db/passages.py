"""Passages of interactions, with their vectors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, or_, select, update

from core.domain.interactions import Passage
from core.errors import NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from db.rights import account_not_hidden, visible
from db.tables import interactions, passages
from db.writing import among, batches


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its rights, and its vector where there is one (`embedding` as bytes, made by `embedder`)."""

    passage: Passage
    lang: Lang
    region: str | None
    audience: frozenset[Role]
    embedding: bytes | None
    embedder: str | None


class Passages:
    """Repository of passages. Language and rights are those of their interaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, tenant: str, interaction_id: str, made: Sequence[Passage]) -> None:
        """Make `made` the passages of one interaction; NotFoundError when there is no such interaction."""
        self.replace_many(tenant, {interaction_id: made})

    def replace_many(self, tenant: str, made: Mapping[str, Sequence[Passage]]) -> None:
        """Make the given passages those of their interactions, by interaction id; their vectors are gone."""
        for ids in batches(sorted(made)):
            parents = self._parents(tenant, ids)
            self._connection.execute(
                delete(passages).where(passages.c.tenant == tenant, among(passages.c.interaction_id, ids))
            )
            rows = [_row(tenant, parents[id_], passage) for id_ in ids for passage in made[id_]]
            if rows:
                self._connection.execute(insert(passages), rows)

    def _parents(self, tenant: str, ids: Sequence[str]) -> dict[str, Any]:
        table = interactions
        query = select(table.c.id, table.c.account_id, table.c.at, table.c.lang, table.c.region, table.c.audience)
        rows = self._connection.execute(query.where(table.c.tenant == tenant, among(table.c.id, ids)))
        parents = {row.id: row for row in rows}
        unknown = [id_ for id_ in ids if id_ not in parents]
        if unknown:
            raise NotFoundError(
                f"no interaction “{unknown[0]}”",
                field="interaction",
                remedy="Store the interaction before its passages.",
            )
        return parents

    def texts(self, tenant: str, interaction_ids: Sequence[str]) -> dict[str, list[str]]:
        """The texts of the passages of each interaction, in order; for the hub's own work, never for a reader."""
        table = passages
        found: dict[str, list[str]] = {}
        for ids in batches(sorted(interaction_ids)):
            query = select(table.c.interaction_id, table.c.text).where(
                table.c.tenant == tenant, among(table.c.interaction_id, ids)
            )
            for row in self._connection.execute(query.order_by(table.c.interaction_id, table.c.seq)):
                found.setdefault(row.interaction_id, []).append(row.text)
        return found

    def for_account(self, caller: Caller, account_id: str, until: datetime | None = None) -> list[StoredPassage]:
        """The account's visible passages up to `until`, oldest first, with vectors."""
        table = passages
        query = self._visible(caller, until).where(table.c.account_id == account_id)
        return self._stored(query.order_by(table.c.at, table.c.interaction_id, table.c.seq))

    def get(self, caller: Caller, ids: Sequence[str], until: datetime | None = None) -> list[StoredPassage]:
        """The visible ones among `ids` up to `until`, ordered by id."""
        found: list[StoredPassage] = []
        for some in batches(sorted(set(ids))):
            query = self._visible(caller, until).where(among(passages.c.id, some))
            found += self._stored(query.order_by(passages.c.id))
        return found

    def iterate(self, tenant: str, batch: int = 500) -> Iterator[list[StoredPassage]]:
        """All passages of the tenant whoever may see them, in batches by id; to rebuild an index."""
        last = ""
        while True:
            query = select(passages).where(passages.c.tenant == tenant, passages.c.id > last)
            some = self._stored(query.order_by(passages.c.id).limit(batch))
            if not some:
                return
            yield some
            last = some[-1].passage.id

    def missing_embeddings(
        self, tenant: str, embedder: str, *, account_id: str | None = None, limit: int = 256
    ) -> list[Passage]:
        """Up to `limit` passages that `embedder` has no vector for, newest first."""
        table = passages
        query = select(table).where(
            table.c.tenant == tenant, or_(table.c.embedder.is_(None), table.c.embedder != embedder)
        )
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        query = query.order_by(table.c.at.desc(), table.c.id).limit(limit)
        return [_passage(row) for row in self._connection.execute(query)]

    def store_embeddings(self, tenant: str, embedder: str, vectors: Sequence[tuple[Passage, bytes]]) -> None:
        """Keep the vectors `embedder` made of these passages; of passages changed or gone meanwhile nothing is kept."""
        if not vectors:
            return
        table = passages
        statement = (
            update(table)
            .where(table.c.tenant == bindparam("of_tenant"), table.c.id == bindparam("of_id"))
            .where(table.c.text == bindparam("of_text"))
            .values(embedding=bindparam("vector"), embedder=bindparam("made_by"))
        )
        self._connection.execute(
            statement,
            [
                {"of_tenant": tenant, "of_id": item.id, "of_text": item.text, "vector": vector, "made_by": embedder}
                for item, vector in sorted(vectors, key=lambda pair: pair[0].id)
            ],
        )

    def count(self, tenant: str, *, account_id: str | None = None) -> int:
        """How many passages the tenant, or one account, has."""
        query = select(func.count()).select_from(passages).where(passages.c.tenant == tenant)
        if account_id is not None:
            query = query.where(passages.c.account_id == account_id)
        return self._connection.scalar(query) or 0

    def count_embedded(self, tenant: str, embedder: str, *, account_id: str | None = None) -> int:
        """How many of them `embedder` has made a vector for."""
        table = passages
        query = select(func.count()).select_from(table).where(table.c.tenant == tenant, table.c.embedder == embedder)
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        return self._connection.scalar(query) or 0

    def _visible(self, caller: Caller, until: datetime | None) -> Select[Any]:
        query = select(passages).where(visible(caller, passages), account_not_hidden(caller, passages))
        return query if until is None else query.where(passages.c.at <= until)

    def _stored(self, query: Select[Any]) -> list[StoredPassage]:
        return [
            StoredPassage(_passage(row), Lang(row.lang), row.region, row.audience, row.embedding, row.embedder)
            for row in self._connection.execute(query)
        ]


def _row(tenant: str, parent: Any, passage: Passage) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "id": passage.id,
        "interaction_id": parent.id,
        "account_id": parent.account_id,
        "seq": passage.seq,
        "at": parent.at,
        "text": passage.text,
        "lang": parent.lang,
        "region": parent.region,
        "audience": parent.audience,
        "embedding": None,
        "embedder": None,
    }


def _passage(row: Row[Any]) -> Passage:
    return Passage(
        id=row.id, interaction_id=row.interaction_id, account_id=row.account_id, seq=row.seq, at=row.at, text=row.text
    )
