"""One person: name, roles, regions, who stands in, how they sign in, and what is on record of them."""

import asyncio

from nicegui import ui

from console.acting import attempt, confirmed
from console.admin_frame import admin_words
from console.admin_sign_in import SignInPanel
from console.elements import Tag, chip, note
from console.frame import explain
from console.person_form import PersonForm
from console.session import Session, own_address
from core.domain.people import User
from core.errors import HubError, NotFoundError
from hub.access.standing import Standing, list_standings, list_user_records
from hub.people import deactivate_user, get_user, save_user


def show_new_person(session: Session) -> None:
    """An empty form."""
    say = admin_words(session)

    async def save(user: User) -> None:
        try:
            await asyncio.to_thread(get_user, session.platform, session.came_as.tenant, user.id)
        except NotFoundError:
            if await attempt(session, lambda: save_user(session.platform, session.caller, user)):
                ui.navigate.to(f"/admin/people/{user.id}")
        else:
            form.say_taken()

    with Tag("section", classes="panel form narrow"):
        _way_back(session)
        Tag("h2", say("new_person"))
        form = PersonForm(session, None, save)
        form.build()


def show_person(session: Session, user_id: str) -> None:
    """The person's form, and beside it signing in, leaving and what is on record."""
    try:
        _Person(session, user_id).build()
    except NotFoundError:
        say = admin_words(session)
        explain(session, say("unknown_person"), session.say("unknown_text"))


def _way_back(session: Session) -> None:
    Tag("a", f"← {admin_words(session)('to_people')}", "back").props("href=/admin/people")


class _Person:
    def __init__(self, session: Session, user_id: str) -> None:
        self._session = session
        self._say = admin_words(session)
        self._address = own_address(session)
        self._standing = self._load(user_id)

    def _load(self, user_id: str) -> Standing:
        found = {each.user.id: each for each in list_standings(self._session.platform, self._session.caller)}
        if user_id not in found:
            raise NotFoundError(f"no user “{user_id}”", field="user", remedy="Choose one from the list.")
        return found[user_id]

    def build(self) -> None:
        """Draw it; it is drawn anew after each change."""
        self._place = ui.element("div").classes("columns")
        self._draw()

    def _draw(self) -> None:
        say, user = self._say, self._standing.user
        self._place.clear()
        with self._place:
            with Tag("section", classes="panel form"):
                _way_back(self._session)
                with ui.element("div").classes("line"):
                    Tag("h2", user.name)
                    if not user.active:
                        chip(say("inactive_chip"), "plain")
                PersonForm(self._session, user, self._save).build()
            with ui.element("div"):
                if user.active:
                    with Tag("section", classes="panel form"):
                        SignInPanel(self._session, self._standing, self._address, self._renew).build()
                with Tag("section", classes="panel form"):
                    self._leaving(user)
                with Tag("section", classes="panel"):
                    self._records(user)

    def _leaving(self, user: User) -> None:
        say = self._say
        Tag("h2", say("leaving"))
        if not user.active:
            note(say("deactivated"))
            Tag("button", say("activate"), "button").on("click", lambda: self._save(_active(user)))
        elif user.id == self._session.came_as.user:
            note(say("own_account"))
        else:
            note(say("deactivate_note"))
            Tag("button", say("deactivate"), "button quiet danger").on("click", lambda: self._deactivate(user))

    def _records(self, user: User) -> None:
        say, moment = self._say, self._session.names.filters["moment"]
        Tag("h2", say("on_record"))
        found = list_user_records(self._session.platform, self._session.caller, user.id)
        if not found:
            note(say("on_record_none"))
        with Tag("ol", classes="records"):
            for record in found:
                with Tag("li"):
                    Tag("strong", self._done(record.action))
                    Tag("span", f" {self._session.name_of(record.actor)} · {moment(record.at)}", "soft")

    def _done(self, action: str) -> str:
        phrase = f"record_{action.replace('.', '_')}"
        return self._say(phrase) if phrase in self._say.book.kinds else action

    async def _save(self, user: User) -> None:
        if await attempt(self._session, lambda: save_user(self._session.platform, self._session.caller, user)):
            ui.notify(self._say("saved"))
            await self._renew()

    async def _deactivate(self, user: User) -> None:
        say = self._say
        if await confirmed(say("deactivate_ask", name=user.name), say("deactivate"), say("cancel")):
            await attempt(self._session, lambda: deactivate_user(self._session.platform, self._session.caller, user.id))
            await self._renew()

    async def _renew(self) -> None:
        try:
            self._standing = await asyncio.to_thread(self._load, self._standing.user.id)
        except HubError:
            # The first password was set: whoever opened this page is no longer in, and is on the way to sign in.
            return
        self._draw()


def _active(user: User) -> User:
    return user.model_copy(update={"active": True})
