"""Customers' messages: the list of what waits for an answer, and the page of one with its drafted reply."""

import asyncio
from collections.abc import Callable

from nicegui import ui
from starlette.requests import Request

from console.acting import show_refusal
from console.elements import Tag, chip, note
from console.frame import explain, frame
from console.session import Session, open_session
from core.domain.inbound import Inbound, InboundStatus
from core.domain.interactions import Interaction
from core.errors import HubError, NotFoundError
from hub.directory import name_accounts
from hub.inbound.answering import dismiss, get_inbound, hand_on, list_inbound, mark_answered
from hub.installation import Platform
from hub.people import list_users
from hub.rendering.labels import Labels, load_labels

_FILTERS = ("mine", "everybody", "over")
_CHIPS = {InboundStatus.WAITING: "medium", InboundStatus.FAILED: "high", InboundStatus.NEW: "plain"}
_URGENT = 0.5
_LOOK_AGAIN_S = 1.0


def add_inbox_pages(platform: Platform) -> None:
    """Register the pages at `/inbox` and `/inbox/{message_id}`."""

    @ui.page("/inbox")
    def listed(request: Request, show: str = "mine") -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "inbox")
        with frame(session, say("title"), "inbox"):
            _list(session, say, show if show in _FILTERS else "mine")

    @ui.page("/inbox/{message_id}")
    def one(message_id: str, request: Request) -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "inbox")
        with frame(session, say("title"), "inbox"):
            try:
                _View(session, say, message_id).build()
            except NotFoundError:
                explain(session, say("unknown"), session.say("unknown_text"))


def _list(session: Session, say: Labels, show: str) -> None:
    messages = list_inbound(session.platform, session.caller, mine=show == "mine", waiting=show != "over")
    names = name_accounts(session.platform, session.caller, {one.account_id for one in messages})
    with Tag("section", classes="panel"):
        Tag("h1", say("title"))
        note(say("hint"))
        with Tag("nav", classes="filters actions"):
            for name in _FILTERS:
                link = Tag("a", say(name), "button quiet chosen" if name == show else "button quiet")
                link.props(f"href=/inbox?show={name}")
                if name == show:
                    link.props("aria-current=page")
        if not messages:
            note(say("none_mine" if show == "mine" else "none"))
        with ui.element("div").classes("runs"):
            for message in messages:
                _line(session, say, message, names.get(message.account_id, message.account_id))


def _line(session: Session, say: Labels, message: Inbound, account: str) -> None:
    with Tag("a", classes="run").props(f"href=/inbox/{message.id}"):
        with ui.element("div").classes("line"):
            Tag("strong", account)
            with ui.element("div"):
                if message.stage is not None and message.stage.urgency >= _URGENT and not message.status.is_over:
                    chip(say("urgent"), "high")
                chip(say.name(message.status), _CHIPS.get(message.status, ""))
        about = [session.names.filters["moment"](message.received_at)]
        about.append(say("for_whom", who=message.assigned_to) if message.assigned_to else say("for_nobody"))
        if message.draft is not None:
            about.append(message.draft.subject)
        Tag("div", say.chain(about), "soft clip")


class _View:
    """One message; drawn anew after each action, and when its draft is ready."""

    def __init__(self, session: Session, say: Labels, message_id: str) -> None:
        self.session = session
        self.say = say
        self.message, self.mail = get_inbound(session.platform, session.caller, message_id)

    def build(self) -> None:
        """Draw it, and look again while the draft is being prepared."""
        self.place = ui.element("div").classes("columns")
        self._draw()
        self.timer = ui.timer(_LOOK_AGAIN_S, self._look, active=self.message.status is InboundStatus.NEW)

    async def _look(self) -> None:
        await self._do(lambda: None)
        self.timer.active = self.message.status is InboundStatus.NEW

    def _draw(self) -> None:
        self.place.clear()
        with self.place:
            with Tag("section", classes="panel"):
                self._mail(self.mail)
            with ui.element("div"):
                with Tag("section", classes="panel form"):
                    self._reply()
                if self.message.draft is not None:
                    with Tag("section", classes="panel"):
                        self._sources()

    def _mail(self, mail: Interaction) -> None:
        message, say = self.message, self.say
        with ui.element("div").classes("line"):
            Tag("h1", mail.subject or say("title"))
            chip(say.name(message.status), _CHIPS.get(message.status, ""))
        note(say("received", who=mail.sender or "?", at=mail.at))
        if message.stage is not None:
            stage, names = message.stage, self.session.names
            known = {"after": names.name(stage.after), "share": stage.share}
            before = None if stage.before in (None, stage.after) else stage.before
            note(say("moved", before=names.name(before), **known) if before else say("stayed", **known))
        for paragraph in filter(None, mail.text.split("\n")):
            Tag("p", paragraph)

    def _reply(self) -> None:
        message, say = self.message, self.say
        Tag("h2", say("draft"))
        if message.status.is_over and message.ended_at is not None:
            by, at = message.ended_by, message.ended_at
            note(say("ended", who=by, at=at) if by else say("ended_by_mail", at=at))
        if message.draft is None:
            note(say("failed" if message.status is InboundStatus.FAILED else "preparing"))
        else:
            to = message.draft.to
            note(say("draft_to", to=to) if to else say("draft_to_unknown"))
            if message.draft.unread:
                names = self.session.names
                note(say("unread", systems=[names.name(system) for system in message.draft.unread]))
            text = message.edited or message.draft.text
            self.text = ui.textarea(say("reply"), value=text).props("outlined autogrow maxlength=20000")
            if message.status.is_over:
                self.text.props("readonly")
        if not message.status.is_over:
            self._actions()

    def _actions(self) -> None:
        platform, caller, id_, say = self.session.platform, self.session.caller, self.message.id, self.say
        with ui.element("div").classes("actions"):
            if self.message.draft is not None:
                Tag("button", say("copy"), "button").on("click", self._copy)
                self._button("sent", lambda: mark_answered(platform, caller, id_, self.text.value))
            self._button("no_answer", lambda: dismiss(platform, caller, id_))
        others = {user.id: user.name for user in list_users(platform, caller.tenant) if user.active}
        others.pop(self.message.assigned_to or "", None)
        if others:

            async def give(event: object) -> None:
                user = str(getattr(event, "value", ""))
                await self._do(lambda: hand_on(platform, caller, id_, user))
                self.timer.active = self.message.status is InboundStatus.NEW

            ui.select(others, label=say("hand_on"), on_change=give).props("outlined dense options-dense")

    def _sources(self) -> None:
        draft, say, names = self.message.draft, self.say, self.session.names
        assert draft is not None  # noqa: S101
        if draft.open_points:
            Tag("h2", say("open_points"))
            for point in draft.open_points:
                with ui.element("div").classes("reviewed"):
                    chip(say(f"topic_{point.topic}"), "plain")
                    Tag("span", point.quote)
        Tag("h2", say("rests_on"))
        for sentence in draft.sentences:
            with ui.element("div").classes("reviewed"):
                Tag("p", sentence.text)
                if sentence.promise:
                    chip(say("promise"), "medium")
                for evidence in filter(None, map(self.message.evidence.get, sentence.evidence)):
                    with Tag("details"):
                        line = names(
                            "source_line", system=names.name(evidence.source), record=evidence.record, at=evidence.as_of
                        )
                        Tag("summary", line, "soft")
                        Tag("blockquote", evidence.quote)

    async def _copy(self) -> None:
        ui.clipboard.write(self.text.value)
        ui.notify(self.say("copied"))

    def _button(self, name: str, act: Callable[[], object]) -> None:
        Tag("button", self.say(name), "button quiet").on("click", lambda: self._do(act))

    async def _do(self, act: Callable[[], object]) -> None:
        """Do it away from the event loop, which must not wait for the database; then show how things stand."""
        try:
            await asyncio.to_thread(act)
        except HubError as error:
            show_refusal(self.session, error)
        before = self.message
        self.message, self.mail = await asyncio.to_thread(
            get_inbound, self.session.platform, self.session.caller, self.message.id
        )
        if self.message != before:
            self._draw()
