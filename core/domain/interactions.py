"""Mails, meetings, calls, posts and notes: what the hub remembers of an account."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from core.domain.base import Frozen, Record, System
from core.language import Lang


class InteractionKind(StrEnum):
    """The form of an interaction."""

    MAIL = "mail"
    MEETING = "meeting"
    CALL = "call"
    POST = "post"
    NOTE = "note"


# With whom nobody spoke: a note is our own, a post is for everybody.
NO_EXCHANGE = (InteractionKind.NOTE, InteractionKind.POST)


class Author(StrEnum):
    """Who could have written a text, which bounds what it may influence."""

    INTERNAL = "internal"
    CUSTOMER = "customer"
    EXTERNAL = "external"


class Turn(Frozen):
    """One turn of speech; times in seconds from the start of the recording."""

    speaker: str
    start: float | None = None
    end: float | None = None
    text: str


class Interaction(Record):
    """One exchange with (or about) an account.

    `sender` and `recipients` are addresses or names as the source has them. `text` is the whole text, with the turns
    joined as `speaker: text` lines where there are turns.
    """

    kind: ClassVar[str] = "interaction"
    system: ClassVar[System] = System.MEMORY

    account_id: str
    form: InteractionKind
    at: AwareDatetime
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    subject: str | None = None
    text: str
    turns: tuple[Turn, ...] = ()
    lang: Lang
    author: Author = Author.EXTERNAL


class Passage(Frozen):
    """A retrievable piece of an interaction, 1 to about 600 characters; `seq` counts from 0 within it."""

    id: str
    interaction_id: str
    account_id: str
    seq: int
    at: datetime
    text: str

    @property
    def evidence_id(self) -> str:
        """Id under which claims cite the passage."""
        return f"memory:passage:{self.id}"
