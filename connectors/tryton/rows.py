"""Tryton's rows as records of the domain: for each kind its model, the fields read and what they mean."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from core.domain.base import Record
from core.domain.money import Money
from core.identity import Caller, Role

R = TypeVar("R", bound=Record)
Row = Mapping[str, Any]

_RIGHTS = ("saleshub_code", "saleshub_region", "saleshub_audience")
_TIMES = ("create_date", "write_date")
_EVERY = (*_RIGHTS, "saleshub_more")


@dataclass(frozen=True, slots=True)
class RowKind(Generic[R]):
    """How records of one kind are read.

    `domain` limits the model to such records, `names` are fields of Tryton (dotted ones of linked rows), `told` makes
    the domain's fields of a row, and `account` is the field that names the account's party, if there is one.
    """

    kind: type[R]
    model: str
    names: tuple[str, ...]
    told: Callable[[Row], dict[str, Any]]
    domain: tuple[Any, ...] = ()
    account: str | None = None
    parts: tuple[str, ...] = ()

    @property
    def fields(self) -> list[str]:
        """Every field to ask for."""
        owner = [f"{self.account}.{name}" for name in _RIGHTS] if self.account else []
        return [*_EVERY, *self.names, *owner, *self.times]

    @property
    def times(self) -> list[str]:
        """The fields that say when the record was last written."""
        return [f"{at}{name}" for at in ("", *(f"{part}." for part in self.parts)) for name in _TIMES]

    def written_since(self, since: datetime) -> list[Any]:
        """Search clause for records written at `since` or later (Tryton's own time)."""
        places = ["", *(f"{part}." for part in self.parts)]
        return [["OR", *([f"{at}{name}", ">=", since] for at in places for name in _TIMES)]]

    def written_at(self, row: Row) -> datetime:
        """When the record was last written, in Tryton's own time."""
        rows = [row]
        for part in self.parts:
            found = row[f"{part}."]
            rows += found if isinstance(found, list) else [found] if found else []
        times: list[datetime] = [one["write_date"] or one["create_date"] for one in rows]
        return max(times)

    def record(self, row: Row) -> R:
        """The record in a row; ValidationError or LookupError when Tryton holds what cannot be one."""
        more = json.loads(row["saleshub_more"] or "{}")
        owner = {"account_id": hub_id(row[f"{self.account}."])} if self.account else {}
        rights = {"region": row["saleshub_region"], "audience": audience_of(row)}
        return self.kind.model_validate({"id": hub_id(row), **self.told(row), **more, **owner, **rights})

    def visible(self, caller: Caller, row: Row) -> bool:
        """Whether the caller may see the row, and the account that it belongs to."""
        rows = [row, row[f"{self.account}."]] if self.account else [row]
        return all(caller.may_see(one["saleshub_region"], audience_of(one)) for one in rows)


def hub_id(row: Row) -> str:
    """The id under which the hub knows a row: the external one, else Tryton's own with its origin."""
    return row["saleshub_code"] or f"tryton-{row['id']}"


def by_id(id_: str, field: str = "") -> list[Any]:
    """Search clause for the row with that id of the hub, or for rows whose `field` leads to it."""
    at = f"{field}." if field else ""
    number = id_.removeprefix("tryton-")
    if number != id_ and number.isdecimal():
        return [[f"{at}id", "=", int(number)], [f"{at}saleshub_code", "=", None]]
    return [[f"{at}saleshub_code", "=", id_]]


def audience_of(row: Row) -> frozenset[Role]:
    """The roles a row is restricted to; empty for everyone."""
    return frozenset(Role(name) for name in (row["saleshub_audience"] or "").split(",") if name)


def money(amount: Any, currency: Row | None) -> Money | None:
    """An amount without the zeros that Tryton's digits add; None where one of the parts is missing."""
    if amount is None or currency is None:
        return None
    plain = amount.normalize()
    return Money(amount=plain if plain.as_tuple().exponent <= 0 else plain.quantize(1), currency=currency["code"])


def linked(row: Row, *path: str) -> Any:
    """A field of linked rows; None where a link is empty."""
    at: Any = row
    for step in path[:-1]:
        at = at.get(f"{step}.")
        if at is None:
            return None
    return at[path[-1]]
