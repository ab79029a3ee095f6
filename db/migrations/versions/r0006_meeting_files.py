"""Recordings and transcripts that people hand in, and their content."""

import sqlalchemy as sa
from alembic import op

from db.columns import text, time

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "meeting_files",
        *(text(name) for name in ("tenant", "id", "idempotency_key", "request_digest", "body")),
        *(text(name) for name in ("account_id", "account", "file", "requester", "status")),
        text("reason", optional=True),
        sa.Column("heard_s", sa.Integer),
        sa.Column("seconds", sa.Integer),
        text("names"),
        time("created_at"),
        time("finished_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_meeting_files_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_meeting_files"),
        sa.UniqueConstraint("tenant", "idempotency_key", name="uq_meeting_files_tenant_idempotency_key"),
    )
    op.create_index("ix_meeting_files_created", "meeting_files", ["tenant", "created_at"])
    op.create_index("ix_meeting_files_status", "meeting_files", ["tenant", "status"])
    op.create_table(
        "meeting_file_parts",
        text("tenant"),
        text("file_id"),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        time("received_at"),
        sa.PrimaryKeyConstraint("tenant", "file_id", "seq", name="pk_meeting_file_parts"),
    )
