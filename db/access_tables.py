"""The tables of who gets in: passwords, invitations, sessions, API keys, failed attempts."""

from sqlalchemy import Column, Index, Integer, Table

from db.columns import Names, key, text, time
from db.tables import metadata, of_tenant

passwords = Table(
    "passwords",
    metadata,
    key("tenant"),
    key("user_id"),
    text("hash"),
    time("set_at"),
    of_tenant(),
)

# Secrets are random, so their SHA-256 is as good as a slow hash, and can be looked up.
invites = Table(
    "invites",
    metadata,
    key("tenant"),
    key("token_hash"),
    text("user_id"),
    text("created_by"),
    time("created_at"),
    time("expires_at"),
    of_tenant(),
    Index("ix_invites_token", "token_hash"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    key("tenant"),
    key("id"),
    text("token_hash"),
    text("user_id"),
    text("means"),
    text("address"),
    text("agent"),
    text("proof", optional=True),
    time("created_at"),
    time("seen_at"),
    time("ends_at"),
    of_tenant(),
    # Whoever brings a token has not said which tenant it is of.
    Index("ix_sign_ins_token", "token_hash", unique=True),
    Index("ix_sign_ins_user", "tenant", "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    key("tenant"),
    key("id"),
    text("secret_hash"),
    text("user_id"),
    text("label"),
    Column("scopes", Names, nullable=False),
    text("created_by"),
    time("created_at"),
    time("expires_at", optional=True),
    time("revoked_at", optional=True),
    time("last_used_at", optional=True),
    of_tenant(),
    Index("ix_api_keys_id", "id", unique=True),
)

# Of no tenant: an address may try several.
failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    key("subject"),
    Column("failures", Integer, nullable=False),
    time("last_at"),
    time("locked_until", optional=True),
)

oidc_attempts = Table(
    "oidc_attempts",
    metadata,
    key("state_hash"),
    text("nonce"),
    text("verifier"),
    text("holder"),
    text("next"),
    text("tenant"),
    time("expires_at"),
)

# Names at a provider change hands; its subjects never do.
oidc_links = Table(
    "oidc_links",
    metadata,
    key("tenant"),
    key("issuer"),
    key("subject"),
    text("user_id"),
    time("linked_at"),
    of_tenant(),
    Index("ix_oidc_links_user", "tenant", "issuer", "user_id", unique=True),
)
