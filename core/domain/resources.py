"""People and stories a visit can bring along."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from core.domain.base import Frozen, Record, System


class Busy(Frozen):
    """Days on which an expert cannot come, both ends included."""

    first: date
    last: date


class Expert(Record):
    """A technical expert of ours. `skills` and `families` are matched to needs and products."""

    kind: ClassVar[str] = "expert"
    system: ClassVar[System] = System.RESOURCES

    name: str
    email: str | None = None
    skills: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    based_in: str | None = None
    busy: tuple[Busy, ...] = ()


class Shareable(StrEnum):
    """To whom a reference case may be shown."""

    PUBLIC = "public"
    NDA = "nda"
    INTERNAL = "internal"


class ReferenceCase(Record):
    """A delivered project that may serve as a reference. `customer_id` is an account id where it is known."""

    kind: ClassVar[str] = "reference"
    system: ClassVar[System] = System.RESOURCES

    customer: str
    customer_id: str | None = None
    industry: str | None = None
    family: str | None = None
    country: str | None = None
    year: int | None = None
    summary: str
    summary_zh: str | None = None
    result: str | None = None
    shareable: Shareable = Shareable.INTERNAL
