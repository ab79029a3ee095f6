"""Links to packages."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, insert, select, update

from core.domain.shares import Share
from db.share_tables import shares
from db.visit_tables import visit_requests

ShareList: TypeAlias = list[Share]


class Shares:
    """Repository of links. Whether a caller may follow or see one is decided by the use cases in `hub.sharing`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tenant: str, share: Share) -> None:
        """Put a new link on record."""
        row = share.model_dump(exclude={"account_id"})
        self._connection.execute(insert(shares).values(tenant=tenant, **row))

    def get(self, tenant: str, share_id: str) -> Share | None:
        """The link, ended or not."""
        row = self._connection.execute(_query(tenant).where(shares.c.id == share_id)).one_or_none()
        return None if row is None else _share(row)

    def of_run(self, tenant: str, run_id: str) -> ShareList:
        """The links to a package, the newest first, ended ones among them."""
        query = _query(tenant).where(shares.c.run_id == run_id)
        return [_share(row) for row in self._connection.execute(query.order_by(shares.c.created_at.desc()))]

    def revoke(self, tenant: str, share_id: str, *, by: str, at: datetime) -> bool:
        """End a link; whether this call did it."""
        going = (shares.c.tenant == tenant, shares.c.id == share_id, shares.c.revoked_at.is_(None))
        changed = self._connection.execute(update(shares).where(*going).values(revoked_by=by, revoked_at=at))
        return changed.rowcount == 1


def _query(tenant: str) -> Select[Any]:
    run = visit_requests
    wanted = [column for column in shares.c if column is not shares.c.tenant]
    return (
        select(*wanted, run.c.account_id)
        .join(run, (run.c.tenant == shares.c.tenant) & (run.c.run_id == shares.c.run_id))
        .where(shares.c.tenant == tenant)
    )


def _share(row: Row[Any]) -> Share:
    return Share.model_validate(row._asdict())
