"""What is known of competitors."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from core.domain.base import Record, System


class MoveKind(StrEnum):
    """What a competitor did."""

    PRICE = "price"
    LAUNCH = "launch"
    WIN = "win"
    LOSS = "loss"
    PARTNERSHIP = "partnership"
    SERVICE = "service"
    SUPPLY = "supply"
    OTHER = "other"


class MarketNote(Record):
    """A note or news item on a competitor; `account_id` when it names one of our accounts."""

    kind: ClassVar[str] = "note"
    system: ClassVar[System] = System.MARKET

    competitor: str
    title: str
    text: str
    move: MoveKind = MoveKind.OTHER
    at: date | None = None
    account_id: str | None = None
    industry: str | None = None
    source: str | None = None
