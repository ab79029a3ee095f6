"""The table of what calls of language models cost."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from db.columns import key, text, time
from db.tables import metadata, of_tenant

model_usage = Table(
    "model_usage",
    metadata,
    key("tenant"),
    key("id"),
    text("run"),
    text("user"),
    text("role"),
    text("model"),
    # The day in UTC, YYYY-MM-DD: what budgets and boards group by.
    text("day"),
    Column("input_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    # Millionths of the currency of the prices; none for a model without a price.
    Column("micros", BigInteger, nullable=True),
    Column("ms", Integer, nullable=False),
    text("outcome"),
    time("at"),
    of_tenant(),
    Index("ix_model_usage_day", "tenant", "day"),
)
