"""What calls of language models cost, one row a call."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select

from core.domain.spending import Spend, SpendBy, SpendRow
from db.spending_tables import model_usage
from db.writing import ensure_tenant


class Spending:
    """Repository of model usage."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tenant: str, user: str, run: str, spends: Sequence[Spend], at: datetime) -> None:
        """Put calls on record that ended by `at` for a user, in a run or thread."""
        if not spends:
            return
        ensure_tenant(self._connection, tenant)
        common = {"tenant": tenant, "user": user, "run": run, "at": at, "day": at.astimezone(UTC).date().isoformat()}
        rows = [{**common, "id": uuid4().hex, **spend.model_dump(mode="json")} for spend in spends]
        self._connection.execute(insert(model_usage), rows)

    def micros_since(self, tenant: str, day: date) -> int:
        """Millionths of the currency spent from the beginning of that day on (UTC)."""
        query = select(func.coalesce(func.sum(model_usage.c.micros), 0)).where(
            model_usage.c.tenant == tenant, model_usage.c.day >= day.isoformat()
        )
        return int(self._connection.execute(query).scalar_one())

    def by(self, tenant: str, since: date, by: SpendBy, user: str | None = None) -> tuple[SpendRow, ...]:
        """What was spent since that day (UTC), of one user where given, the dearest first; days in their order."""
        table = model_usage
        heading = table.c[by.value]
        query = (
            select(
                heading.label("heading"),
                func.count().label("calls"),
                func.sum(table.c.input_tokens).label("input_tokens"),
                func.sum(table.c.cached_tokens).label("cached_tokens"),
                func.sum(table.c.output_tokens).label("output_tokens"),
                func.coalesce(func.sum(table.c.micros), 0).label("micros"),
                (func.count() - func.count(table.c.micros)).label("unpriced"),
            )
            .where(table.c.tenant == tenant, table.c.day >= since.isoformat())
            .group_by(heading)
        )
        if user is not None:
            query = query.where(table.c.user == user)
        dearest = (func.coalesce(func.sum(table.c.micros), 0).desc(), func.count().desc())
        query = query.order_by(*(() if by is SpendBy.DAY else dearest), heading)
        return tuple(_row(row) for row in self._connection.execute(query))


def _row(row: Row[Any]) -> SpendRow:
    return SpendRow(
        heading=row.heading,
        calls=row.calls,
        input_tokens=row.input_tokens,
        cached_tokens=row.cached_tokens,
        output_tokens=row.output_tokens,
        cost=Decimal(int(row.micros)) / 1_000_000,
        unpriced=row.unpriced,
    )
