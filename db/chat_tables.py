"""The tables of chat: threads, the questions in them with their answers, and where each conversation stands."""

from sqlalchemy import Column, Index, Integer, Table

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

# Without an answer, a turn is being answered until `leased_until`; after that, whoever answered it is gone.
turns = Table(
    "turns",
    metadata,
    key("tenant"),
    key("thread_id"),
    key("id"),
    text("question"),
    text("answer", optional=True),
    text("rights", optional=True),
    time("asked_at"),
    time("leased_until", optional=True),
    within("threads", "tenant", "thread_id", parent_key=("tenant", "id")),
    Index("ix_turns_order", "tenant", "thread_id", "asked_at"),
)

# Not within `threads`: where a conversation stands is the graph's own, and may be kept for others than chat.
checkpoints = Table(
    "checkpoints",
    metadata,
    key("tenant"),
    key("thread_id"),
    key("namespace"),
    key("id"),
    text("parent_id", optional=True),
    text("run_id", optional=True),
    text("body"),
    text("metadata"),
    time("created_at"),
    of_tenant(),
    Index("ix_checkpoints_created", "tenant", "created_at"),
)

checkpoint_writes = Table(
    "checkpoint_writes",
    metadata,
    key("tenant"),
    key("thread_id"),
    key("namespace"),
    key("checkpoint_id"),
    key("task_id"),
    Column("position", Integer, primary_key=True),
    text("task_path"),
    text("channel"),
    text("value"),
    of_tenant(),
)
