"""Policy tables that companies published, every version of them."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select

from core.domain.policies import PublishedPolicy
from db.documents import digest_of
from db.hub_tables import policies
from db.tables import tenants
from db.writing import ensure_tenant

Published: TypeAlias = list[PublishedPolicy]


class Policies:
    """Repository of published policy tables; a version is never changed or removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def publish(self, tenant: str, name: str, body: str, *, by: str, at: datetime) -> tuple[PublishedPolicy, bool]:
        """Add the next version, and whether it is a new one: what is in force already is not published again."""
        ensure_tenant(self._connection, tenant)
        # The tenant's row is the lock under which versions are numbered.
        self._connection.execute(select(tenants.c.id).where(tenants.c.id == tenant).with_for_update())
        newest = self.newest(tenant, name)
        if newest is not None and newest.body == body:
            return newest, False
        published = PublishedPolicy(
            name=name,
            version=newest.version + 1 if newest else 1,
            body=body,
            digest=digest_of(body),
            published_by=by,
            published_at=at,
        )
        self._connection.execute(policies.insert().values(tenant=tenant, **published.model_dump()))
        return published, True

    def newest(self, tenant: str, name: str) -> PublishedPolicy | None:
        """The version in force, if one was ever published."""
        table = policies
        query = select(table).where(table.c.tenant == tenant, table.c.name == name)
        row = self._connection.execute(query.order_by(table.c.version.desc()).limit(1)).one_or_none()
        return None if row is None else _published(row)

    def get(self, tenant: str, name: str, version: int) -> PublishedPolicy | None:
        """One version, if there is such a one."""
        table = policies
        query = select(table).where(table.c.tenant == tenant, table.c.name == name, table.c.version == version)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _published(row)

    def list(self, tenant: str) -> Published:
        """Every version of every table, by name, the newest first."""
        table = policies
        query = select(table).where(table.c.tenant == tenant).order_by(table.c.name, table.c.version.desc())
        return [_published(row) for row in self._connection.execute(query)]


def _published(row: Row[Any]) -> PublishedPolicy:
    return PublishedPolicy(
        name=row.name,
        version=row.version,
        body=row.body,
        digest=row.digest,
        published_by=row.published_by,
        published_at=row.published_at,
    )
