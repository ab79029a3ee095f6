"""A memory of the interactions that a test gives."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.base import System
from core.domain.interactions import NO_EXCHANGE, Interaction
from core.errors import SourceError
from core.identity import Caller
from core.ports.memory import Hit, Recollection
from core.ports.reading import Reading
from tests.unit.tools.world import GivenRecords


@dataclass(frozen=True, slots=True)
class GivenMemory:
    """The interactions among records, seen with the caller's rights; recall finds those that share a word."""

    records: GivenRecords
    now: datetime
    fault: str | None = None

    async def interactions(
        self, caller: Caller, account_id: str, until: datetime | None = None
    ) -> Reading[Interaction]:
        if self.fault:
            raise SourceError(System.MEMORY, self.fault)
        found = self.records.find(caller, Interaction, account_id=account_id)
        return Reading(tuple(sorted(found, key=lambda one: one.at)), self.now)

    async def last_exchanges(self, caller: Caller, until: datetime | None = None) -> Reading[Interaction]:
        if self.fault:
            raise SourceError(System.MEMORY, self.fault)
        found = [one for one in self.records.find(caller, Interaction) if one.form not in NO_EXCHANGE]
        heard = sorted((one for one in found if until is None or one.at <= until), key=lambda one: (one.at, one.id))
        return Reading(tuple({one.account_id: one for one in heard}.values()), self.now)

    async def recall(
        self, caller: Caller, query: str, account_id: str | None, *, until: datetime | None = None, k: int = 8
    ) -> Recollection:
        found = (await self.interactions(caller, account_id or "")).records
        wanted = set(query.casefold().split())
        hits = [one for one in found if wanted & set(one.text.casefold().replace(".", " ").split())]
        return Recollection(tuple(Hit(one.id, f"{one.id}-0", 1.0, one.text, one.at) for one in hits[:k]), 1, 1)
