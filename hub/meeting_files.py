"""Recordings and transcripts that people hand in: accepted once, followed, their speakers named."""

import asyncio
import hashlib
import itertools
import uuid
from collections.abc import AsyncIterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from connectors.exports.spoken_files import SPOKEN_SUFFIXES
from core.domain.accounts import Account
from core.domain.audit import AuditEntry
from core.domain.meeting_files import FileStatus, MeetingFile, MeetingRequest
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, require
from core.ports.speech import AUDIO_SUFFIXES
from core.settings import Settings
from db.visits import key_taken
from hub.directory import list_accounts, resolve_account
from hub.installation import Platform
from hub.workers.jobs import MEETING

MOST_BYTES = 512 * 1024 * 1024
SUFFIXES = (*AUDIO_SUFFIXES, *SPOKEN_SUFFIXES, ".json")

_POLL_S = 0.2
_PIECE = 1024 * 1024
_LONGEST_NAME = 255
_LONGEST_SPEAKER = 100


def add_meeting(
    platform: Platform,
    caller: Caller,
    request: MeetingRequest,
    name: str,
    content: IO[bytes],
    *,
    idempotency_key: str | None = None,
) -> MeetingFile:
    """Take in a file of a meeting and have it read; the same key with the same file gives the same meeting.

    Raises ForbiddenError for who hands in none, NotFoundError for an unknown account, InvalidInputError for a file of
    another kind, an empty or too large one, or a day to come, ConflictError when the key was used for something else.
    """
    require(caller, Action.ADD_MEETING)
    account = resolve_account(list_accounts(platform, caller), request.account)
    if request.held_on is not None and request.held_on > platform.clock.now().date():
        raise InvalidInputError(f"{request.held_on} is yet to come", field="held_on", remedy="Give a day that was.")
    name = _own_name(name)
    file = _build(platform, caller, account, request, name)
    try:
        digest = hashlib.sha256(request.model_dump_json().encode() + _take(platform, file, content)).hexdigest()
        held = _record(platform, caller, file, idempotency_key or file.id, digest)
    except BaseException:
        _drop(platform, file)
        raise
    if held.id != file.id:
        _drop(platform, file)
    if not held.status.is_over:
        platform.jobs.submit(caller.tenant, held.id, MEETING)
    return held


def path_of(settings: Settings, file: MeetingFile) -> Path:
    """Where the worker that reads a file puts it; beside it, with `.heard`, what was heard of it so far."""
    return settings.uploads_folder / "meetings" / f"{file.id}{PurePosixPath(file.file).suffix.lower()}"


def get_file(platform: Platform, caller: Caller, meeting_id: str) -> MeetingFile:
    """A file the caller may see; NotFoundError otherwise."""
    with platform.store.read() as unit:
        file = unit.meeting_files.get(caller, meeting_id)
    if file is None:
        raise NotFoundError(
            f"no meeting “{meeting_id}”", field="meeting", remedy="`saleshub recall` names what is on record."
        )
    return file


def list_files(
    platform: Platform, caller: Caller, *, account_id: str | None = None, limit: int = 50
) -> list[MeetingFile]:
    """The newest files the caller may see, of one account if it is named."""
    with platform.store.read() as unit:
        return unit.meeting_files.list(caller, account_id=account_id, limit=limit)


def progress_of(file: MeetingFile) -> float | None:
    """The part of a file that is heard, from 0 to 1; None while that is not known."""
    if file.status is FileStatus.DONE:
        return 1.0
    if file.heard_s is None or not file.seconds:
        return None
    return min(1.0, file.heard_s / file.seconds)


async def follow_file(platform: Platform, caller: Caller, meeting_id: str) -> AsyncIterator[MeetingFile]:
    """A file each time that more of it is done, until it is over. Raises NotFoundError."""
    last: MeetingFile | None = None
    while last is None or not last.status.is_over:
        file = await asyncio.to_thread(get_file, platform, caller, meeting_id)
        if file != last:
            last = file
            yield file
        else:
            await asyncio.sleep(_POLL_S)


def propose_names(platform: Platform, caller: Caller, meeting_id: str, names: Mapping[str, str]) -> MeetingFile:
    """Keep what the speakers of a file are to be called in its minutes; the record stays as it was heard.

    `names` go by what the record calls the speakers, and take the place of those kept before; an empty one is none.
    Raises ForbiddenError for who hands in no meetings, NotFoundError for an unknown one, InvalidInputError for a
    speaker who is not in it, or a name that is too long.
    """
    require(caller, Action.ADD_MEETING)
    file = get_file(platform, caller, meeting_id)
    told = {speaker: " ".join(name.split()) for speaker, name in names.items()}
    with platform.store.write() as unit:
        found = unit.interactions.get(caller, [meeting_id])
        speakers = {turn.speaker for turn in found[0].turns} if found else set()
        unknown = next((speaker for speaker in told if not speaker or speaker not in speakers), None)
        if unknown is not None:
            raise InvalidInputError(
                f"nobody is called “{unknown}” in this meeting",
                field="names",
                remedy="Use the speakers as the meeting’s record calls them.",
                nearest=sorted(filter(None, speakers)),
            )
        if any(len(name) > _LONGEST_SPEAKER for name in told.values()):
            raise InvalidInputError("a name is too long", field="names", remedy="Use at most 100 characters.")
        kept = {speaker: name for speaker, name in told.items() if name}
        unit.meeting_files.propose_names(caller.tenant, meeting_id, kept)
        entry = AuditEntry(actor=caller.user, action="meeting.names_proposed", subject=meeting_id, body={"names": kept})
        unit.audit.append(caller.tenant, entry, at=platform.clock.now())
    return file.model_copy(update={"names": kept})


def _own_name(name: str) -> str:
    """The file's base name; InvalidInputError for one of a kind that is not read."""
    base = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "")
    if len(base.encode()) > _LONGEST_NAME or PurePosixPath(base).suffix.lower() not in SUFFIXES:
        raise InvalidInputError(
            f"“{base[:_LONGEST_NAME]}” is neither a recording nor a transcript",
            field="file",
            remedy="Give a WAV, MP3, M4A, OGG, FLAC or WebM file, or a VTT, SRT, TXT, DOCX or JSON transcript.",
        )
    return base


def _build(platform: Platform, caller: Caller, account: Account, request: MeetingRequest, name: str) -> MeetingFile:
    return MeetingFile(
        id=uuid.uuid4().hex,
        account_id=account.id,
        account=account.name,
        file=name,
        request=request,
        requester=caller,
        status=FileStatus.QUEUED,
        created_at=platform.clock.now(),
    )


def _take(platform: Platform, file: MeetingFile, content: IO[bytes]) -> bytes:
    """Put the content on record piece by piece, each in a short transaction; its digest."""
    digest, size = hashlib.sha256(), 0
    for seq in itertools.count():
        piece = content.read(_PIECE)
        if not piece:
            break
        size += len(piece)
        if size > MOST_BYTES:
            raise InvalidInputError(
                "the file is larger than 512 MiB", field="file", remedy="Send it compressed, as MP3 or OGG."
            )
        digest.update(piece)
        with platform.store.write() as unit:
            unit.meeting_files.put_part(file.requester.tenant, file.id, seq, piece, at=file.created_at)
    if not size:
        raise InvalidInputError("the file is empty", field="file", remedy="Send the recording or transcript itself.")
    return digest.digest()


def _drop(platform: Platform, file: MeetingFile) -> None:
    with platform.store.write() as unit:
        unit.meeting_files.drop_parts(file.requester.tenant, file.id)


def _record(platform: Platform, caller: Caller, file: MeetingFile, key: str, digest: str) -> MeetingFile:
    """Put the file on record; the one that holds its key. It tells no more of others' files than any other request."""
    with platform.store.write() as unit:
        held, created = unit.meeting_files.create(caller.tenant, file, key, digest)
        if created:
            body = {"account_id": file.account_id, "file": file.file, "digest": digest}
            entry = AuditEntry(actor=caller.user, action="meeting.added", subject=file.id, body=body)
            unit.audit.append(caller.tenant, entry, at=file.created_at)
        elif unit.meeting_files.get(caller, held.id) is None:
            raise key_taken()
    return held
