"""Work that goes on behind the rest: vectors for what is imported."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from hub.embedding import fill_embeddings
from hub.installation import Platform

_LOOK_AGAIN_S = 10.0
_BEHIND = 10

log = structlog.get_logger()


@contextmanager
def embedding(platform: Platform) -> Iterator[None]:
    """While the block runs, fill embeddings in behind what was imported before and what is imported meanwhile."""
    stop = threading.Event()

    def embed() -> None:
        # Linux schedules threads one by one; elsewhere this would slow the whole process.
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
        while not stop.is_set():
            try:
                fill_embeddings(platform, stop=stop)
            except Exception:
                # Recall goes on by words; the next round tries again.
                log.exception("embedding_failed")
            stop.wait(_LOOK_AGAIN_S)

    thread = threading.Thread(target=embed, name="embed", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
