"""Recordings and transcripts: hand one in, see what was handed in, and the page of one."""

import asyncio
import tempfile
from datetime import date
from pathlib import Path

from nicegui import ui
from nicegui.events import UploadEventArguments
from starlette.requests import Request

from console.acting import attempt, flag
from console.elements import Tag, chip, note
from console.frame import explain, frame
from console.meeting_view import CHIPS, MeetingView
from console.session import Session, open_session
from core.domain.meeting_files import MeetingFile, MeetingRequest
from core.errors import NotFoundError
from core.policy.permissions import Action, may
from hub.directory import list_accounts
from hub.installation import Platform
from hub.meeting_files import MOST_BYTES, SUFFIXES, add_meeting, list_files, progress_of
from hub.rendering.labels import Labels, load_labels

_STYLE = Path(__file__).parent / "meetings.css"
_RECENT = 20
_MOST_SPEAKERS = 6
_LOOK_AGAIN_S = 1.0


def add_meetings_pages(platform: Platform) -> None:
    """Register the pages at `/meetings` and `/meetings/{meeting_id}`."""

    @ui.page("/meetings")
    def listed(request: Request, account: str = "") -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "recordings")
        with frame(session, say("title"), "meetings"):
            _add_style()
            with ui.element("div").classes("columns"):
                if may(session.came_as, Action.ADD_MEETING):
                    _Form(session, say, account).build()
                _Recent(session, say).build()

    @ui.page("/meetings/{meeting_id}")
    async def one(meeting_id: str, request: Request) -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "recordings")
        with frame(session, say("title"), "meetings"):
            _add_style()
            try:
                await MeetingView(session, say, meeting_id).build()
            except NotFoundError:
                explain(session, say("unknown"), session.say("unknown_text"))


def _add_style() -> None:
    ui.add_head_html(f"<style>{_STYLE.read_text('utf-8')}</style>")


class _Form:
    """What is told of a meeting, and the place to drop its file, which hands it in."""

    def __init__(self, session: Session, say: Labels, account: str) -> None:
        self._session = session
        self._say = say
        self._accounts = {one.id: one.name for one in list_accounts(session.platform, session.caller)}
        self._chosen = account if account in self._accounts else None

    def build(self) -> None:
        """Draw it."""
        say = self._say
        with Tag("section", classes="panel form"):
            Tag("h1", say("add"))
            Tag("p", say("hint"), "soft")
            self._account = ui.select(
                self._accounts, label=say("account"), value=self._chosen, with_input=True, on_change=self._allow
            ).props("outlined hide-bottom-space use-input input-debounce=0 behavior=menu")
            with ui.element("div").classes("pair"):
                self._held_on = ui.date_input(say("held_on")).props("outlined hide-bottom-space clearable")
                self._form = ui.select(
                    {"meeting": say("meeting"), "call": say("call")}, label=say("form"), value="meeting"
                ).props("outlined hide-bottom-space")
            with ui.element("div").classes("pair"):
                self._subject = ui.input(say("subject")).props("outlined hide-bottom-space maxlength=300")
                numbers = {0: say("unknown_number"), **{number: str(number) for number in range(1, _MOST_SPEAKERS + 1)}}
                self._speakers = ui.select(numbers, label=say("speakers"), value=0).props("outlined hide-bottom-space")
            self._upload = ui.upload(
                label=say("drop"),
                auto_upload=True,
                max_file_size=MOST_BYTES,
                on_upload=self._take,
                on_rejected=lambda: ui.notify(say("not_sent"), type="negative"),
            ).classes("drop")
            self._upload.props(f"flat accept={','.join(SUFFIXES)}")
            self._upload.props["aria-label"] = say("drop")
            self._first = Tag("div", say("first_account"), "drop empty soft")
            Tag("p", say("drop_hint"), "soft")
            self._allow()

    def _allow(self) -> None:
        self._upload.set_visibility(self._account.value is not None)
        self._first.set_visibility(self._account.value is None)

    async def _take(self, event: UploadEventArguments) -> None:
        """Hand in what was dropped, and go to its page; or say what is wrong, and take the file anew."""
        day, dated = _day(self._held_on.value)
        flag(self._held_on, None if dated else self._say("error_date"))
        made: list[MeetingFile] = []
        if dated:
            request = MeetingRequest.model_validate(
                {
                    "account": self._account.value,
                    "form": self._form.value,
                    "held_on": day,
                    "subject": (self._subject.value or "").strip() or None,
                    "speakers": self._speakers.value or None,
                }
            )
            folder = self._session.platform.settings.uploads_folder
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as name:
                path = Path(name) / "content"
                await event.file.save(path)
                await attempt(self._session, lambda: made.append(self._hand_in(request, event.file.name, path)))
        if made:
            ui.navigate.to(f"/meetings/{made[0].id}")
        else:
            self._upload.reset()

    def _hand_in(self, request: MeetingRequest, name: str, path: Path) -> MeetingFile:
        with path.open("rb") as content:
            return add_meeting(self._session.platform, self._session.caller, request, name, content)


class _Recent:
    """What was handed in; drawn anew while some of it is being read."""

    def __init__(self, session: Session, say: Labels) -> None:
        self._session = session
        self._say = say
        self._files = list_files(session.platform, session.caller, limit=_RECENT)

    def build(self) -> None:
        """Draw it."""
        with Tag("section", classes="panel"):
            Tag("h2", self._say("recent"))
            self._place = ui.element("div").classes("runs")
        self._draw()
        self._timer = ui.timer(_LOOK_AGAIN_S, self._look, active=self._is_moving)

    @property
    def _is_moving(self) -> bool:
        return any(not file.status.is_over for file in self._files)

    async def _look(self) -> None:
        before = self._files
        self._files = await asyncio.to_thread(list_files, self._session.platform, self._session.caller, limit=_RECENT)
        if self._files != before:
            self._draw()
        self._timer.active = self._is_moving

    def _draw(self) -> None:
        self._place.clear()
        with self._place:
            if not self._files:
                note(self._say("none"))
            for file in self._files:
                self._line(file)

    def _line(self, file: MeetingFile) -> None:
        say = self._say
        with Tag("a", classes="run").props(f"href=/meetings/{file.id}"):
            with ui.element("div").classes("line"):
                Tag("strong", file.account)
                chip(say.name(file.status), CHIPS[file.status])
            Tag("div", file.request.subject or file.file, "clip")
            Tag("div", say("by", who=self._session.name_of(file.requester.user), at=file.created_at), "soft")
            if not file.status.is_over:
                bar = ui.linear_progress(progress_of(file) or 0, show_value=False)
                bar.props("rounded size=6px instant-feedback").props["aria-label"] = say.name(file.status)


def _day(text: str | None) -> tuple[date | None, bool]:
    try:
        return (date.fromisoformat(text.strip()) if text else None), True
    except ValueError:
        return None, False
