"""Sharing a package: a link for a person or a role, and the links there are."""

import asyncio

from nicegui import ui

from console.acting import attempt, confirmed, copy_field, flag
from console.elements import Tag, chip, note
from console.session import Session, own_address
from core.domain.packages import Package
from core.domain.shares import Share
from core.identity import Role
from hub.rendering.labels import Labels, load_labels
from hub.reviews.rights import LEADERS, REVIEWING
from hub.sharing import list_shares, revoke_share, share_package

_DAYS = (1, 7, 30, 90)
_USUAL = 7


class SharePanel:
    """A dialog at the side; opening it shows how things stand."""

    def __init__(self, session: Session, package: Package) -> None:
        self._session = session
        self._package = package
        self._say = load_labels(session.lang, "shares")
        self._address = own_address(session)
        with ui.dialog().props("position=right full-height") as self._dialog:
            self._panel = Tag("aside", classes="drawer form")
        self._panel.props["aria-label"] = self._say("title")

    async def open(self) -> None:
        """Show the form and the links there are."""
        await self._draw()
        self._dialog.open()

    async def _draw(self, made: Share | None = None) -> None:
        session, say = self._session, self._say
        shares = await asyncio.to_thread(list_shares, session.platform, session.caller, self._package.run_id)
        self._panel.clear()
        with self._panel:
            close = Tag("button", "×", "close").on("click", self._dialog.close)
            close.props["aria-label"] = session.say("close")
            Tag("h2", say("title"))
            note(say("hint"))
            self._form()
            if made is not None:
                with ui.element("div").classes("gaps good"):
                    Tag("strong", say("made", who=self._whom(made)))
                    copy_field(say("link"), self._address + made.path, say("copy"), say("copied"))
            Tag("h3", say("links"))
            if not shares:
                note(say("none"))
            for share in shares:
                self._share(share)

    def _form(self) -> None:
        say, roles = self._say, load_labels(self._session.lang, "sign_in")
        mine = self._session.came_as.user
        people = {f"user:{user.id}": user.name for user in self._session.users if user.id != mine}
        groups = {f"role:{role.value}": say("all_of", role=roles.name(role)) for role in Role if role not in REVIEWING}
        self._with = ui.select({**people, **groups}, label=say("with"), with_input=True)
        self._with.props("outlined hide-bottom-space behavior=menu")
        days = {days: say("days", count=days) for days in _DAYS}
        self._days = ui.select(days, label=say("ends"), value=_USUAL).props("outlined hide-bottom-space")
        Tag("button", say("make"), "button").on("click", self._make)

    async def _make(self) -> None:
        chosen = str(self._with.value or "")
        flag(self._with, None if chosen else self._say("error_with"))
        if not chosen:
            return
        kind, _colon, name = chosen.partition(":")
        made: list[Share] = []
        platform, run, days = self._session.platform, self._package.run_id, int(self._days.value)
        user, role = (name, None) if kind == "user" else (None, Role(name))
        done = await attempt(
            self._session,
            lambda: made.append(
                share_package(platform, self._session.caller, run, with_user=user, with_role=role, days=days)
            ),
        )
        if done:
            await self._draw(made[0])

    def _share(self, share: Share) -> None:
        say, moment = self._say, self._session.names.filters["moment"]
        ended = share.ended_at(self._session.platform.clock.now())
        with ui.element("div").classes("reviewed"):
            with ui.element("div").classes("line"):
                Tag("strong", self._whom(share))
                if ended is not None:
                    chip(say("over"), "plain")
            note(say("by", who=self._session.name_of(share.shared_by), until=share.expires_at))
            if ended is None:
                copy_field(say("link"), self._address + share.path, say("copy"), say("copied"))
                caller = self._session.came_as
                if caller.user == share.shared_by or caller.roles & LEADERS:
                    Tag("button", say("revoke"), "button quiet danger").on("click", lambda: self._revoke(share))
            elif share.revoked_at is not None:
                note(say("revoked", at=moment(share.revoked_at)))

    async def _revoke(self, share: Share) -> None:
        say = self._say
        if await confirmed(say("revoke_ask", who=self._whom(share)), say("revoke"), self._session.say("cancel")):
            await attempt(self._session, lambda: revoke_share(self._session.platform, self._session.caller, share.id))
            await self._draw()

    def _whom(self, share: Share) -> str:
        if share.with_role is not None:
            return self._say("all_of", role=load_labels(self._session.lang, "sign_in").name(share.with_role))
        return self._session.name_of(share.with_user or "")


def share_words(session: Session) -> Labels:
    """The words of sharing."""
    return load_labels(session.lang, "shares")
