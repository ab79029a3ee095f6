"""Who may see an effect beyond its account, and which person at a provider of identities a user is."""

import sqlalchemy as sa
from alembic import op

from db.columns import Audience, text, time

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("effects", text("region", optional=True))
    op.add_column("effects", sa.Column("audience", Audience, nullable=False, server_default=""))
    op.create_table(
        "oidc_links",
        text("tenant"),
        text("issuer"),
        text("subject"),
        text("user_id"),
        time("linked_at"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_oidc_links_tenants"),
        sa.PrimaryKeyConstraint("tenant", "issuer", "subject", name="pk_oidc_links"),
    )
    op.create_index("ix_oidc_links_user", "oidc_links", ["tenant", "issuer", "user_id"], unique=True)
