"""The table of links to packages."""

from sqlalchemy import Index, Table

from db.columns import key, text, time
from db.tables import metadata, within

shares = Table(
    "shares",
    metadata,
    key("tenant"),
    key("id"),
    text("run_id"),
    text("shared_by"),
    text("with_user", optional=True),
    text("with_role", optional=True),
    time("created_at"),
    time("expires_at"),
    time("revoked_at", optional=True),
    text("revoked_by", optional=True),
    within("packages", "tenant", "run_id", parent_key=("tenant", "run_id")),
    Index("ix_shares_run", "tenant", "run_id", "created_at"),
)
