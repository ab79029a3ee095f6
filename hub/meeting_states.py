"""How far a meeting is, and its minutes once it is on record."""

from datetime import date

from agents.meetings import MeetingsInput, run
from core.domain.base import Frozen
from core.domain.interactions import InteractionKind
from core.domain.meeting_files import FileStatus, MeetingFile
from core.errors import NotFoundError
from core.identity import Caller
from core.language import Lang
from hub.installation import Platform
from hub.meeting_files import get_file, progress_of
from hub.meetings import Minutes, read_minutes

_NOT_ON_RECORD = (FileStatus.QUEUED, FileStatus.RUNNING, FileStatus.FAILED)


class MeetingState(Frozen):
    """A meeting, handed in or imported.

    `progress` is the part of it that is heard, from 0 to 1, and `seconds` how long a recording is, once that is known.
    `speakers` are what the record calls them, `names` what they are proposed to be called. `minutes` is None until
    they can be told, and empty where nobody spoke. `file` is None for a meeting that was imported.
    """

    id: str
    account_id: str
    form: InteractionKind
    held_on: date | None
    subject: str | None
    file: str | None
    status: FileStatus
    reason: str | None
    progress: float | None
    seconds: int | None
    speakers: tuple[str, ...]
    names: dict[str, str]
    minutes: Minutes | None


def meeting_state(
    platform: Platform,
    caller: Caller,
    meeting_id: str,
    *,
    query: str = "",
    words: int | None = None,
    lang: Lang | None = None,
) -> MeetingState:
    """A meeting or call under this id. Not for use within an event loop.

    Raises NotFoundError when the caller may see none.
    """
    try:
        file = get_file(platform, caller, meeting_id)
    except NotFoundError:
        file = None
    if file is not None and file.status in _NOT_ON_RECORD:
        return state_of(file)
    with platform.store.read() as unit:
        found = unit.interactions.get(caller, [meeting_id])
    if not found and file is not None:
        today = platform.clock.now().date()
        return state_of(file).model_copy(update={"minutes": run(MeetingsInput(today=today, turns=(), lang=lang))})
    minutes = read_minutes(platform, caller, meeting_id, query=query, words=words, lang=lang)
    meeting = found[0]
    return MeetingState(
        id=meeting.id,
        account_id=meeting.account_id,
        form=meeting.form,
        held_on=meeting.at.date(),
        subject=meeting.subject,
        file=file.file if file else None,
        status=FileStatus.DONE,
        reason=None,
        progress=1.0,
        seconds=file.seconds if file else None,
        speakers=tuple(dict.fromkeys(turn.speaker for turn in meeting.turns if turn.speaker)),
        names=file.names if file else {},
        minutes=minutes,
    )


def state_of(file: MeetingFile) -> MeetingState:
    """What is known of a file that is not on record (yet)."""
    return MeetingState(
        id=file.id,
        account_id=file.account_id,
        form=file.request.form,
        held_on=file.request.held_on,
        subject=file.request.subject,
        file=file.file,
        status=file.status,
        reason=file.reason,
        progress=progress_of(file),
        seconds=file.seconds,
        speakers=(),
        names={},
        minutes=None,
    )
