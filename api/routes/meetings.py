"""Minutes of meetings on record, and what they suggest to write."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.deps import CallerDep, LangDep, PlatformDep
from hub.meetings import MeetingWrites, Minutes, read_minutes, suggest_writes
from hub.rendering.refusals import translate

router = APIRouter(tags=["meetings"])

MeetingId = Annotated[str, Path(max_length=200)]


@router.get("/meetings/{meeting_id}/minutes")
def minutes(
    platform: PlatformDep,
    caller: CallerDep,
    lang: LangDep,
    meeting_id: MeetingId,
    query: Annotated[str, Query(max_length=2000, description="What to tell about")] = "",
    words: Annotated[int | None, Query(ge=10, le=2000, description="Most words of summary and answer each")] = None,
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
