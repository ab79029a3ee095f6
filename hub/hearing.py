"""The work on a recording or transcript: from the file to a meeting on record, saved once."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from connectors.exports.correspondents import build_interaction
from connectors.exports.outcome import RefusedError
from connectors.exports.spoken_files import named_day, read_spoken
from core.domain.accounts import Account
from core.domain.audit import AuditEntry
from core.domain.interactions import Interaction, Turn
from core.domain.meeting_files import FileStatus, MeetingFile
from core.domain.workers import Worker
from core.errors import HubError
from core.identity import local_owner
from core.ports.speech import AUDIO_SUFFIXES
from db.store import Session
from hub.directory import resolve_account
from hub.importing import load_directory
from hub.installation import Platform
from hub.meeting_files import path_of, progress_of
from hub.running import writing_as
from hub.workers.jobs import MEETING
from memory.passages import split_passages


def hear_file(platform: Platform, tenant: str, file_id: str, worker: Worker | None = None) -> None:
    """Read one file; safe to repeat, and goes on where it was interrupted.

    What was heard so far lies beside the recording; both go when it is done, as does what the database holds of it.
    Raises SupersededError, and writes nothing from then on, once `worker` was taken for dead.
    """
    with writing_as(platform, worker) as unit:
        file = unit.meeting_files.load(tenant, file_id)
        unit.meeting_files.begin(tenant, file_id)
    path = path_of(platform.settings, file)
    if not file.status.is_over:
        try:
            turns, named = _read(platform, tenant, file, path, worker)
        except (HubError, RefusedError) as error:
            reason = error.problem if isinstance(error, HubError) else error.reason
            with writing_as(platform, worker) as unit:
                unit.meeting_files.mark(tenant, file.id, FileStatus.FAILED, reason, platform.clock.now())
        else:
            with writing_as(platform, worker) as unit:
                now = platform.clock.now()
                if unit.meeting_files.mark(tenant, file.id, FileStatus.DONE, None, now) and turns:
                    _save(unit, tenant, file, (now, _held_at(file, named)), turns)
    _forget(path)


def abandon_file(platform: Platform, tenant: str, file_id: str, worker: Worker | None = None) -> None:
    """Record that a file could not be read. Raises SupersededError once `worker` was taken for dead."""
    reason = "It failed three times; the error is in the log."
    with writing_as(platform, worker) as unit:
        file = unit.meeting_files.load(tenant, file_id)
        unit.meeting_files.mark(tenant, file_id, FileStatus.FAILED, reason, platform.clock.now())
    _forget(path_of(platform.settings, file))


def resume_unheard(platform: Platform) -> int:
    """Hand every unfinished file to the job engine unless it has it in hand; how many were handed over.

    What lies here of files that were finished elsewhere after a worker of this home died goes.
    """
    folder = platform.settings.uploads_folder / "meetings"
    # Before it is asked what is unfinished: what comes here later belongs to a file that is.
    here = list(folder.iterdir()) if folder.exists() else []
    with platform.store.read() as unit:
        unfinished = unit.meeting_files.unfinished()
    waiting = {file_id for _tenant, file_id in unfinished}
    for path in here:
        if path.name.partition(".")[0] not in waiting:
            path.unlink(missing_ok=True)
    return platform.jobs.submit_missing(unfinished, MEETING) if unfinished else 0


def _read(
    platform: Platform, tenant: str, file: MeetingFile, path: Path, worker: Worker | None
) -> tuple[Sequence[Turn], date | None]:
    """The turns in a file, and the day it names."""
    _lay_out(platform, tenant, file, path)
    today = file.created_at.date()
    if path.suffix not in AUDIO_SUFFIXES:
        spoken = read_spoken(path, today)
        return spoken.turns, spoken.held_on or named_day(file.file, today)
    # Work that was interrupted shows again once it is further than it was.
    shown = int(100 * (progress_of(file) or 0))

    def note(heard_s: float, seconds: float) -> None:
        nonlocal shown
        if (percent := int(100 * heard_s / max(seconds, 1))) > shown:
            shown = percent
            with writing_as(platform, worker) as unit:
                unit.meeting_files.note_progress(tenant, file.id, round(heard_s), round(seconds))

    transcript = platform.speech.transcribe(path, speakers=file.request.speakers, progress=note, keep=_heard(path))
    return transcript.turns, named_day(file.file, today)


def _lay_out(platform: Platform, tenant: str, file: MeetingFile, path: Path) -> None:
    """Put the file's content, which is on record so that any worker can read it, where it can be read."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("wb") as target:
        for seq in itertools.count():
            with platform.store.read() as unit:
                part = unit.meeting_files.part(tenant, file.id, seq)
            if part is None:
                break
            target.write(part)
    unfinished.replace(path)


def _held_at(file: MeetingFile, named: date | None) -> datetime:
    """Noon of the meeting's day, as told, else as the file names it; else when the file was handed in."""
    day = file.request.held_on or named
    return file.created_at if day is None else min(datetime.combine(day, time(12), UTC), file.created_at)


def _save(
    unit: Session, tenant: str, file: MeetingFile, times: tuple[datetime, datetime], turns: Sequence[Turn]
) -> None:
    """Put the meeting on record, where it is recalled as those are that were imported; `times` are now and its own."""
    now, held_at = times
    account = resolve_account(unit.records.find(local_owner(tenant), Account, ids=[file.account_id]), file.account_id)
    meeting: Interaction = build_interaction(
        load_directory(unit, tenant),
        account,
        id_=file.id,
        form=file.request.form,
        at=held_at,
        subject=file.request.subject,
        turns=turns,
    )
    unit.interactions.upsert(tenant, [meeting], [file.file], at=now)
    unit.passages.replace_many(tenant, {meeting.id: split_passages(meeting)})
    body = {"turns": len(turns), "lang": meeting.lang}
    entry = AuditEntry(actor="hub", action="meeting.heard", subject=file.id, body=body)
    unit.audit.append(tenant, entry, at=now)


def _heard(path: Path) -> Path:
    return path.with_name(f"{path.name}.heard")


def _forget(path: Path) -> None:
    """Recordings of voices are kept no longer than they are needed."""
    path.unlink(missing_ok=True)
    _heard(path).unlink(missing_ok=True)
