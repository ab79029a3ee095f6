"""Recordings and transcripts handed in, minutes of meetings on record, and what they suggest to write."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Header, Path, Query, Response, UploadFile
from pydantic import BaseModel, Field

from api.deps import CallerDep, LangDep, PlatformDep
from core.domain.interactions import InteractionKind
from core.domain.meeting_files import MeetingRequest
from core.language import Lang
from hub.meeting_files import add_meeting, list_files, propose_names
from hub.meeting_states import MeetingState, meeting_state, state_of
from hub.meetings import MeetingWrites, Minutes, read_minutes, suggest_writes
from hub.rendering.refusals import translate

router = APIRouter(tags=["meetings"])

MeetingId = Annotated[str, Path(max_length=200)]
QueryOption = Annotated[str, Query(max_length=2000, description="What to tell about")]
WordsOption = Annotated[int | None, Query(ge=10, le=2000, description="Most words of summary and answer each")]
IdempotencyKey = Annotated[
    str,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="The same key gives the same meeting"),
]


class AcceptedMeeting(BaseModel):
    """A file that was taken in."""

    meeting_id: str
    account: str
    status: str
    meeting: str


class MeetingList(BaseModel):
    """Files of meetings, newest first, without their minutes."""

    meetings: list[MeetingState]


class SpeakerNames(BaseModel):
    """What speakers are to be called, by what the meeting's record calls them."""

    names: dict[str, str] = Field(max_length=100)


@router.post("/meetings", status_code=202)
def add(
    platform: PlatformDep,
    caller: CallerDep,
    response: Response,
    key: IdempotencyKey,
    file: Annotated[UploadFile, File(description="A recording or a transcript, up to 512 MiB")],
    account: Annotated[str, Form(min_length=1, max_length=200, description="Name, alias or id of the account")],
    form: Annotated[Literal[InteractionKind.MEETING, InteractionKind.CALL], Form()] = InteractionKind.MEETING,
    held_on: Annotated[date | None, Form(description="Day of the meeting")] = None,
    subject: Annotated[str | None, Form(max_length=300)] = None,
    speakers: Annotated[int | None, Form(ge=1, le=6, description="How many speak in a recording")] = None,
) -> AcceptedMeeting:
    """Hand in a recording or transcript. Sending it again with the same key gives the same meeting."""
    request = MeetingRequest(account=account, form=form, held_on=held_on, subject=subject, speakers=speakers)
    held = add_meeting(platform, caller, request, file.filename or "", file.file, idempotency_key=key)
    here = f"/v1/meetings/{held.id}"
    response.headers["Location"] = here
    return AcceptedMeeting(meeting_id=held.id, account=held.account, status=held.status, meeting=here)


@router.get("/meetings")
def meetings(
    platform: PlatformDep,
    caller: CallerDep,
    lang: LangDep,
    account_id: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> MeetingList:
    """The newest recordings and transcripts that were handed in."""
    files = list_files(platform, caller, account_id=account_id, limit=limit)
    return MeetingList(meetings=[_told(state_of(file), lang) for file in files])


@router.get("/meetings/{meeting_id}")
def meeting(
    platform: PlatformDep,
    caller: CallerDep,
    lang: LangDep,
    meeting_id: MeetingId,
    query: QueryOption = "",
    words: WordsOption = None,
) -> MeetingState:
    """How far a meeting is read, and its minutes once it is."""
    return _told(meeting_state(platform, caller, meeting_id, query=query, words=words, lang=lang), lang)


@router.put("/meetings/{meeting_id}/speakers")
def name_speakers(
    platform: PlatformDep, caller: CallerDep, lang: LangDep, meeting_id: MeetingId, wanted: SpeakerNames
) -> MeetingState:
    """Propose what the speakers of a recording are called; its minutes call them so, the record stays as it is."""
    propose_names(platform, caller, meeting_id, wanted.names)
    return _told(meeting_state(platform, caller, meeting_id, lang=lang), lang)


def _told(state: MeetingState, lang: Lang) -> MeetingState:
    return state.model_copy(update={"reason": translate(state.reason, lang)}) if state.reason else state


@router.get("/meetings/{meeting_id}/minutes")
def minutes(
    platform: PlatformDep,
    caller: CallerDep,
    lang: LangDep,
    meeting_id: MeetingId,
    query: QueryOption = "",
    words: WordsOption = None,
) -> Minutes:
    """Minutes of a meeting or call: what was decided and what was not, who does what, what was said of something."""
    return read_minutes(platform, caller, meeting_id, query=query, words=words, lang=lang)


@router.get("/meetings/{meeting_id}/writes")
def writes(platform: PlatformDep, caller: CallerDep, lang: LangDep, meeting_id: MeetingId) -> MeetingWrites:
    """What the minutes suggest to write, with previews; `POST /v1/effects` proposes one of them as it stands here."""
    found = suggest_writes(platform, caller, meeting_id, lang=lang)
    told = (
        one.model_copy(update={"reason": translate(one.reason, lang)}) if one.reason else one for one in found.suggested
    )
    return found.model_copy(update={"suggested": tuple(told)})
