"""What other people changed in an outside system."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.base import Record


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record as it is now, and when it was last written there (aware, in UTC)."""

    record: Record
    at: datetime

    @property
    def version(self) -> str:
        """Names this state of this record: the same state is told again under the same name."""
        return f"{self.record.evidence_id}@{self.at.isoformat()}"


class ChangeFeed(Protocol):
    """A system that can be asked what changed."""

    async def changes_since(self, tenant: str, cursor: str | None) -> tuple[list[ChangedRecord], str]:
        """Records written since `cursor`, oldest first, and the cursor to ask with next time.

        None starts at the beginning: everything there is, is told. Each state of a record is told at least once, seldom
        twice; take `ChangedRecord.version` to tell. SourceError when the system does not answer.
        """
