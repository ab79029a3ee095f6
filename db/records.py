"""Records of outside systems as they were last received."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from core.domain.accounts import Account
from core.domain.base import Record, System
from core.domain.deals import Opportunity, PipelineStage
from core.identity import Caller
from core.policy.field_rights import as_read_by
from db.documents import digest_of, to_json
from db.rights import account_not_hidden, visible
from db.tables import interactions, passages, system_records, system_states
from db.writing import among, batches, ensure_tenant, insert, insert_or_replace

R = TypeVar("R", bound=Record)


class Records:
    """Repository of records; reads are those of the port `core.ports.record_store.RecordStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(
        self, caller: Caller, kind: type[R], *, account_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[R]:
        """Visible records of one kind, ordered by id, narrowed to an account or to ids where given.

        Fields that are not for the caller's roles are empty, and records that are nothing without them are left out.
        """
        table = system_records
        wanted: list[ColumnElement[bool]] = [
            visible(caller, table),
            account_not_hidden(caller, table),
            table.c.kind == kind.kind,
        ]
        if account_id is not None:
            wanted.append(table.c.account_id == account_id)
        columns = select(table.c.id, table.c.region, table.c.body).where(*wanted)
        narrowed: Iterable[Sequence[str] | None] = [None] if ids is None else batches(sorted(set(ids)))
        found: list[R] = []
        for some in narrowed:
            query = columns if some is None else columns.where(among(table.c.id, some))
            rows = self._connection.execute(query.order_by(table.c.id))
            read = (as_read_by(caller, record_of(kind, region, body)) for _id, region, body in rows)
            found += [record for record in read if record is not None]
        return found

    def accounts(self, caller: Caller) -> list[Account]:
        """All visible accounts, by name."""
        return sorted(self.find(caller, Account), key=lambda account: (account.name.casefold(), account.id))

    def open_deals(self, caller: Caller) -> list[Opportunity]:
        """All visible deals that can still be won, ordered by id; most of a company's deals are over."""
        table = system_records
        # Bodies are JSON in one form, in which no text can hold a quotation mark without a backslash before it.
        over = [table.c.body.contains(f'"stage":"{stage}"') for stage in PipelineStage if not stage.is_open]
        query = (
            select(table.c.region, table.c.body)
            .where(visible(caller, table), account_not_hidden(caller, table))
            .where(table.c.kind == Opportunity.kind, ~or_(*over))
            .order_by(table.c.id)
        )
        return [record_of(Opportunity, region, body) for region, body in self._connection.execute(query)]

    def origins(self, tenant: str, kind: type[Record], ids: Sequence[str]) -> dict[str, str]:
        """File and row each record was last read from, by record id."""
        table = system_records
        found: dict[str, str] = {}
        for some in batches(sorted(set(ids))):
            query = select(table.c.id, table.c.origin).where(
                table.c.tenant == tenant, table.c.kind == kind.kind, among(table.c.id, some)
            )
            found.update((row.id, row.origin) for row in self._connection.execute(query))
        return found

    def count(self, tenant: str) -> dict[str, int]:
        """How many records of each kind the tenant has."""
        table = system_records
        query = (
            select(table.c.kind, func.count().label("number")).where(table.c.tenant == tenant).group_by(table.c.kind)
        )
        return {row.kind: row.number for row in self._connection.execute(query)}

    def edition(self, tenant: str, kinds: Sequence[type[Record]]) -> tuple[int, datetime | None]:
        """What differs whenever records of the kinds were added or changed: their number, and the last change."""
        table = system_records
        theirs = table.c.kind.in_([kind.kind for kind in kinds])
        query = select(func.count(), func.max(table.c.updated_at)).where(table.c.tenant == tenant, theirs)
        number, changed = self._connection.execute(query).one()
        return number, changed

    def last_good(self, tenant: str, system: System, kind: type[Record] | None = None) -> datetime | None:
        """When the system last received records (of `kind`, where given); None when it never did."""
        table = system_states
        query = select(func.max(table.c.last_good_at)).where(table.c.tenant == tenant, table.c.system == system.value)
        if kind is not None:
            query = query.where(table.c.kind == kind.kind)
        found: datetime | None = self._connection.scalar(query)
        return found

    def upsert(
        self, tenant: str, records: Sequence[Record], origins: Mapping[str, str] | Sequence[str], *, at: datetime
    ) -> tuple[int, int]:
        """Store the records received at `at`; how many were written, and how many were known as they are.

        `origins` says where each came from (file and row): one a record, or by evidence id. When several records
        have one kind and id, the last counts. What belongs to an account that changes its region moves along.
        """
        ensure_tenant(self._connection, tenant)
        if not isinstance(origins, Mapping):
            origins = {record.evidence_id: origin for record, origin in zip(records, origins, strict=True)}
        latest: dict[str, dict[str, Record]] = {}
        for record in records:
            latest.setdefault(record.kind, {})[record.id.replace("\0", "")] = record
        written = 0
        # In one order everywhere, so that parallel imports wait for one another instead of locking crosswise.
        for kind, by_id in sorted(latest.items()):
            for ids in batches(sorted(by_id)):
                rows = [row_of(tenant, by_id[id_], origins.get(by_id[id_].evidence_id, ""), at) for id_ in ids]
                written += self._write_changed(tenant, kind, ids, rows)
        received = {type(record) for record in records}
        for one in sorted(received, key=lambda one: (one.system, one.kind)):
            note_good(self._connection, tenant, one, at)
        return written, sum(map(len, latest.values())) - written

    def _write_changed(self, tenant: str, kind: str, ids: Sequence[str], rows: list[dict[str, Any]]) -> int:
        table = system_records
        query = select(table.c.id, table.c.digest, table.c.region).where(
            table.c.tenant == tenant, table.c.kind == kind, among(table.c.id, ids)
        )
        known = {row.id: row for row in self._connection.execute(query)}
        changed = []
        for id_, row in zip(ids, rows, strict=True):
            before = known.get(id_)
            if before is not None and before.digest == row["digest"] and before.region == row["region"]:
                continue
            changed.append(row)
            if before is not None and kind == Account.kind and before.region != row["region"]:
                self._move(tenant, id_, before.region, row["region"])
        insert_or_replace(self._connection, table, changed)
        return len(changed)

    def _move(self, tenant: str, account_id: str, old: str | None, new: str | None) -> None:
        for table in (system_records, interactions, passages):
            self._connection.execute(
                update(table)
                .where(table.c.tenant == tenant, table.c.account_id == account_id)
                .where(table.c.region.is_not_distinct_from(old))
                .values(region=new)
            )


def note_good(connection: Connection, tenant: str, kind: type[Record], at: datetime) -> None:
    """Note that records of the kind came in at `at`; an earlier time than the known one changes nothing."""
    statement = insert(connection, system_states).values(
        tenant=tenant, system=kind.system.value, kind=kind.kind, last_good_at=at
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant", "system", "kind"],
            set_={"last_good_at": statement.excluded.last_good_at},
            where=statement.excluded.last_good_at > system_states.c.last_good_at,
        )
    )


def row_of(tenant: str, record: Record, origin: str, at: datetime) -> dict[str, Any]:
    """The record as a row."""
    body = to_json(record)
    return {
        "tenant": tenant,
        "kind": record.kind,
        "id": record.id,
        "system": record.system.value,
        "account_id": record.account,
        "region": record.region,
        "audience": record.audience,
        "body": body,
        "digest": digest_of(body),
        "origin": origin,
        "updated_at": at,
    }


def record_of(kind: type[R], region: str | None, body: str) -> R:
    """The record in a row."""
    record = kind.model_validate_json(body)
    # The column is the truth: it moves with the account.
    return record if record.region == region else record.model_copy(update={"region": region})
