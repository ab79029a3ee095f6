"""What others changed in a system of record, asked again and again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.domain.base import Record


@dataclass(frozen=True, slots=True)
class Changes:
    """Records as they are now, made or changed since a cursor; `Interaction`s are what was said.

    `cursor` is where to go on (opaque to the hub), `more` whether there was more than one answer holds.
    """

    records: Sequence[Record]
    cursor: str
    more: bool = False


class ChangeFeed(Protocol):
    """A system that can be asked what changed."""

    async def changes_since(self, tenant: str, cursor: str | None) -> Changes:
        """What changed after `cursor` (None: everything there is), oldest first; a record may come more than once.

        Only the company the system is connected for has changes; for another tenant the answer is empty. Raises
        SourceError.
        """


# By the name under which the cursor is kept.
ChangeFeeds: TypeAlias = Mapping[str, ChangeFeed]
