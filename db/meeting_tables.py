"""The tables of recordings and transcripts that people hand in, and of their content while it waits to be read."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from db.columns import key, text, time
from db.tables import metadata, of_tenant

meeting_files = Table(
    "meeting_files",
    metadata,
    key("tenant"),
    key("id"),
    text("idempotency_key"),
    text("request_digest"),
    text("body"),
    text("account_id"),
    text("account"),
    text("file"),
    text("requester"),
    text("status"),
    text("reason", optional=True),
    Column("heard_s", Integer),
    Column("seconds", Integer),
    text("names"),
    time("created_at"),
    time("finished_at", optional=True),
    of_tenant(),
    UniqueConstraint("tenant", "idempotency_key"),
    Index("ix_meeting_files_created", "tenant", "created_at"),
    Index("ix_meeting_files_status", "tenant", "status"),
)

# Content comes before its file is accepted, so it refers to none.
meeting_file_parts = Table(
    "meeting_file_parts",
    metadata,
    key("tenant"),
    key("file_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    time("received_at"),
)
