"""Where a conversation's state is kept between two messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredWrite:
    """One value that a task of the graph has written after a checkpoint; `value` is JSON."""

    task_id: str
    position: int
    task_path: str
    channel: str
    value: str


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """One state of a thread, with what was written after it, in the order of the tasks; `body` and `metadata` are JSON.

    Ids order the checkpoints of a thread and namespace in time.
    """

    thread_id: str
    namespace: str
    id: str
    parent_id: str | None
    run_id: str | None
    body: str
    metadata: str
    created_at: datetime
    writes: tuple[StoredWrite, ...] = field(default=())


class CheckpointStore(Protocol):
    """The checkpoints of one tenant; each method is one transaction, safe from many threads."""

    def save(self, checkpoint: StoredCheckpoint) -> None:
        """Keep a checkpoint, or replace the one with its id."""

    def save_writes(
        self, thread_id: str, namespace: str, checkpoint_id: str, writes: Sequence[StoredWrite], *, replace: bool
    ) -> None:
        """Keep writes after a checkpoint; one that is there already stays, unless `replace`."""

    def find(self, thread_id: str, namespace: str, checkpoint_id: str | None) -> StoredCheckpoint | None:
        """The checkpoint with the id, else the newest."""

    def list(
        self, thread_id: str | None, namespace: str | None, *, checkpoint_id: str | None, before: str | None
    ) -> Sequence[StoredCheckpoint]:
        """Checkpoints newest first, narrowed by what is not None; `before` is an id."""

    def delete(self, thread_id: str) -> None:
        """Delete all of a thread."""

    def delete_of_runs(self, run_ids: Sequence[str]) -> None:
        """Delete what these runs left."""

    def copy(self, source: str, target: str) -> None:
        """Give a thread all that another has."""

    def prune(self, thread_id: str, keep: int) -> None:
        """Keep only the newest `keep` checkpoints of each namespace."""
