"""A recording or transcript of a meeting that somebody handed in, and how far it is read."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen
from core.domain.interactions import InteractionKind
from core.identity import Caller


class MeetingRequest(Frozen):
    """What is told of a meeting beside its file.

    `account` is a name, alias or id. Without `held_on`, the day that the file names, else that of handing it in.
    `speakers` is how many speak in a recording, where that is known.
    """

    account: str = Field(min_length=1, max_length=200)
    form: Literal[InteractionKind.MEETING, InteractionKind.CALL] = InteractionKind.MEETING
    held_on: date | None = None
    subject: str | None = Field(default=None, max_length=300)
    speakers: int | None = Field(default=None, ge=1, le=6)


class FileStatus(StrEnum):
    """How far a file is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (FileStatus.DONE, FileStatus.FAILED)


class MeetingFile(Frozen):
    """One file, as stored; once it is done, its id is that of a meeting on record, unless nobody spoke.

    `heard_s` of `seconds` of a recording are done; both are None for a transcript. `names` are what somebody proposes
    to call its speakers, by what the record calls them: the record itself stays as it was heard.
    """

    id: str
    account_id: str
    account: str
    file: str
    request: MeetingRequest
    requester: Caller
    status: FileStatus
    reason: str | None = None
    heard_s: int | None = None
    seconds: int | None = None
    names: dict[str, str] = Field(default_factory=dict)
    created_at: AwareDatetime
    finished_at: AwareDatetime | None = None
