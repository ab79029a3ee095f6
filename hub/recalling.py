"""What the hub remembers of an account, for agents and for people."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from connectors.sandbox import Fault, Faults
from core.domain.base import System
from core.domain.interactions import Interaction
from core.errors import SourceError
from core.identity import Caller
from core.ports.embedder import Embedder
from core.ports.memory import Recollection
from core.ports.reading import Reading
from db.store import Session, Store
from hub.installation import Platform
from memory.index import VectorIndex
from memory.recall import Recall


class FoundPassage(BaseModel):
    """A passage that answers the question; `quote` is its best sentence, verbatim."""

    interaction: str
    passage: str
    score: float
    quote: str
    at: datetime


class VectorsReady(BaseModel):
    """How many of the passages could also be found by meaning; the others were found by their words."""

    embedded: int
    total: int


class RecallResult(BaseModel):
    """Passages found, best first."""

    hits: tuple[FoundPassage, ...]
    elapsed_ms: float
    vectors: VectorsReady


class StoredMemory:
    """`core.ports.memory.Memory` on the store, off the event loop, with whatever is made wrong with it for trials."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder | None,
        faults: Faults | None = None,
        index: VectorIndex | None = None,
    ) -> None:
        self._store = store
        self._recall = Recall(store, embedder, index)
        self._fault = (faults or Faults()).memory

    async def interactions(
        self, caller: Caller, account_id: str, until: datetime | None = None
    ) -> Reading[Interaction]:
        """The account's visible interactions up to `until`, oldest first."""
        await _suffer(self._fault)
        return await asyncio.to_thread(self._interactions, caller, account_id, until)

    async def last_exchanges(self, caller: Caller, until: datetime | None = None) -> Reading[Interaction]:
        """The newest visible exchange up to `until` with each account that had one, by account id."""
        await _suffer(self._fault)
        return await asyncio.to_thread(self._last_exchanges, caller, until)

    async def recall(
        self, caller: Caller, query: str, account_id: str | None, *, until: datetime | None = None, k: int = 8
    ) -> Recollection:
        """The `k` visible passages of the account (None: of any) that answer `query` best."""
        await _suffer(self._fault)
        return await asyncio.to_thread(self._recall.find, caller, query, account_id, until=until, k=k)

    def _interactions(self, caller: Caller, account_id: str, until: datetime | None) -> Reading[Interaction]:
        with self._store.read() as session:
            found = session.interactions.for_account(caller, account_id, until=until)
            return self._reading(session, caller, found)

    def _last_exchanges(self, caller: Caller, until: datetime | None) -> Reading[Interaction]:
        with self._store.read() as session:
            return self._reading(session, caller, session.interactions.last_exchanges(caller, until=until))

    def _reading(self, session: Session, caller: Caller, found: Sequence[Interaction]) -> Reading[Interaction]:
        good = session.records.last_good(caller.tenant, System.MEMORY)
        return Reading(tuple(found), None if good is None else good - self._fault.stale)


def recall_history(
    platform: Platform,
    caller: Caller,
    query: str,
    account_id: str | None,
    *,
    until: datetime | None = None,
    k: int = 8,
) -> RecallResult:
    """The `k` past passages that answer `query` best, of one account or (None) of any, up to `until`.

    Only what the caller may see takes part. Not for use inside an event loop: there, await `platform.memory.recall`.

    Raises SourceError when the memory does not answer.
    """
    started = time.perf_counter()
    found = asyncio.run(platform.memory.recall(caller, query, account_id, until=until, k=k))
    return RecallResult(
        hits=tuple(
            FoundPassage(interaction=hit.interaction, passage=hit.passage, score=hit.score, quote=hit.quote, at=hit.at)
            for hit in found.hits
        ),
        elapsed_ms=round((time.perf_counter() - started) * 1000, 3),
        vectors=VectorsReady(embedded=found.embedded, total=found.total),
    )


async def _suffer(fault: Fault) -> None:
    if fault.slow:
        await asyncio.sleep(fault.slow)
    for reason in ("down", "forbidden", "malformed"):
        if getattr(fault, reason):
            raise SourceError(System.MEMORY, reason)
