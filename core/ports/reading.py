"""What a read from a system of record returns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from core.domain.base import Record

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class Reading(Generic[R_co]):
    """Records the caller may see, and when the system was last known good (None: it never held such records)."""

    records: tuple[R_co, ...]
    as_of: datetime | None
