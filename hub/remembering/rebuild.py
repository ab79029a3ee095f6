"""Making passages, vectors and the index anew from the interactions."""

import time
from collections.abc import Callable

from core.domain.base import Frozen
from hub.installation import Platform
from memory.embedding import embed_missing
from memory.passages import split_passages

_BATCH = 200

Progress = Callable[[int, int, str], None]
"""Hears how many of how many are done, and of what."""


class Rebuilt(Frozen):
    """What was made anew. `changed` interactions had other passages than their text gives today; `indexed` is None
    without an embedder, and False where another process owns the index."""

    interactions: int
    changed: int
    embedded: int
    indexed: bool | None
    seconds: float


def rebuild_memory(platform: Platform, tenant: str, *, progress: Progress | None = None) -> Rebuilt:
    """Cut every interaction of a company into passages again, embed what lacks a vector, and bring the index up to it.

    Passages that are as they should be keep their vectors. Each batch is a transaction of its own: whoever stops in
    between goes on from there the next time, and recall answers throughout.
    """
    began = time.perf_counter()
    tell = progress or (lambda *_: None)
    done, changed, last = 0, 0, ""
    with platform.store.read() as unit:
        total = unit.interactions.count(tenant)
    while True:
        with platform.store.write() as unit:
            batch = unit.interactions.page(tenant, after=last, limit=_BATCH)
            made = {each.id: split_passages(each) for each in batch}
            kept = unit.passages.texts(tenant, list(made))
            stale = {id_: new for id_, new in made.items() if kept.get(id_, []) != [each.text for each in new]}
            unit.passages.replace_many(tenant, stale)
        if not batch:
            break
        done, changed, last = done + len(batch), changed + len(stale), batch[-1].id
        tell(done, total, "interactions")
    embedded, indexed = 0, None
    if platform.embedder is not None:
        embedded = embed_missing(
            platform.store, platform.embedder, tenant, progress=lambda done, all_: tell(done, all_, "passages")
        )
        indexed = platform.index.sync(platform.store, tenant, platform.embedder.name)
    return Rebuilt(
        interactions=done,
        changed=changed,
        embedded=embedded,
        indexed=indexed,
        seconds=round(time.perf_counter() - began, 2),
    )
