"""Records, memory, visits."""

import sqlalchemy as sa
from alembic import op

from db.columns import Audience, Names, text, time

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    _create_records()
    _create_memory()
    _create_runs()
    _create_deliverables()


def _create_records() -> None:
    op.create_table(
        "tenants",
        text("id"),
        text("name"),
        time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    op.create_table(
        "system_records",
        text("tenant"),
        text("kind"),
        text("id"),
        text("system"),
        text("account_id", optional=True),
        text("region", optional=True),
        sa.Column("audience", Audience, nullable=False),
        text("body"),
        text("digest"),
        text("origin"),
        time("updated_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_system_records_tenants"),
        sa.PrimaryKeyConstraint("tenant", "kind", "id", name="pk_system_records"),
    )
    op.create_index("ix_system_records_account", "system_records", ["tenant", "account_id", "kind"])
    op.create_table(
        "system_states",
        text("tenant"),
        text("system"),
        text("kind"),
        time("last_good_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_system_states_tenants"),
        sa.PrimaryKeyConstraint("tenant", "system", "kind", name="pk_system_states"),
    )


def _create_memory() -> None:
    op.create_table(
        "interactions",
        text("tenant"),
        text("id"),
        text("account_id"),
        text("form"),
        time("at"),
        text("sender", optional=True),
        sa.Column("recipients", Names, nullable=False),
        text("subject", optional=True),
        text("text"),
        text("turns"),
        text("lang"),
        text("author"),
        text("region", optional=True),
        sa.Column("audience", Audience, nullable=False),
        text("digest"),
        text("origin"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_interactions_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_interactions"),
    )
    op.create_index("ix_interactions_account", "interactions", ["tenant", "account_id", "at"])
    op.create_table(
        "passages",
        text("tenant"),
        text("id"),
        text("interaction_id"),
        text("account_id"),
        sa.Column("seq", sa.Integer, nullable=False),
        time("at"),
        text("text"),
        text("lang"),
        text("region", optional=True),
        sa.Column("audience", Audience, nullable=False),
        sa.Column("embedding", sa.LargeBinary),
        text("embedder", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "interaction_id"],
            ["interactions.tenant", "interactions.id"],
            name="fk_passages_interactions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_passages"),
    )
    op.create_index("ix_passages_account", "passages", ["tenant", "account_id", "at"])
    op.create_index("ix_passages_embedder", "passages", ["tenant", "embedder"])
    op.create_index("ix_passages_interaction", "passages", ["tenant", "interaction_id", "seq"], unique=True)


def _create_runs() -> None:
    op.create_table(
        "visit_requests",
        text("tenant"),
        text("run_id"),
        text("idempotency_key"),
        text("request_digest"),
        text("body"),
        text("account_id"),
        text("account"),
        text("requester"),
        text("status"),
        text("reason", optional=True),
        time("created_at"),
        time("started_at", optional=True),
        time("finished_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_visit_requests_tenants"),
        sa.PrimaryKeyConstraint("tenant", "run_id", name="pk_visit_requests"),
        sa.UniqueConstraint("tenant", "idempotency_key", name="uq_visit_requests_tenant_idempotency_key"),
    )
    op.create_index("ix_visit_requests_created", "visit_requests", ["tenant", "created_at"])
    op.create_index("ix_visit_requests_status", "visit_requests", ["tenant", "status"])
    op.create_table(
        "run_events",
        text("tenant"),
        text("run_id"),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        text("step"),
        text("status"),
        text("detail", optional=True),
        time("at"),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"],
            ["visit_requests.tenant", "visit_requests.run_id"],
            name="fk_run_events_visit_requests",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "run_id", "seq", name="pk_run_events"),
    )
    op.create_table(
        "packages",
        text("tenant"),
        text("run_id"),
        text("body"),
        text("model"),
        time("created_at"),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"],
            ["visit_requests.tenant", "visit_requests.run_id"],
            name="fk_packages_visit_requests",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "run_id", name="pk_packages"),
    )


def _create_deliverables() -> None:
    op.create_table(
        "reviews",
        text("tenant"),
        text("id"),
        text("run_id"),
        text("department"),
        time("due_at"),
        sa.Column("claims", Names, nullable=False),
        text("status"),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"], ["packages.tenant", "packages.run_id"], name="fk_reviews_packages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_reviews"),
        sa.UniqueConstraint("tenant", "run_id", "department", name="uq_reviews_tenant_run_id_department"),
    )
    op.create_table(
        "recommendations",
        text("tenant"),
        text("run_id"),
        text("id"),
        text("kind"),
        text("text"),
        text("claim"),
        text("person", optional=True),
        sa.Column("minutes", sa.Integer),
        text("status"),
        time("created_at"),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"],
            ["packages.tenant", "packages.run_id"],
            name="fk_recommendations_packages",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "run_id", "id", name="pk_recommendations"),
    )
    op.create_table(
        "notifications",
        text("tenant"),
        text("id"),
        text("run_id"),
        text("department"),
        text("kind"),
        text("body"),
        time("created_at"),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"],
            ["packages.tenant", "packages.run_id"],
            name="fk_notifications_packages",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_notifications"),
        sa.UniqueConstraint(
            "tenant", "run_id", "department", "kind", name="uq_notifications_tenant_run_id_department_kind"
        ),
    )
