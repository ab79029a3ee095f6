"""Storage that the sandbox systems stand on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from core.domain.base import Record, System
from core.identity import Caller

R = TypeVar("R", bound=Record)


class RecordStore(Protocol):
    """Typed records by tenant; the caller's rights are applied in the query."""

    def find(
        self, caller: Caller, kind: type[R], *, account_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[R]:
        """Visible records of one kind, ordered by id, narrowed to an account or to ids where given."""

    def last_good(self, tenant: str, system: System, kind: type[Record] | None = None) -> datetime | None:
        """When the system last received records (of `kind`, where given); None when it never did."""
