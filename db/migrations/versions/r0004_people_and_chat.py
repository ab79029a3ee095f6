"""Sign-in, keys, chat threads, what models cost, shared packages, answered signals."""

import sqlalchemy as sa
from alembic import op

from db.columns import Names, text, time

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    _create_failed_sign_ins()
    _create_oidc_attempts()
    _create_api_keys()
    _create_checkpoint_writes()
    _create_checkpoints()
    _create_invites()
    _create_model_usage()
    _create_passwords()
    _create_sign_ins()
    _create_threads()
    _create_inbound()
    _create_turns()
    _create_shares()


def _create_failed_sign_ins() -> None:
    op.create_table(
        "failed_sign_ins",
        text("subject"),
        sa.Column("failures", sa.Integer, nullable=False),
        time("last_at"),
        time("locked_until", optional=True),
        sa.PrimaryKeyConstraint("subject", name="pk_failed_sign_ins"),
    )


def _create_oidc_attempts() -> None:
    op.create_table(
        "oidc_attempts",
        text("state_hash"),
        text("nonce"),
        text("verifier"),
        text("holder"),
        text("next"),
        text("tenant"),
        time("expires_at"),
        sa.PrimaryKeyConstraint("state_hash", name="pk_oidc_attempts"),
    )


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        text("tenant"),
        text("id"),
        text("secret_hash"),
        text("user_id"),
        text("label"),
        sa.Column("scopes", Names, nullable=False),
        text("created_by"),
        time("created_at"),
        time("expires_at", optional=True),
        time("revoked_at", optional=True),
        time("last_used_at", optional=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_api_keys_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_id", "api_keys", ["id"], unique=True)


def _create_checkpoint_writes() -> None:
    op.create_table(
        "checkpoint_writes",
        text("tenant"),
        text("thread_id"),
        text("namespace"),
        text("checkpoint_id"),
        text("task_id"),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        text("task_path"),
        text("channel"),
        text("value"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_checkpoint_writes_tenants"),
        sa.PrimaryKeyConstraint(
            "tenant", "thread_id", "namespace", "checkpoint_id", "task_id", "position", name="pk_checkpoint_writes"
        ),
    )


def _create_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        text("tenant"),
        text("thread_id"),
        text("namespace"),
        text("id"),
        text("parent_id", optional=True),
        text("run_id", optional=True),
        text("body"),
        text("metadata"),
        time("created_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_checkpoints_tenants"),
        sa.PrimaryKeyConstraint("tenant", "thread_id", "namespace", "id", name="pk_checkpoints"),
    )
    op.create_index("ix_checkpoints_created", "checkpoints", ["tenant", "created_at"])


def _create_invites() -> None:
    op.create_table(
        "invites",
        text("tenant"),
        text("token_hash"),
        text("user_id"),
        text("created_by"),
        time("created_at"),
        time("expires_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_invites_tenants"),
        sa.PrimaryKeyConstraint("tenant", "token_hash", name="pk_invites"),
    )
    op.create_index("ix_invites_token", "invites", ["token_hash"])


def _create_model_usage() -> None:
    op.create_table(
        "model_usage",
        text("tenant"),
        text("id"),
        text("run"),
        text("user"),
        text("role"),
        text("model"),
        text("day"),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("cached_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("micros", sa.BigInteger, nullable=True),
        sa.Column("ms", sa.Integer, nullable=False),
        text("outcome"),
        time("at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_model_usage_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_model_usage"),
    )
    op.create_index("ix_model_usage_day", "model_usage", ["tenant", "day"])


def _create_passwords() -> None:
    op.create_table(
        "passwords",
        text("tenant"),
        text("user_id"),
        text("hash"),
        time("set_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_passwords_tenants"),
        sa.PrimaryKeyConstraint("tenant", "user_id", name="pk_passwords"),
    )


def _create_sign_ins() -> None:
    op.create_table(
        "sign_ins",
        text("tenant"),
        text("id"),
        text("token_hash"),
        text("user_id"),
        text("means"),
        text("address"),
        text("agent"),
        text("proof", optional=True),
        time("created_at"),
        time("seen_at"),
        time("ends_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_sign_ins_tenants"),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_token", "sign_ins", ["token_hash"], unique=True)
    op.create_index("ix_sign_ins_user", "sign_ins", ["tenant", "user_id"])


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


def _create_inbound() -> None:
    op.create_table(
        "inbound",
        text("tenant"),
        text("id"),
        text("account_id"),
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
        time("due_at"),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "id"],
            ["interactions.tenant", "interactions.id"],
            name="fk_inbound_interactions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_inbound"),
    )
    op.create_index("ix_inbound_due", "inbound", ["status", "due_at"])
    op.create_index("ix_inbound_received", "inbound", ["tenant", "received_at"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        text("tenant"),
        text("thread_id"),
        text("id"),
        text("question"),
        text("answer", optional=True),
        text("rights", optional=True),
        time("asked_at"),
        time("leased_until", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "thread_id"], ["threads.tenant", "threads.id"], name="fk_turns_threads", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "thread_id", "id", name="pk_turns"),
    )
    op.create_index("ix_turns_order", "turns", ["tenant", "thread_id", "asked_at"])


def _create_shares() -> None:
    op.create_table(
        "shares",
        text("tenant"),
        text("id"),
        text("run_id"),
        text("shared_by"),
        text("with_user", optional=True),
        text("with_role", optional=True),
        time("created_at"),
        time("expires_at"),
        time("revoked_at", optional=True),
        text("revoked_by", optional=True),
        sa.ForeignKeyConstraint(
            ["tenant", "run_id"], ["packages.tenant", "packages.run_id"], name="fk_shares_packages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_shares"),
    )
    op.create_index("ix_shares_run", "shares", ["tenant", "run_id", "created_at"])
