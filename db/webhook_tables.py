"""The tables of webhooks: keys and events in, endpoints and deliveries out."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from db.columns import Names, flag, key, text, time
from db.tables import metadata, of_tenant, within

webhook_keys = Table(
    "webhook_keys",
    metadata,
    key("tenant"),
    key("id"),
    text("source"),
    text("secret"),
    # The user whose rights the source's requests have.
    text("run_as"),
    time("created_at"),
    time("retires_at", optional=True),
    of_tenant(),
    Index("ix_webhook_keys_source", "source"),
)

webhook_events = Table(
    "webhook_events",
    metadata,
    key("tenant"),
    key("source"),
    key("id"),
    text("type"),
    text("subject", optional=True),
    text("body"),
    text("digest"),
    time("occurred_at", optional=True),
    time("received_at"),
    text("run_as"),
    text("outcome"),
    text("detail", optional=True),
    of_tenant(),
    Index("ix_webhook_events_received", "tenant", "received_at"),
    Index("ix_webhook_events_subject", "tenant", "type", "subject"),
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    key("tenant"),
    key("id"),
    text("url"),
    # The newest first; the others sign too until `overlap_until`.
    Column("secrets", Names, nullable=False),
    time("overlap_until", optional=True),
    Column("events", Names, nullable=False),
    Column("active", flag(), nullable=False),
    time("created_at"),
    of_tenant(),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    key("tenant"),
    key("id"),
    text("endpoint_id"),
    text("event_id"),
    text("type"),
    text("body"),
    text("status"),
    Column("attempts", Integer, nullable=False),
    time("due_at"),
    Column("lease", Integer, nullable=False),
    time("leased_until", optional=True),
    text("error", optional=True),
    time("created_at"),
    time("done_at", optional=True),
    within("webhook_endpoints", "tenant", "endpoint_id", parent_key=("tenant", "id")),
    UniqueConstraint("tenant", "endpoint_id", "event_id"),
    Index("ix_webhook_deliveries_due", "status", "due_at"),
)
