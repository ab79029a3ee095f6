"""The tables of chat: threads, and the questions in them with their answers."""

from sqlalchemy import Index, Table

from db.columns import key, text, time
from db.tables import metadata, of_tenant, within

threads = Table(
    "threads",
    metadata,
    key("tenant"),
    key("id"),
    text("user"),
    text("title"),
    text("account_id", optional=True),
    text("opportunity_id", optional=True),
    time("created_at"),
    time("updated_at"),
    of_tenant(),
    Index("ix_threads_user", "tenant", "user", "updated_at"),
)

turns = Table(
    "turns",
    metadata,
    key("tenant"),
    key("thread_id"),
    key("id"),
    text("question"),
    text("answer"),
    time("asked_at"),
    within("threads", "tenant", "thread_id", parent_key=("tenant", "id")),
    Index("ix_turns_order", "tenant", "thread_id", "asked_at"),
)
