"""The page of one meeting: how far it is heard, then its minutes, its speakers, what it suggests, and its words."""

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from urllib.parse import quote

from nicegui import ui

from console.acting import attempt
from console.elements import Tag, chip, note
from console.frame import explain, explain_refusal
from console.session import Session
from core.domain.interactions import Interaction
from core.domain.meeting_files import FileStatus, MeetingFile
from core.domain.views.meetings import ActionItem, MeetingsView, Said
from core.errors import HubError, NotFoundError
from core.policy.permissions import Action, may
from hub.directory import name_accounts
from hub.effects.proposing import propose
from hub.meeting_files import follow_file, get_file, progress_of, propose_names
from hub.meeting_states import MeetingState, meeting_state
from hub.meetings import MeetingWrites, SuggestedWrite, read_meeting, suggest_writes
from hub.rendering.labels import Labels, load_labels
from hub.rendering.refusals import translate

CHIPS = {FileStatus.QUEUED: "plain", FileStatus.RUNNING: "medium", FileStatus.DONE: "", FileStatus.FAILED: "high"}
_PARTS = (
    *("answer", "summary", "decisions", "not_decided", "actions", "questions"),
    *("objections", "competitors", "budget", "timing", "quotes"),
)
_NUMBERED = re.compile(r"^Speaker (\d)$")


class MeetingView:
    """One meeting. Build it on a page."""

    def __init__(self, session: Session, say: Labels, meeting_id: str) -> None:
        self._session = session
        self._say = say
        self._id = meeting_id
        self._query = ""

    async def build(self) -> None:
        """Draw it; one that is still being heard is followed. Raises NotFoundError when the visitor may see none."""
        try:
            file = await asyncio.to_thread(get_file, self._session.platform, self._session.caller, self._id)
        except NotFoundError:
            file = None
        self._place = ui.element("div")
        if file is not None and not file.status.is_over:
            self._progress(file)
            ui.timer(0, self._follow, once=True)
        else:
            await self._show()

    def _progress(self, file: MeetingFile) -> None:
        say = self._say
        with self._place, Tag("section", classes="panel progress").props("aria-live=polite"):
            Tag("p", file.request.subject or file.file, "kicker")
            Tag("h1", file.account)
            self._bar = ui.linear_progress(progress_of(file) or 0, show_value=False)
            self._bar.props("rounded size=8px instant-feedback").props["aria-label"] = say("file_status_running")
            self._count = Tag("p", self._counted(file), "soft")
            note(say("leave"))

    def _counted(self, file: MeetingFile) -> str:
        if file.heard_s is None or not file.seconds:
            return self._say("waiting" if file.status is FileStatus.QUEUED else "file_status_running")
        return self._say("heard", done=_clock(file.heard_s), all=_clock(file.seconds))

    async def _follow(self) -> None:
        try:
            async for file in follow_file(self._session.platform, self._session.caller, self._id):
                self._bar.value = progress_of(file) or 0
                self._count.text = self._counted(file)
            await self._show()
        except HubError as error:
            self._place.clear()
            with self._place:
                explain_refusal(self._session, self._session.say("error_title"), error)

    async def _show(self) -> None:
        state, meeting, writes = await asyncio.to_thread(self._read)
        self._place.clear()
        with self._place:
            if state.status is FileStatus.FAILED:
                explain(self._session, self._say("failed"), translate(state.reason or "", self._session.lang))
            elif meeting is None or state.minutes is None:
                explain(self._session, state.subject or state.file or "", self._say("nobody"))
            else:
                self._draw(state, meeting, writes)

    def _read(self) -> tuple[MeetingState, Interaction | None, MeetingWrites | None]:
        platform, caller, lang = self._session.platform, self._session.caller, self._session.lang
        state = meeting_state(platform, caller, self._id, query=self._query, lang=lang)
        try:
            meeting = read_meeting(platform, caller, self._id, lang)
        except NotFoundError:
            return state, None, None
        return state, meeting, suggest_writes(platform, caller, self._id, lang=lang)

    def _draw(self, state: MeetingState, meeting: Interaction, writes: MeetingWrites | None) -> None:
        say = self._say
        account = name_accounts(self._session.platform, self._session.caller, [state.account_id]).get(
            state.account_id, ""
        )
        with Tag("header", classes="top account"), ui.element("div"):
            link = Tag("a", account, "kicker")
            link.props["href"] = f"/accounts/{quote(state.account_id, safe='')}"
            Tag("h1", state.subject or state.file or say("title"))
            about = [say(state.form.value)]
            if state.held_on:
                about.append(self._session.names.filters["date"](state.held_on))
            if state.seconds:
                about.append(_clock(state.seconds))
            note(" · ".join(about))
        with ui.element("div").classes("columns"):
            with Tag("section", classes="panel minutes"):
                Tag("h2", say("told"))
                self._ask()
                assert state.minutes is not None  # noqa: S101
                self._minutes(state.minutes.view)
            with ui.element("div"):
                if state.file is not None and any(map(_NUMBERED.match, state.speakers)):
                    self._speakers(state)
                if writes is not None and may(self._session.came_as, Action.PROPOSE_EFFECT):
                    self._suggested(writes.suggested)
        with Tag("section", classes="panel"), Tag("details", classes="transcript"):
            Tag("summary", say("transcript"))
            with Tag("ol", classes="said-list"):
                for number, turn in enumerate(meeting.turns):
                    with Tag("li").props(f"id=turn-{number}"):
                        clock = say("turn", number=number + 1) if turn.start is None else _clock(turn.start)
                        Tag("span", clock, "clock")
                        with ui.element("div"):
                            if turn.speaker:
                                Tag("strong", turn.speaker)
                            Tag("p", turn.text)

    def _ask(self) -> None:
        say = self._say

        async def look() -> None:
            self._query = (field.value or "").strip()
            await self._show()

        with ui.element("div").classes("seek-in"):
            field = ui.input(say("ask"), value=self._query).props("outlined dense hide-bottom-space maxlength=2000")
            field.on("keydown.enter", look)
            Tag("button", say("ask_button"), "button quiet").on("click", look)

    def _minutes(self, view: MeetingsView) -> None:
        parts = {name: getattr(view, name) for name in _PARTS}
        if not any(parts.values()):
            note(self._say("no_minutes"))
        for name, said in parts.items():
            if said:
                Tag("h3", self._say(f"part_{name}"))
                self._part(said, timed=view.timed)

    def _part(self, said: Sequence[Said], *, timed: bool) -> None:
        say = self._say
        with Tag("ul", classes="said-list"):
            for one in said:
                with Tag("li"):
                    clock = _clock(one.at) if timed else say("turn", number=one.turn + 1)
                    Tag("a", clock, "clock").props(f"href=#turn-{one.turn}")
                    with ui.element("div"):
                        Tag("p", one.text)
                        about = [one.speaker]
                        if isinstance(one, ActionItem):
                            about = [one.owner or one.speaker, say("due", day=one.due) if one.due else one.due_said]
                        Tag("div", " · ".join(filter(None, about)), "soft")

    def _speakers(self, state: MeetingState) -> None:
        say = self._say
        fields: dict[str, ui.input] = {}

        async def keep() -> None:
            names = {speaker: str(field.value or "") for speaker, field in fields.items()}
            platform, caller = self._session.platform, self._session.caller
            if await attempt(self._session, lambda: propose_names(platform, caller, self._id, names)):
                ui.notify(say("names_kept"))
                await self._show()

        with Tag("section", classes="panel form"):
            Tag("h2", say("who"))
            note(say("who_hint"))
            for speaker in state.speakers:
                numbered = _NUMBERED.match(speaker)
                label = say("speaker", number=numbered[1]) if numbered else speaker
                fields[speaker] = ui.input(label, value=state.names.get(speaker, "")).props(
                    "outlined dense hide-bottom-space maxlength=100"
                )
            if may(self._session.came_as, Action.ADD_MEETING):
                Tag("button", say("save_names"), "button").on("click", keep)

    def _suggested(self, suggested: Sequence[SuggestedWrite]) -> None:
        say, words = self._say, load_labels(self._session.lang, "effects")
        with Tag("section", classes="panel"):
            Tag("h2", say("suggested"))
            note(say("suggested_hint"))
            for one in suggested:
                with ui.element("div").classes("entry"):
                    with ui.element("div").classes("line"):
                        Tag("strong", words.name(one.operation))
                        if one.reason is None:
                            self._propose(one)
                    text = one.args.get("subject") or one.args.get("next_step") or ""
                    Tag("p", str(text))
                    if one.reason is not None:
                        Tag("div", translate(one.reason, self._session.lang), "soft warn")

    def _propose(self, one: SuggestedWrite) -> None:
        say, place = self._say, ui.element("div")

        async def act() -> None:
            platform, caller = self._session.platform, self._session.caller
            made: list[str] = []
            # The same suggestion is proposed once, however often it is pressed and by whichever of two windows.
            said = json.dumps([one.operation, one.args, caller.user], sort_keys=True, ensure_ascii=False)
            key = f"meeting-{hashlib.sha256(said.encode()).hexdigest()}"
            await attempt(
                self._session,
                lambda: made.append(
                    propose(platform, caller, one.operation, one.args, request_key=key, origin="meeting").id
                ),
            )
            if made:
                place.clear()
                with place:
                    chip(say("proposed"), "")
                    Tag("a", say("proposed"), "soft").props(f"href=/effects/{made[0]}")

        with place:
            Tag("button", say("propose"), "button quiet").on("click", act)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
