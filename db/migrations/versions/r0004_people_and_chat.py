"""Sign-in, keys, chat threads, what models cost, shared packages, answered signals."""

import sqlalchemy as sa
from alembic import op

from db.columns import text, time

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    _create_threads()
    _create_turns()


def _create_threads() -> None:
    op.create_table(
        "threads",
        text("tenant"),
        text("id"),
        text("user"),
        text("title"),
        text("account_id", optional=True),
        text("opportunity_id", optional=True),
        time("created_at"),
        time("updated_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_threads_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_threads"),
    )
    op.create_index("ix_threads_user", "threads", ["tenant", "user", "updated_at"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        text("tenant"),
        text("thread_id"),
        text("id"),
        text("question"),
        text("answer"),
        time("asked_at"),
        sa.ForeignKeyConstraint(
            ["tenant", "thread_id"], ["threads.tenant", "threads.id"], name="fk_turns_threads", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "thread_id", "id", name="pk_turns"),
    )
    op.create_index("ix_turns_order", "turns", ["tenant", "thread_id", "asked_at"])
