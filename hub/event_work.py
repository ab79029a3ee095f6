"""What an event that came in is worked on with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from core.domain.webhooks import Outcome, ReceivedEvent
from core.identity import Caller
from db.store import Session

# The outcome, and the id of what was made or changed.
Result: TypeAlias = tuple[Outcome, str | None]

# How far a sender's clock may be ahead; an event from the future would keep all others out until then.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Work:
    """One event, the transaction it is worked on in, and whose rights it has."""

    unit: Session
    caller: Caller
    event: ReceivedEvent
    now: datetime

    @property
    def tenant(self) -> str:
        """The company the event is for."""
        return self.caller.tenant

    @property
    def origin(self) -> str:
        """Where records that came with the event are said to come from."""
        return f"webhook:{self.event.source}:{self.event.id}"
