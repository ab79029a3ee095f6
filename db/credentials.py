"""What users prove themselves with: passwords, invitations to set one, API keys, who they are at a provider."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, exists, or_, select, update

from core.domain.access import ApiKey, Invite, Scope
from db.access_tables import api_keys, invites, oidc_links, passwords
from db.writing import ensure_tenant, insert_or_replace

Keys: TypeAlias = list[ApiKey]


class Credentials:
    """Repository of passwords, invitations and keys, of which it holds hashes only, and of links to a provider."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def any_exist(self) -> bool:
        """Whether any password or key was ever given out here, one since revoked included."""
        found = select(or_(exists(select(passwords.c.user_id)), exists(select(api_keys.c.id))))
        return bool(self._connection.scalar(found))

    def password(self, tenant: str, user_id: str) -> str | None:
        """The hash of the user's password."""
        query = select(passwords.c.hash).where(passwords.c.tenant == tenant, passwords.c.user_id == user_id)
        found: str | None = self._connection.scalar(query)
        return found

    def with_password(self, tenant: str) -> frozenset[str]:
        """Ids of the users who have one."""
        return frozenset(self._connection.scalars(select(passwords.c.user_id).where(passwords.c.tenant == tenant)))

    def set_password(self, tenant: str, user_id: str, hashed: str, *, at: datetime) -> None:
        """Make this the user's password; invitations to set one end."""
        ensure_tenant(self._connection, tenant)
        row = {"tenant": tenant, "user_id": user_id, "hash": hashed, "set_at": at}
        insert_or_replace(self._connection, passwords, [row])
        self.drop_invites(tenant, user_id)

    def add_invite(self, token_hash: str, invite: Invite) -> None:
        """Keep an invitation in place of the user's earlier ones."""
        self.drop_invites(invite.tenant, invite.user)
        row = {**invite.model_dump(exclude={"user"}), "user_id": invite.user, "token_hash": token_hash}
        self._connection.execute(invites.insert(), row)

    def invite(self, token_hash: str, *, now: datetime) -> Invite | None:
        """The invitation with this token, while it is valid."""
        query = select(invites).where(invites.c.token_hash == token_hash, invites.c.expires_at > now)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        told = {name: getattr(row, name) for name in Invite.model_fields if name != "user"}
        return Invite(**told, user=row.user_id)

    def take_invite(self, token_hash: str, *, now: datetime) -> bool:
        """Use an invitation up; False when it is not valid, or somebody was quicker."""
        statement = delete(invites).where(invites.c.token_hash == token_hash, invites.c.expires_at > now)
        return self._connection.execute(statement).rowcount == 1

    def drop_invites(self, tenant: str, user_id: str) -> None:
        """End the user's invitations."""
        self._connection.execute(delete(invites).where(invites.c.tenant == tenant, invites.c.user_id == user_id))

    def add_key(self, key: ApiKey, secret_hash: str) -> None:
        """Keep a new key."""
        row = {**key.model_dump(exclude={"user"}), "user_id": key.user, "secret_hash": secret_hash}
        self._connection.execute(api_keys.insert(), {**row, "scopes": sorted(key.scopes)})

    def keys(self, tenant: str) -> Keys:
        """All keys of the tenant, revoked ones included, oldest first."""
        query = select(api_keys).where(api_keys.c.tenant == tenant)
        return [_key(row) for row in self._connection.execute(query.order_by(api_keys.c.created_at, api_keys.c.id))]

    def key(self, key_id: str) -> tuple[ApiKey, str] | None:
        """The key with this public part, of whichever tenant, and the hash of its secret."""
        row = self._connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
        return None if row is None else (_key(row), row.secret_hash)

    def revoke_key(self, tenant: str, key_id: str, *, at: datetime) -> bool:
        """End a key; one that has ended keeps its time. False when there is none."""
        of = (api_keys.c.tenant == tenant, api_keys.c.id == key_id)
        self._connection.execute(update(api_keys).where(*of, api_keys.c.revoked_at.is_(None)).values(revoked_at=at))
        return self._connection.scalar(select(api_keys.c.id).where(*of)) is not None

    def note_key_use(self, tenant: str, key_id: str, *, at: datetime, every: timedelta) -> None:
        """Note when the key was used, at most once in `every`."""
        before = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < at - every)
        statement = update(api_keys).where(api_keys.c.tenant == tenant, api_keys.c.id == key_id, before)
        self._connection.execute(statement.values(last_used_at=at))

    def linked_user(self, tenant: str, issuer: str, subject: str) -> str | None:
        """The user who is this person at the provider."""
        table = oidc_links
        of = (table.c.tenant == tenant, table.c.issuer == issuer, table.c.subject == subject)
        found: str | None = self._connection.scalar(select(table.c.user_id).where(*of))
        return found

    def linked_subject(self, tenant: str, issuer: str, user_id: str) -> str | None:
        """Who the user is at the provider."""
        table = oidc_links
        of = (table.c.tenant == tenant, table.c.issuer == issuer, table.c.user_id == user_id)
        found: str | None = self._connection.scalar(select(table.c.subject).where(*of))
        return found

    def link(self, tenant: str, issuer: str, subject: str, user_id: str, *, at: datetime) -> None:
        """Bind a user to a person at the provider."""
        row = {"tenant": tenant, "issuer": issuer, "subject": subject, "user_id": user_id, "linked_at": at}
        self._connection.execute(oidc_links.insert(), row)

    def unlink(self, tenant: str, user_id: str) -> None:
        """Forget who the user is at any provider."""
        table = oidc_links
        self._connection.execute(delete(table).where(table.c.tenant == tenant, table.c.user_id == user_id))


def _key(row: Row[Any]) -> ApiKey:
    told = {name: getattr(row, name) for name in ApiKey.model_fields if name not in {"user", "scopes"}}
    return ApiKey(**told, user=row.user_id, scopes=frozenset(map(Scope, row.scopes)))
