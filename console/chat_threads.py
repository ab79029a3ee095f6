"""The visitor's conversations, by customer."""

import asyncio
from itertools import groupby

from nicegui import ui

from console.acting import show_refusal
from console.chat_words import ChatWords
from console.elements import Tag, note
from console.session import Session
from core.domain.chat import Thread
from core.errors import HubError
from hub.chat.asking import delete_thread, list_threads
from hub.directory import name_accounts

Groups = list[tuple[str | None, list[Thread]]]
_SHOWN = 100
# In the browser alone, as the menu of the header.
_TOGGLE = "() => document.querySelector('.threads').classList.toggle('open')"


class ThreadList:
    """A list beside the conversation; on a phone it slides in over it."""

    def __init__(self, session: Session, words: ChatWords) -> None:
        self._session = session
        self._words = words
        self.current: str | None = None
        self._drawn: object = None

    def load(self) -> Groups:
        """The conversations by customer, the last used first; it waits for the database."""
        session = self._session
        threads = list_threads(session.platform, session.caller, limit=_SHOWN)
        names = name_accounts(
            session.platform, session.caller, {each.account_id for each in threads if each.account_id}
        )
        order = {each.account_id: place for place, each in reversed(list(enumerate(threads)))}
        threads.sort(key=lambda each: order[each.account_id])
        return [(names.get(id_ or ""), list(group)) for id_, group in groupby(threads, lambda each: each.account_id)]

    def build(self, groups: Groups, current: str | None) -> None:
        """Draw the list."""
        say = self._words.say
        self.current = current
        with Tag("nav", classes="threads") as nav:
            with ui.element("div").classes("head"):
                Tag("a", say("new"), "button").props("href=/chat")
                close = Tag("button", "×", "tool close").on("click", js_handler=_TOGGLE)
                close.props["aria-label"] = say("hide_threads")
            self._list = ui.element("div").classes("groups")
        nav.props["aria-label"] = say("threads")
        self._draw(groups)

    def toggle(self) -> None:
        """The button that brings the list in where there is no room for it."""
        button = Tag("button", self._words.say("threads"), "tool unfold").on("click", js_handler=_TOGGLE)
        button.props["aria-label"] = self._words.say("show_threads")

    async def refresh(self, current: str) -> None:
        """Draw it anew, with what was said meanwhile."""
        self.current = current
        self._draw(await asyncio.to_thread(self.load))

    def _draw(self, groups: Groups) -> None:
        """Draw the list where it shows anything else: a click on a line that is being replaced would be lost."""
        shown = (self.current, [(account, [(each.id, each.title) for each in threads]) for account, threads in groups])
        if shown == self._drawn:
            return
        self._drawn = shown
        self._list.clear()
        with self._list:
            if not groups:
                note(self._words.say("no_threads"))
            for account, threads in groups:
                Tag("h2", account or self._words.say("general"))
                with Tag("ul"):
                    for thread in threads:
                        self._line(thread)

    def _line(self, thread: Thread) -> None:
        with Tag("li"):
            link = Tag("a", thread.title).props(f"href=/chat/{thread.id}")
            link.props["title"] = self._words.names.filters["moment"](thread.updated_at)
            if thread.id == self.current:
                link.props("aria-current=page")
            drop = Tag("button", "×", "drop").on("click", lambda: self._ask_to_delete(thread))
            drop.props["aria-label"] = f"{self._words.say('delete')}: {thread.title}"

    def _ask_to_delete(self, thread: Thread) -> None:
        say = self._words.say
        with self._list, ui.dialog(value=True) as dialog, Tag("div", classes="panel ask"):
            Tag("h2", say("delete_sure"))
            Tag("p", thread.title)
            with ui.element("div").classes("actions"):
                Tag("button", say("delete_yes"), "button").on("click", lambda: self._delete(thread, dialog))
                Tag("button", say("keep"), "button quiet").on("click", dialog.close)

    async def _delete(self, thread: Thread, dialog: ui.dialog) -> None:
        dialog.close()
        try:
            await asyncio.to_thread(delete_thread, self._session.platform, self._session.caller, thread.id)
        except HubError as error:
            show_refusal(self._session, error)
        if thread.id == self.current:
            ui.navigate.to("/chat")
            return
        ui.notify(self._words.say("deleted"))
        self._draw(await asyncio.to_thread(self.load))
