"""Keys of programs: made, shown once, listed, revoked."""

import asyncio
from datetime import UTC, date, datetime, time

from nicegui import ui

from console.acting import attempt, confirmed, copy_field, flag
from console.admin_frame import admin_words
from console.elements import Tag, chip, note, table
from console.session import Session
from core.domain.access import ApiKey, Scope
from hub.access.entering import is_open
from hub.access.keys import add_key, list_keys, revoke_key


def show_keys(session: Session) -> None:
    """The form for a new key, and all keys."""
    _Keys(session).build()


class _Keys:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._say = admin_words(session)

    def build(self) -> None:
        say = self._say
        with ui.element("div").classes("stack"):
            with Tag("section", classes="panel form"):
                Tag("h2", say("new_key"))
                note(say("keys_hint"))
                if is_open(self._session.platform):
                    Tag("p", say("keys_open"), "reason")
                else:
                    self._form()
            with Tag("section", classes="panel"):
                Tag("h2", say("keys"))
                self._place = ui.element("div")
                self._draw(list_keys(self._session.platform, self._session.caller))

    def _form(self) -> None:
        say = self._say
        with ui.element("div").classes("pair"):
            self._as = ui.select(
                {user.id: user.name for user in self._session.users}, label=say("key_as"), with_input=True
            ).props("outlined hide-bottom-space behavior=menu")
            self._label = ui.input(say("key_label")).props("outlined maxlength=200 hide-bottom-space")
            self._scopes = ui.select([scope.value for scope in Scope], label=say("key_scopes"), multiple=True).props(
                "outlined use-chips hide-bottom-space"
            )
            self._ends = ui.date_input(say("key_expires")).props("outlined hide-bottom-space clearable")
        Tag("button", say("key_make"), "button").on("click", self._make)
        self._made = ui.element("div").props("aria-live=polite")

    async def _make(self) -> None:
        say, ends = self._say, None
        scopes = [Scope(scope) for scope in self._scopes.value or ()]
        late = None
        if self._ends.value:
            try:
                ends = datetime.combine(date.fromisoformat(str(self._ends.value).strip()), time.max, UTC)
            except ValueError:
                late = say("error_key_expires")
            if ends is not None and ends <= self._session.platform.clock.now():
                late = say("error_key_expires")
        flag(self._as, None if self._as.value else say("error_key_as"))
        flag(self._scopes, None if scopes else say("error_key_scopes"))
        flag(self._ends, late)
        if not self._as.value or not scopes or late:
            return
        made: list[tuple[ApiKey, str]] = []
        user, label = str(self._as.value), str(self._label.value or "").strip()
        platform = self._session.platform
        done = await attempt(
            self._session,
            lambda: made.append(add_key(platform, self._session.caller, user, scopes, label=label, expires_at=ends)),
        )
        if not done:
            return
        self._made.clear()
        with self._made, ui.element("div").classes("gaps good"):
            Tag("strong", say("key_made"))
            copy_field(say("keys"), made[0][1], say("copy"), say("copied"))
        await self._renew()

    async def _renew(self) -> None:
        self._draw(await asyncio.to_thread(list_keys, self._session.platform, self._session.caller))

    def _draw(self, keys: list[ApiKey]) -> None:
        say, moment = self._say, self._session.names.filters["moment"]
        now = self._session.platform.clock.now()
        names = {user.id: user.name for user in self._session.users}
        self._place.clear()
        with self._place:
            if not keys:
                Tag("p", say("keys_none"), "nothing")
                return
            body, _right = table(
                [say("col_key"), say("key_as"), say("col_scopes"), say("col_used"), say("col_ends"), say("col_state")]
            )
            for key in sorted(keys, key=lambda key: (not key.is_valid(now), key.created_at)):
                with body, Tag("tr"):
                    with Tag("td"):
                        Tag("strong", key.label or key.id)
                        Tag("div", key.id, "soft")
                    Tag("td", names.get(key.user, key.user))
                    with Tag("td"):
                        for scope in sorted(key.scopes):
                            chip(scope, "plain")
                    Tag("td", moment(key.last_used_at) if key.last_used_at else say("never_used"), "soft")
                    Tag("td", moment(key.expires_at) if key.expires_at else say("no_end"), "soft")
                    with Tag("td"):
                        self._end(key, now)

    def _end(self, key: ApiKey, now: datetime) -> None:
        say = self._say
        if key.revoked_at is not None:
            chip(say("revoked"), "high")
        elif not key.is_valid(now):
            chip(say("expired"), "plain")
        else:
            Tag("button", say("revoke"), "button quiet danger").on("click", lambda: self._revoke(key))

    async def _revoke(self, key: ApiKey) -> None:
        say = self._say
        if await confirmed(say("revoke_ask", key=key.label or key.id), say("revoke"), say("cancel")):
            await attempt(self._session, lambda: revoke_key(self._session.platform, self._session.caller, key.id))
            await self._renew()
