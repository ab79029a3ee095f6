"""Filling in vectors behind an import: resumable, stoppable, and done once for texts that repeat."""

import time
from collections.abc import Callable
from threading import Event

from core.ports.embedder import Embedder
from db.store import Store

Progress = Callable[[int, int], None]


def embed_missing(
    store: Store,
    embedder: Embedder,
    tenant: str,
    *,
    account_id: str | None = None,
    budget_s: float | None = None,
    batch: int = 16,
    progress: Progress | None = None,
    stop: Event | None = None,
) -> int:
    """Give vectors to the tenant's passages, or one account's, that lack one of this embedder; newest first.

    Returns how many got one. Each batch is kept as soon as it is made, so whoever stops (`stop`, `budget_s` seconds, a
    crash) loses one batch at most, and the next run goes on from there. Two processes at it waste work but harm
    nothing; of a passage that changes meanwhile the new text is embedded. `progress` hears (done, total) after each
    batch. Raises SourceError when a remote embedder does not answer.
    """
    ends = None if budget_s is None else time.monotonic() + budget_s
    seen: dict[str, bytes] = {}
    done = 0
    with store.read() as session:
        total = session.passages.count(tenant, account_id=account_id)
        total -= session.passages.count_embedded(tenant, embedder.name, account_id=account_id)
    while not (stop is not None and stop.is_set()) and (ends is None or time.monotonic() < ends):
        with store.read() as session:
            lacking = session.passages.missing_embeddings(tenant, embedder.name, account_id=account_id, limit=batch)
        if not lacking:
            break
        fresh = [text for text in dict.fromkeys(passage.text for passage in lacking) if text not in seen]
        if fresh:
            seen |= zip(fresh, (vector.tobytes() for vector in embedder.embed_passages(fresh)), strict=True)
        with store.write() as session:
            session.passages.store_embeddings(
                tenant, embedder.name, [(passage, seen[passage.text]) for passage in lacking]
            )
        done += len(lacking)
        if progress is not None:
            progress(done, max(done, total))
    return done
