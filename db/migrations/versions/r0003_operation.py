"""Users, policies, deadlines, workers, the audit log, webhooks."""

import sqlalchemy as sa
from alembic import op

from db.columns import Audience, Names, flag, text, time

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    _create_users()
    _create_policies()
    _create_deadlines()
    _create_workers()
    _create_change_cursors()
    _create_sandbox_keys()
    _create_audit_log()
    _create_audit_heads()
    _create_webhook_keys()
    _create_webhook_events()
    _create_webhook_endpoints()
    _create_webhook_deliveries()


def _create_users() -> None:
    op.create_table(
        "users",
        text("tenant"),
        text("id"),
        text("name"),
        sa.Column("roles", Audience, nullable=False),
        sa.Column("every_region", flag(), nullable=False),
        sa.Column("regions", Names, nullable=False),
        text("manager", optional=True),
        text("delegate", optional=True),
        sa.Column("active", flag(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_users_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_users"),
    )


def _create_policies() -> None:
    op.create_table(
        "policies",
        text("tenant"),
        text("name"),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        text("body"),
        text("digest"),
        text("published_by"),
        time("published_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_policies_tenants"),
        sa.PrimaryKeyConstraint("tenant", "name", "version", name="pk_policies"),
    )


def _create_deadlines() -> None:
    op.create_table(
        "deadlines",
        text("tenant"),
        text("id"),
        text("kind"),
        text("subject"),
        time("due_at"),
        text("status"),
        time("acted_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_deadlines_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_deadlines"),
    )
    op.create_index("ix_deadlines_due", "deadlines", ["status", "due_at"])
    op.create_index("ix_deadlines_subject", "deadlines", ["tenant", "subject"])


def _create_workers() -> None:
    op.create_table(
        "workers",
        text("name"),
        text("host"),
        text("home"),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        text("status"),
        time("started_at"),
        time("seen_at"),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )


def _create_change_cursors() -> None:
    op.create_table(
        "change_cursors",
        text("tenant"),
        text("system"),
        text("cursor"),
        time("read_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_change_cursors_tenants"),
        sa.PrimaryKeyConstraint("tenant", "system", name="pk_change_cursors"),
    )


def _create_sandbox_keys() -> None:
    op.create_table(
        "sandbox_keys",
        text("tenant"),
        text("key"),
        text("record_kind"),
        text("record_id"),
        sa.Column("undone", flag(), nullable=False),
        time("at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_sandbox_keys_tenants"),
        sa.PrimaryKeyConstraint("tenant", "key", name="pk_sandbox_keys"),
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        text("tenant"),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        time("at"),
        text("actor"),
        text("action"),
        text("subject"),
        text("body"),
        text("prev"),
        text("hash"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_audit_log_tenants"),
        sa.PrimaryKeyConstraint("tenant", "seq", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["tenant", "subject"])


def _create_audit_heads() -> None:
    op.create_table(
        "audit_heads",
        text("tenant"),
        sa.Column("seq", sa.Integer, nullable=False),
        text("hash"),
        text("seal"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_audit_heads_tenants"),
        sa.PrimaryKeyConstraint("tenant", name="pk_audit_heads"),
    )


def _create_webhook_keys() -> None:
    op.create_table(
        "webhook_keys",
        text("tenant"),
        text("id"),
        text("source"),
        text("secret"),
        text("run_as"),
        time("created_at"),
        time("retires_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_webhook_keys_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_webhook_keys"),
    )
    op.create_index("ix_webhook_keys_source", "webhook_keys", ["source"])


def _create_webhook_events() -> None:
    op.create_table(
        "webhook_events",
        text("tenant"),
        text("source"),
        text("id"),
        text("type"),
        text("subject", optional=True),
        text("body"),
        text("digest"),
        time("occurred_at", optional=True),
        time("received_at"),
        text("run_as"),
        text("outcome"),
        text("detail", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_webhook_events_tenants"),
        sa.PrimaryKeyConstraint("tenant", "source", "id", name="pk_webhook_events"),
    )
    op.create_index("ix_webhook_events_received", "webhook_events", ["tenant", "received_at"])
    op.create_index("ix_webhook_events_subject", "webhook_events", ["tenant", "type", "subject"])


def _create_webhook_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        text("tenant"),
        text("id"),
        text("url"),
        sa.Column("secrets", Names, nullable=False),
        time("overlap_until", optional=True),
        sa.Column("events", Names, nullable=False),
        sa.Column("active", flag(), nullable=False),
        time("created_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_webhook_endpoints_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_webhook_endpoints"),
    )


def _create_webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        text("tenant"),
        text("id"),
        text("endpoint_id"),
        text("event_id"),
        text("type"),
        text("body"),
        text("status"),
        sa.Column("attempts", sa.Integer, nullable=False),
        time("due_at"),
        sa.Column("lease", sa.Integer, nullable=False),
        time("leased_until", optional=True),
        text("error", optional=True),
        time("created_at"),
        time("done_at", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "endpoint_id"],
            ["webhook_endpoints.tenant", "webhook_endpoints.id"],
            name="fk_webhook_deliveries_webhook_endpoints",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint(
            "tenant", "endpoint_id", "event_id", name="uq_webhook_deliveries_tenant_endpoint_id_event_id"
        ),
    )
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["status", "due_at"])
