"""Recordings and transcripts that people hand in: read once, on record within their account's rights."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.domain.accounts import SalesPerson
from core.domain.interactions import Author, InteractionKind, Turn
from core.domain.meeting_files import FileStatus, MeetingFile, MeetingRequest
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from core.ports.speech import Progress, Transcript
from db.meeting_tables import meeting_file_parts
from hub.hearing import abandon_file, hear_file, resume_unheard
from hub.installation import Platform
from hub.meeting_files import add_meeting, get_file, list_files, path_of, propose_names
from hub.meeting_states import meeting_state, state_of
from hub.meetings import suggest_writes
from hub.workers.jobs import open_job_database, open_jobs
from tests.effect_company import NOW, REP, open_company, person

VTT = b"""WEBVTT

00:01.000 --> 00:04.000
<v Rita Rep>I'll send you the quotation by Friday.

00:05.000 --> 00:07.000
<v Ada Frost>Good. We decided on the CP-80.
"""
SAID = (
    Turn(speaker="Speaker 1", start=1.0, end=3.0, text="I'll send you the quotation by Friday."),
    Turn(speaker="Speaker 2", start=4.0, end=6.0, text="We decided on the CP-80."),
)
RECORDING = b"RIFF, and so on"


class Scripted:
    """Hears what it is told to, whatever the file holds; breaks off after so many turns once."""

    name = "scripted"

    def __init__(self) -> None:
        self.turns: tuple[Turn, ...] = SAID
        self.broken: Exception | None = None
        self.speakers: list[int | None] = []

    def transcribe(
        self, path: Path, *, speakers: int | None = None, progress: Progress | None = None, keep: Path | None = None
    ) -> Transcript:
        assert path.read_bytes() == RECORDING
        self.speakers.append(speakers)
        assert progress is not None
        progress(3.0, 6.0)
        if self.broken is not None:
            raise self.broken
        progress(6.0, 6.0)
        return Transcript(6.0, (), (), self.turns)


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def platform(tmp_path: Path, engine: Scripted) -> Iterator[Platform]:
    with open_company(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as (opened, _clock):
        opened.speech_engine = engine
        with open_job_database(opened.settings) as database, open_jobs(database) as jobs:
            opened.running_jobs = jobs
            yield opened


def parts(platform: Platform, file: MeetingFile) -> list[bytes]:
    with platform.store.read() as unit:
        part = unit.meeting_files.part("t", file.id, 0)
        assert unit.meeting_files.part("t", file.id, 1) is None
    return [part] if part is not None else []


def count_parts(platform: Platform) -> int:
    with platform.store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(meeting_file_parts)) or 0


def kept(platform: Platform, file: MeetingFile) -> list[object]:
    """What is left of a file's content, on record and on disk."""
    folder = path_of(platform.settings, file).parent
    return [*parts(platform, file), *(folder.iterdir() if folder.exists() else ())]


def add(
    platform: Platform,
    content: bytes = RECORDING,
    name: str = "call.wav",
    *,
    by: Caller = REP,
    key: str | None = None,
    **told: object,
) -> MeetingFile:
    request = MeetingRequest.model_validate({"account": "a1", **told})
    return add_meeting(platform, by, request, name, io.BytesIO(content), idempotency_key=key)


def test_a_recording_becomes_a_meeting_on_record_and_is_not_kept(platform: Platform, engine: Scripted) -> None:
    file = add(platform, held_on="2026-02-27", form="call", subject="Pumps", speakers=2)
    assert (file.status, state_of(file).progress, parts(platform, file)) == (FileStatus.QUEUED, None, [RECORDING])
    assert platform.jobs.count() == (1, 0)

    hear_file(platform, "t", file.id)
    state = meeting_state(platform, REP, file.id, lang=Lang.EN)
    assert (state.status, state.progress, state.seconds, engine.speakers) == (FileStatus.DONE, 1.0, 6, [2])
    assert (state.form, state.held_on, state.subject) == (InteractionKind.CALL, date(2026, 2, 27), "Pumps")
    assert state.minutes is not None
    assert [(one.text, one.at) for one in state.minutes.view.decisions] == [("We decided on the CP-80.", 4.0)]
    assert kept(platform, file) == []
    with platform.store.read() as unit:
        (meeting,) = unit.interactions.get(REP, [file.id])
    assert meeting.author is Author.EXTERNAL

    hear_file(platform, "t", file.id)
    assert len(engine.speakers) == 1


def test_names_are_proposals_of_the_recording_and_change_its_minutes_alone(platform: Platform) -> None:
    with platform.store.write() as unit:
        seller = SalesPerson(id="r1", name="Rita Rep", email="rita@ours.example")
        unit.records.upsert("t", (seller,), {}, at=NOW)
    file = add(platform)
    hear_file(platform, "t", file.id)
    assert len(suggest_writes(platform, REP, file.id).suggested) == 1

    propose_names(platform, REP, file.id, {"Speaker 1": " Rita  Rep ", "Speaker 2": ""})
    state = meeting_state(platform, REP, file.id, lang=Lang.EN)
    assert (state.speakers, state.names) == (("Speaker 1", "Speaker 2"), {"Speaker 1": "Rita Rep"})
    assert state.minutes is not None
    assert state.minutes.view.speakers == ("Rita Rep", "Speaker 2")
    task = next(one for one in suggest_writes(platform, REP, file.id).suggested if "assignee" in one.args)
    assert task.args["assignee"] == "Rita Rep"
    with platform.store.read() as unit:
        assert unit.interactions.get(REP, [file.id])[0].turns == SAID

    for names, problem in (({"Ada": "x"}, "Nearest: Speaker 1, Speaker 2"), ({"Speaker 1": "x" * 101}, "too long")):
        with pytest.raises(InvalidInputError, match=problem):
            propose_names(platform, REP, file.id, names)


def test_a_transcript_is_read_too_and_names_its_day(platform: Platform) -> None:
    file = add(platform, VTT, "2026-02-20_talk.vtt")
    hear_file(platform, "t", file.id)
    state = meeting_state(platform, REP, file.id)
    assert (state.held_on, state.speakers, state.progress) == (date(2026, 2, 20), ("Rita Rep", "Ada Frost"), 1.0)


def test_a_recording_in_which_nobody_speaks_has_empty_minutes(platform: Platform, engine: Scripted) -> None:
    engine.turns = ()
    file = add(platform)
    hear_file(platform, "t", file.id)
    state = meeting_state(platform, REP, file.id)
    assert state.minutes is not None
    assert (state.status, state.minutes.claims) == (FileStatus.DONE, ())


@pytest.mark.parametrize(("content", "name"), [(b"no turns here", "notes.txt"), (b"{}", "turns.json")])
def test_what_cannot_be_read_ends_with_the_reason(platform: Platform, content: bytes, name: str) -> None:
    file = add(platform, content, name)
    hear_file(platform, "t", file.id)
    state = meeting_state(platform, REP, file.id)
    assert (state.status, state.minutes) == (FileStatus.FAILED, None)
    assert state.reason
    assert kept(platform, file) == []


def test_what_breaks_is_tried_again_from_its_file_until_it_is_given_up(platform: Platform, engine: Scripted) -> None:
    engine.broken = OSError("the endpoint is away")
    file = add(platform)
    with pytest.raises(OSError, match="away"):
        hear_file(platform, "t", file.id)
    seen = get_file(platform, REP, file.id)
    assert (seen.status, state_of(seen).progress) == (FileStatus.RUNNING, 0.5)
    assert len(kept(platform, file)) == 2
    assert resume_unheard(platform) == 0

    abandon_file(platform, "t", file.id)
    ended = get_file(platform, REP, file.id)
    assert (ended.status, ended.reason) == (FileStatus.FAILED, "It failed three times; the error is in the log.")
    assert kept(platform, file) == []


def test_what_a_dead_worker_left_goes_once_its_file_is_over(platform: Platform, engine: Scripted) -> None:
    engine.broken = OSError("away")
    file = add(platform)
    with pytest.raises(OSError, match="away"):
        hear_file(platform, "t", file.id)
    path = path_of(platform.settings, file)
    resume_unheard(platform)
    assert path.exists()
    with platform.store.write() as unit:
        unit.meeting_files.mark("t", file.id, FileStatus.DONE, None, NOW)
    resume_unheard(platform)
    assert not path.exists()


def test_content_that_was_never_accepted_goes_after_a_day(platform: Platform) -> None:
    file = add(platform)
    with platform.store.write() as unit:
        unit.meeting_files.put_part("t", "stray", 0, b"x", at=NOW)
        assert unit.meeting_files.drop_stray_parts(NOW) == 0
        assert unit.meeting_files.drop_stray_parts(NOW + timedelta(seconds=1)) == 1
    assert parts(platform, file) == [RECORDING]


def test_the_same_key_with_the_same_file_is_the_same_meeting(platform: Platform) -> None:
    first = add(platform, key="k")
    assert add(platform, key="k").id == first.id
    for told in ({"content": b"other"}, {"form": "call"}):
        with pytest.raises(ConflictError):
            add(platform, **{"key": "k", **told})  # type: ignore[arg-type]
    assert len(list_files(platform, REP, account_id="a1")) == count_parts(platform) == 1


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"name": "picture.png"}, InvalidInputError),
        ({"content": b""}, InvalidInputError),
        ({"held_on": "2100-01-01"}, InvalidInputError),
        ({"account": "nobody"}, NotFoundError),
        ({"by": person("legal", Role.LEGAL)}, ForbiddenError),
    ],
)
def test_what_is_not_taken_in_leaves_nothing(platform: Platform, told: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        add(platform, **told)  # type: ignore[arg-type]
    assert count_parts(platform) == 0


def test_a_file_is_seen_while_its_account_is(platform: Platform) -> None:
    file = add(platform, key="k")
    hear_file(platform, "t", file.id)
    stranger = person("x", Role.REP, tenant="u")
    assert list_files(platform, stranger) == []
    for look in (get_file, meeting_state):
        with pytest.raises(NotFoundError):
            look(platform, stranger, file.id)
    with pytest.raises(NotFoundError):
        propose_names(platform, stranger, file.id, {"Speaker 1": "x"})


def test_a_file_is_taken_at_its_base_name(platform: Platform) -> None:
    file = add(platform, json.dumps({"turns": [{"speaker": "A", "text": "Hello."}]}).encode(), "../../x/talk.JSON")
    assert file.file == "talk.JSON"
    assert path_of(platform.settings, file).parent == platform.settings.uploads_folder / "meetings"
