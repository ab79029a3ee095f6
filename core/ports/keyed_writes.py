"""Writing that the sandbox systems stand on: once a key, in one transaction with the key itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from core.domain.base import Record
from core.domain.effects import Receipt

R = TypeVar("R", bound=Record)


class Writing(Protocol):
    """The records of one tenant within one transaction."""

    def get(self, kind: type[R], record_id: str) -> R | None:
        """A record as it is now."""

    def hold(self, kind: type[R], record_id: str) -> R | None:
        """A record, held so that nobody else changes it before the transaction ends."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""

    def save(self, record: Record) -> None:
        """Store a record, new or changed."""


class KeyedWrites(Protocol):
    """Writes under idempotency keys; may be used from many threads and processes.

    What `write` or `undo` raises undoes everything, the use of the key too.
    """

    def receipt(self, tenant: str, key: str) -> Receipt | None:
        """What was written under the key, if anything was."""

    def record(self, tenant: str, kind: type[R], record_id: str) -> R | None:
        """A record as it is now."""

    def write_once(self, tenant: str, key: str, write: Callable[[Writing], Record], *, at: datetime) -> Receipt | None:
        """Run `write`, which returns the record it wrote, unless the key was used: then the receipt of that time.

        None when the key was taken back before anything was written under it.
        """

    def undo_once(
        self, tenant: str, key: str, undo: Callable[[Writing, Receipt], None], *, at: datetime
    ) -> Receipt | None:
        """Run `undo` on what was written under the key, once.

        None when nothing was written; nothing can be under this key from then on.
        """
