"""The tables of visit runs and of what they produce. The tenant comes first in every key and index."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from db.columns import Names, key, text, time
from db.tables import metadata, of_tenant, within

_RUN = ("tenant", "run_id")

visit_requests = Table(
    "visit_requests",
    metadata,
    key("tenant"),
    key("run_id"),
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
    of_tenant(),
    UniqueConstraint("tenant", "idempotency_key"),
    Index("ix_visit_requests_created", "tenant", "created_at"),
    Index("ix_visit_requests_status", "tenant", "status"),
)

run_events = Table(
    "run_events",
    metadata,
    key("tenant"),
    key("run_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("step"),
    text("status"),
    text("detail", optional=True),
    time("at"),
    within("visit_requests", *_RUN, parent_key=_RUN),
)

packages = Table(
    "packages",
    metadata,
    key("tenant"),
    key("run_id"),
    text("body"),
    text("model"),
    time("created_at"),
    within("visit_requests", *_RUN, parent_key=_RUN),
)

reviews = Table(
    "reviews",
    metadata,
    key("tenant"),
    key("id"),
    text("run_id"),
    text("department"),
    time("due_at"),
    Column("claims", Names, nullable=False),
    text("status"),
    Column("position", Integer, nullable=False, server_default="1"),
    Column("quorum", Integer, nullable=False, server_default="1"),
    text("assignee", optional=True),
    Column("escalated_to", Names, nullable=False, server_default="[]"),
    time("opened_at", optional=True),
    time("decided_at", optional=True),
    within("packages", *_RUN, parent_key=_RUN),
    UniqueConstraint("tenant", "run_id", "department"),
    Index("ix_reviews_status", "tenant", "status"),
)

_REVIEW = ("tenant", "review_id")

review_events = Table(
    "review_events",
    metadata,
    key("tenant"),
    key("review_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("kind"),
    text("actor"),
    time("at"),
    text("body"),
    within("reviews", *_REVIEW, parent_key=("tenant", "id")),
)

review_edits = Table(
    "review_edits",
    metadata,
    key("tenant"),
    key("review_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("claim_id"),
    text("before"),
    text("after"),
    text("diff"),
    text("state"),
    text("by"),
    time("at"),
    within("reviews", *_REVIEW, parent_key=("tenant", "id")),
)

recommendations = Table(
    "recommendations",
    metadata,
    key("tenant"),
    key("run_id"),
    key("id"),
    text("kind"),
    text("text"),
    text("claim"),
    text("person", optional=True),
    Column("minutes", Integer),
    text("status"),
    time("created_at"),
    within("packages", *_RUN, parent_key=_RUN),
)

notifications = Table(
    "notifications",
    metadata,
    key("tenant"),
    key("id"),
    text("run_id"),
    text("department"),
    text("kind"),
    text("body"),
    time("created_at"),
    # None: everybody of the department.
    text("recipient", optional=True),
    within("visit_requests", *_RUN, parent_key=_RUN),
    Index("ix_notifications_run", "tenant", "run_id"),
)
