"""The tables of records and memory. The tenant comes first in every key and index."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, MetaData, Table

from db.columns import Audience, Names, key, text, time

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def within(parent: str, *columns: str, parent_key: tuple[str, ...]) -> ForeignKeyConstraint:
    """A row that cannot outlive the `parent` row it names."""
    return ForeignKeyConstraint(columns, [f"{parent}.{name}" for name in parent_key], ondelete="CASCADE")


def of_tenant() -> ForeignKeyConstraint:
    """A row of a known tenant."""
    return ForeignKeyConstraint(["tenant"], ["tenants.id"])


tenants = Table("tenants", metadata, key("id"), text("name"), time("created_at"))

system_records = Table(
    "system_records",
    metadata,
    key("tenant"),
    key("kind"),
    key("id"),
    text("system"),
    text("account_id", optional=True),
    text("region", optional=True),
    Column("audience", Audience, nullable=False),
    text("body"),
    text("digest"),
    text("origin"),
    time("updated_at"),
    of_tenant(),
    Index("ix_system_records_account", "tenant", "account_id", "kind"),
)

system_states = Table(
    "system_states", metadata, key("tenant"), key("system"), key("kind"), time("last_good_at"), of_tenant()
)

interactions = Table(
    "interactions",
    metadata,
    key("tenant"),
    key("id"),
    text("account_id"),
    text("form"),
    time("at"),
    text("sender", optional=True),
    Column("recipients", Names, nullable=False),
    text("subject", optional=True),
    text("text"),
    text("turns"),
    text("lang"),
    text("author"),
    text("region", optional=True),
    Column("audience", Audience, nullable=False),
    text("digest"),
    text("origin"),
    of_tenant(),
    Index("ix_interactions_account", "tenant", "account_id", "at"),
)

passages = Table(
    "passages",
    metadata,
    key("tenant"),
    key("id"),
    text("interaction_id"),
    text("account_id"),
    Column("seq", Integer, nullable=False),
    time("at"),
    text("text"),
    text("lang"),
    text("region", optional=True),
    Column("audience", Audience, nullable=False),
    Column("embedding", LargeBinary),
    text("embedder", optional=True),
    within("interactions", "tenant", "interaction_id", parent_key=("tenant", "id")),
    Index("ix_passages_account", "tenant", "account_id", "at"),
    Index("ix_passages_interaction", "tenant", "interaction_id", "seq", unique=True),
    Index("ix_passages_embedder", "tenant", "embedder"),
)
