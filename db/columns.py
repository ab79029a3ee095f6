"""Column types that behave the same on SQLite and PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from core.identity import Role


class Words(TypeDecorator[str]):
    """Text, ordered by code point on both databases. NUL, which PostgreSQL cannot hold, is left out."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL orders by the server's locale unless told otherwise."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as stored."""
        return value.replace("\0", "") if value is not None and "\0" in value else value


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime; stored as UTC, returned aware. Naive ones are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """SQLite has no zones: there the column holds the UTC wall time."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Audience(TypeDecorator[frozenset[Role]]):
    """A set of roles as `,finance,legal,`, so that a query can test it; empty means everyone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | None, dialect: Dialect) -> str:
        """The roles in order, each between commas."""
        return f",{','.join(sorted(value))}," if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role]:
        """The roles."""
        return frozenset(Role(role) for role in (value or "").split(",") if role)


class Names(TypeDecorator[tuple[str, ...]]):
    """A list of texts, as compact JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """The list as JSON."""
        return json.dumps(list(value or ()), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The list."""
        return tuple(json.loads(value or "[]"))


def key(name: str) -> Column[str]:
    """A text column of the primary key."""
    return Column(name, Words, primary_key=True)


def text(name: str, *, optional: bool = False) -> Column[str]:
    """A text column."""
    return Column(name, Words, nullable=optional)


def time(name: str, *, optional: bool = False) -> Column[datetime]:
    """A time column."""
    return Column(name, UtcTime, nullable=optional)


def flag() -> Boolean:
    """The type of a yes-or-no column."""
    return Boolean(create_constraint=False)
