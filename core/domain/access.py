"""How people and programs get in: sign-in sessions, invitations, API keys and what those may be used for."""

from datetime import datetime
from enum import StrEnum

from core.domain.base import Frozen


class Scope(StrEnum):
    """What an API key may be used for; never more than its user may do."""

    CHAT = "chat"
    VISITS_READ = "visits:read"
    VISITS_WRITE = "visits:write"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    EFFECTS_READ = "effects:read"
    EFFECTS_WRITE = "effects:write"
    REVIEWS_READ = "reviews:read"
    REVIEWS_WRITE = "reviews:write"
    ACCOUNTS_READ = "accounts:read"
    INBOX_READ = "inbox:read"
    INBOX_WRITE = "inbox:write"
    RECALL_READ = "recall:read"
    IMPORTS_WRITE = "imports:write"
    METRICS_READ = "metrics:read"


EVERY_SCOPE = frozenset(Scope)


class Means(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a name, no secret
    INVITATION = "invitation"
    OIDC = "oidc"
    OWNER_KEY = "owner_key"


class SignIn(Frozen):
    """A session of a signed-in user. `id` is public; the token in the cookie is known to the browser alone.

    `proof` ties a session to what it was opened with, where that can change without our records.
    """

    id: str
    tenant: str
    user: str
    means: Means
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    proof: str | None = None


class ApiKey(Frozen):
    """A key of a program that acts as a user. `id` is the public part of the key; of the rest only a hash is kept."""

    id: str
    tenant: str
    user: str
    label: str = ""
    scopes: frozenset[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Invite(Frozen):
    """Leave to set a password of one's own, once."""

    tenant: str
    user: str
    created_by: str
    created_at: datetime
    expires_at: datetime


class Attempt(Frozen):
    """A sign-in begun at an OIDC provider: what the answer must fit. `holder` is the hash of the browser's cookie."""

    nonce: str
    verifier: str
    holder: str
    next: str
    tenant: str
    expires_at: datetime
