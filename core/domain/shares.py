"""Links to packages that name who may follow them, until when."""

from datetime import datetime

from pydantic import AwareDatetime

from core.domain.base import Frozen
from core.identity import Caller, Role


class Share(Frozen):
    """A link to one package for one person (`with_user`) or for everybody with a role (`with_role`).

    `id` is what the link ends with: unguessable, though of no use to anybody else. `run_id` names the package.
    """

    id: str
    run_id: str
    account_id: str
    shared_by: str
    with_user: str | None = None
    with_role: Role | None = None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    revoked_by: str | None = None

    @property
    def path(self) -> str:
        """Where the link leads within the console."""
        return f"/shared/{self.id}"

    def is_for(self, caller: Caller) -> bool:
        """Whether the caller is meant; who made the link may look at it, too."""
        return caller.user in (self.with_user, self.shared_by) or self.with_role in caller.roles

    def ended_at(self, now: datetime) -> datetime | None:
        """When the link ended; None while it works."""
        ended = self.revoked_at or self.expires_at
        return ended if ended <= now else None
