"""Effects with their approvals and outbox; what happens to pre-reviews."""

import sqlalchemy as sa
from alembic import op

from db.columns import Names, flag, text, time

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    _extend_reviews()
    _extend_notifications()
    _create_effects()
    _create_approvals()
    _create_outbox()
    _create_review_events()
    _create_review_edits()


def _extend_reviews() -> None:
    op.add_column("reviews", sa.Column("position", sa.Integer, nullable=False, server_default="1"))
    op.add_column("reviews", sa.Column("quorum", sa.Integer, nullable=False, server_default="1"))
    op.add_column("reviews", text("assignee", optional=True))
    op.add_column("reviews", sa.Column("escalated_to", Names, nullable=False, server_default="[]"))
    op.add_column("reviews", time("opened_at", optional=True))
    op.add_column("reviews", time("decided_at", optional=True))
    op.create_index("ix_reviews_status", "reviews", ["tenant", "status"])


def _extend_notifications() -> None:
    # Something can be told before there is a package, to one person, and more than once about the same review.
    with op.batch_alter_table("notifications") as table:
        table.drop_constraint("fk_notifications_packages", type_="foreignkey")
        table.drop_constraint("uq_notifications_tenant_run_id_department_kind", type_="unique")
        table.add_column(text("recipient", optional=True))
        table.create_foreign_key(
            "fk_notifications_visit_requests",
            "visit_requests",
            ["tenant", "run_id"],
            ["tenant", "run_id"],
            ondelete="CASCADE",
        )
        table.create_index("ix_notifications_run", ["tenant", "run_id"])


def _create_effects() -> None:
    op.create_table(
        "effects",
        text("tenant"),
        text("id"),
        text("system"),
        text("operation"),
        text("account_id"),
        text("payload"),
        text("digest"),
        text("risk"),
        text("facts"),
        text("preview"),
        text("route"),
        text("proposer"),
        text("proposed_by"),
        text("origin"),
        text("request_key"),
        text("request_digest", optional=True),
        text("run_id", optional=True),
        text("group_id", optional=True),
        sa.Column("position", sa.Integer, nullable=False),
        text("status"),
        text("reason", optional=True),
        time("created_at"),
        time("expires_at"),
        time("ended_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_effects_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_effects"),
    )
    op.create_index("ix_effects_account", "effects", ["tenant", "account_id", "created_at"])
    op.create_index("ix_effects_group", "effects", ["tenant", "group_id", "position"])
    op.create_index("ix_effects_request_key", "effects", ["tenant", "request_key"], unique=True)
    op.create_index("ix_effects_status", "effects", ["tenant", "status", "created_at"])


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        text("tenant"),
        text("id"),
        text("effect_id"),
        sa.Column("position", sa.Integer, nullable=False),
        text("role"),
        text("rule"),
        text("reason"),
        text("reason_zh", optional=True),
        text("digest"),
        text("status"),
        text("decided_by", optional=True),
        time("decided_at", optional=True),
        text("comment", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "effect_id"], ["effects.tenant", "effects.id"], name="fk_approvals_effects", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_effect", "approvals", ["tenant", "effect_id", "position"])
    op.create_index("ix_approvals_once", "approvals", ["tenant", "effect_id", "decided_by"], unique=True)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        text("tenant"),
        text("effect_id"),
        sa.Column("undo", flag(), nullable=False),
        text("status"),
        sa.Column("attempts", sa.Integer, nullable=False),
        time("due_at"),
        sa.Column("lease", sa.Integer, nullable=False),
        text("leased_by", optional=True),
        time("leased_until", optional=True),
        text("receipt", optional=True),
        text("error", optional=True),
        text("error_detail", optional=True),
        time("created_at"),
        time("done_at", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "effect_id"], ["effects.tenant", "effects.id"], name="fk_outbox_effects", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "effect_id", "undo", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["status", "due_at"])


def _create_review_events() -> None:
    op.create_table(
        "review_events",
        text("tenant"),
        text("review_id"),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        text("kind"),
        text("actor"),
        time("at"),
        text("body"),
        sa.ForeignKeyConstraint(
            ["tenant", "review_id"],
            ["reviews.tenant", "reviews.id"],
            name="fk_review_events_reviews",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "review_id", "seq", name="pk_review_events"),
    )


def _create_review_edits() -> None:
    op.create_table(
        "review_edits",
        text("tenant"),
        text("review_id"),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        text("claim_id"),
        text("before"),
        text("after"),
        text("diff"),
        text("state"),
        text("by"),
        time("at"),
        sa.ForeignKeyConstraint(
            ["tenant", "review_id"],
            ["reviews.tenant", "reviews.id"],
            name="fk_review_edits_reviews",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "review_id", "seq", name="pk_review_edits"),
    )
