"""What the hub remembers of accounts, as agents' tools see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.interactions import Interaction
from core.identity import Caller
from core.ports.reading import Reading


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; `quote` is verbatim, `score` > 0 ranks within one answer only."""

    interaction: str
    passage: str
    score: float
    quote: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recollection:
    """Hits, best first, and how many of the account's passages had vectors when they were found."""

    hits: tuple[Hit, ...]
    embedded: int
    total: int


class Memory(Protocol):
    """Past interactions. Every method applies the caller's rights and the time limit before anything else."""

    async def interactions(
        self, caller: Caller, account_id: str, until: datetime | None = None
    ) -> Reading[Interaction]:
        """The account's interactions up to `until`, oldest first."""

    async def last_exchanges(self, caller: Caller, until: datetime | None = None) -> Reading[Interaction]:
        """The newest exchange up to `until` with each account that had one, by account id; see `NO_EXCHANGE`."""

    async def recall(
        self, caller: Caller, query: str, account_id: str | None, *, until: datetime | None = None, k: int = 8
    ) -> Recollection:
        """The `k` passages of the account (None: of any) that answer `query` best."""
