"""What an event that came in is worked on with: the transaction, and the rights of whom its key runs as."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from core.domain.webhooks import Outcome, ReceivedEvent
from core.errors import ForbiddenError
from core.identity import Caller, local_owner
from core.policy.permissions import Action, may
from db.store import Session

# The outcome, and the id of what was made or changed.
Result: TypeAlias = tuple[Outcome, str | None]

# How far a sender's clock may be ahead; an event from the future would keep all others out until then.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Work:
    """One event, the transaction it is worked on in, and whose rights it has.

    Customers' messages no older than `notice_within` are prepared for an answer.
    """

    unit: Session
    caller: Caller
    event: ReceivedEvent
    now: datetime
    notice_within: timedelta

    @property
    def tenant(self) -> str:
        """The company the event is for."""
        return self.caller.tenant

    @property
    def origin(self) -> str:
        """Where records that came with the event are said to come from."""
        return f"webhook:{self.event.source}:{self.event.id}"


def require_admin(caller: Caller) -> None:
    """ForbiddenError unless the caller is an administrator: webhooks act with the rights of others."""
    if not may(caller, Action.MANAGE_WEBHOOKS):
        remedy = "Ask somebody with the role admin."
        raise ForbiddenError("only an administrator works on webhooks", field="user", remedy=remedy)


def acting_for(unit: Session, tenant: str, user_id: str, field: str = "webhook-signature") -> Caller:
    """The rights of the user a key runs as; ForbiddenError, for `field`, when there is no such active user."""
    user, owner = unit.users.get(tenant, user_id), local_owner(tenant)
    if user is None and user_id == owner.user:
        return owner
    if user is None or not user.active:
        raise ForbiddenError(
            f"“{user_id}”, whom the key runs as, is not an active user",
            field=field,
            remedy="Add the user, or use a key that runs as another.",
        )
    return user.caller(tenant)
