"""The tables of the hub itself: users, policies, deadlines, workers, the audit log, cursors, the sandbox's keys."""

from sqlalchemy import Column, Index, Integer, Table

from db.columns import Audience, Names, flag, key, text, time
from db.tables import metadata, of_tenant

users = Table(
    "users",
    metadata,
    key("tenant"),
    key("id"),
    text("name"),
    Column("roles", Audience, nullable=False),
    Column("every_region", flag(), nullable=False),
    Column("regions", Names, nullable=False),
    text("manager", optional=True),
    text("delegate", optional=True),
    Column("active", flag(), nullable=False),
    of_tenant(),
)

policies = Table(
    "policies",
    metadata,
    key("tenant"),
    key("name"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("body"),
    text("digest"),
    text("published_by"),
    time("published_at"),
    of_tenant(),
)

deadlines = Table(
    "deadlines",
    metadata,
    key("tenant"),
    key("id"),
    text("kind"),
    text("subject"),
    time("due_at"),
    text("status"),
    time("acted_at", optional=True),
    of_tenant(),
    Index("ix_deadlines_due", "status", "due_at"),
    Index("ix_deadlines_subject", "tenant", "subject"),
)

workers = Table(
    "workers",
    metadata,
    key("name"),
    text("host"),
    # Where its lock file lies: whoever shares host and home can tell at once whether it is gone.
    text("home"),
    Column("pid", Integer, nullable=False),
    # Grows with every start under the name, so that what the one before it left is told apart.
    Column("epoch", Integer, nullable=False),
    text("status"),
    time("started_at"),
    time("seen_at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    key("tenant"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    time("at"),
    text("actor"),
    text("action"),
    text("subject"),
    text("body"),
    text("prev"),
    text("hash"),
    of_tenant(),
    Index("ix_audit_log_subject", "tenant", "subject"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    key("tenant"),
    Column("seq", Integer, nullable=False),
    text("hash"),
    text("seal"),
    of_tenant(),
)

change_cursors = Table(
    "change_cursors", metadata, key("tenant"), key("system"), text("cursor"), time("read_at"), of_tenant()
)

sandbox_keys = Table(
    "sandbox_keys",
    metadata,
    key("tenant"),
    key("key"),
    text("record_kind"),
    text("record_id"),
    Column("undone", flag(), nullable=False),
    time("at"),
    of_tenant(),
)
