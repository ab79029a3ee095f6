"""The tables of effects: what was proposed, who agreed, and what is on its way to an outside system."""

from sqlalchemy import Column, Index, Integer, Table

from db.columns import Audience, flag, key, text, time
from db.tables import metadata, of_tenant, within

_EFFECT = ("tenant", "effect_id")

effects = Table(
    "effects",
    metadata,
    key("tenant"),
    key("id"),
    text("system"),
    text("operation"),
    text("account_id"),
    text("region", optional=True),
    Column("audience", Audience, nullable=False, server_default=""),
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
    # Of what was asked for under the key, before names became ids: asking again is recognised whatever changed since.
    text("request_digest", optional=True),
    text("run_id", optional=True),
    text("group_id", optional=True),
    Column("position", Integer, nullable=False),
    text("status"),
    text("reason", optional=True),
    time("created_at"),
    time("expires_at"),
    time("ended_at", optional=True),
    of_tenant(),
    Index("ix_effects_request_key", "tenant", "request_key", unique=True),
    Index("ix_effects_status", "tenant", "status", "created_at"),
    Index("ix_effects_group", "tenant", "group_id", "position"),
    Index("ix_effects_account", "tenant", "account_id", "created_at"),
)

approvals = Table(
    "approvals",
    metadata,
    key("tenant"),
    key("id"),
    text("effect_id"),
    Column("position", Integer, nullable=False),
    text("role"),
    text("rule"),
    text("reason"),
    text("reason_zh", optional=True),
    text("digest"),
    text("status"),
    text("decided_by", optional=True),
    time("decided_at", optional=True),
    text("comment", optional=True),
    within("effects", *_EFFECT, parent_key=("tenant", "id")),
    Index("ix_approvals_effect", "tenant", "effect_id", "position"),
    # Nobody fills two seats of one effect, whatever else is true.
    Index("ix_approvals_once", "tenant", "effect_id", "decided_by", unique=True),
)

outbox = Table(
    "outbox",
    metadata,
    key("tenant"),
    key("effect_id"),
    Column("undo", flag(), primary_key=True),
    text("status"),
    Column("attempts", Integer, nullable=False),
    time("due_at"),
    # Grows with every lease: what an earlier holder brings back later is refused.
    Column("lease", Integer, nullable=False),
    text("leased_by", optional=True),
    time("leased_until", optional=True),
    text("receipt", optional=True),
    text("error", optional=True),
    text("error_detail", optional=True),
    time("created_at"),
    time("done_at", optional=True),
    within("effects", *_EFFECT, parent_key=("tenant", "id")),
    Index("ix_outbox_due", "status", "due_at"),
)
