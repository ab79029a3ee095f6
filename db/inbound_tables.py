"""The table of customers' messages that wait for an answer."""

from sqlalchemy import Column, Index, Integer, Table

from db.columns import key, text, time
from db.tables import metadata, within

inbound = Table(
    "inbound",
    metadata,
    key("tenant"),
    key("id"),
    text("account_id"),
    # The folded address of whoever wrote it, by which our answer is recognised.
    text("sender"),
    text("status"),
    time("received_at"),
    time("noticed_at"),
    time("prepared_at", optional=True),
    time("ended_at", optional=True),
    text("assigned_to", optional=True),
    text("ended_by", optional=True),
    text("edited", optional=True),
    text("stage", optional=True),
    text("draft", optional=True),
    text("evidence"),
    # When it may next be worked on: a worker that takes it moves this ahead, so that another takes over if it dies.
    time("due_at"),
    Column("attempts", Integer, nullable=False),
    within("interactions", "tenant", "id", parent_key=("tenant", "id")),
    Index("ix_inbound_due", "status", "due_at"),
    Index("ix_inbound_received", "tenant", "received_at"),
)
