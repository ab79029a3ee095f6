"""Passages of a whole tenant worth ranking for a query, when no account narrows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.identity import Caller
from core.ports.embedder import Vectors
from db.passages import StoredPassage
from db.store import Store
from memory.index import VectorIndex
from memory.ranking import score_vectors
from memory.words import words

_FIRST = 400


def candidates(
    store: Store,
    index: VectorIndex | None,
    caller: Caller,
    query: Sequence[str],
    meaning: tuple[str, Vectors] | None,
    *,
    until: datetime | None,
    k: int,
) -> list[StoredPassage]:
    """At least `k` visible passages up to `until` near the query, where there are as many; oldest first.

    `meaning` is the name of the embedder and the query's vector; None ranks by shared words. Taking from the front of
    the tenant's order until enough are visible gives what ordering the visible ones alone would give.
    """
    wanted = max(_FIRST, 20 * k)
    with store.read() as session:
        order = None
        if index is not None and meaning is not None:
            expected = session.passages.count_embedded(caller.tenant, meaning[0])
            order = index.nearest(caller.tenant, *meaning, wanted, expected=expected)
            if order is not None and len(found := session.passages.get(caller, order, until)) >= min(k, expected):
                return _oldest_first(found)
        order = _scanned(session.passages.iterate(caller.tenant), query, meaning)
        found = []
        for start in range(0, len(order), wanted):
            found += session.passages.get(caller, order[start : start + wanted], until)
            if len(found) >= k:
                break
    return _oldest_first(found)


def _scanned(
    batches: Iterable[list[StoredPassage]], query: Sequence[str], meaning: tuple[str, Vectors] | None
) -> list[str]:
    """Ids of all passages, the nearest first; without a meaning, of those that share words, the most first."""
    scored: list[tuple[float, str]] = []
    asked = set(query)
    for batch in batches:
        if meaning is None:
            scores: list[float | None] = [len(asked.intersection(words(item.passage.text))) or None for item in batch]
        else:
            name, vector = meaning
            scores = score_vectors(vector, [item.embedding if item.embedder == name else None for item in batch])
        scored += [(-score, item.passage.id) for item, score in zip(batch, scores, strict=True) if score is not None]
    return [id_ for _score, id_ in sorted(scored)]


def _oldest_first(found: list[StoredPassage]) -> list[StoredPassage]:
    return sorted(found, key=lambda item: (item.passage.at, item.passage.interaction_id, item.passage.seq))
