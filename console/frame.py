"""What every page has around its content."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import app, ui

from console.elements import Tag
from console.session import Session
from core.language import Lang
from hub.rendering.labels import load_labels
from hub.rendering.style import load_switched_style

_STYLE = Path(__file__).parent / "console.css"


@contextmanager
def frame(session: Session, title: str) -> Iterator[None]:
    """The page's style, header and main column; the content goes inside."""
    say = session.say
    ui.page_title(f"{title} · {say('brand')}")
    ui.query("html").props(f"lang={'zh-CN' if session.lang is Lang.ZH else 'en'}")
    # Our own style sheet; no text from outside is in it.
    style = load_switched_style("body.body--dark") + _STYLE.read_text("utf-8")
    ui.add_head_html(f"<style>{style}</style>")
    ui.colors(primary="#0c5f6e", dark="#182027", dark_page="#11171c", negative="#b3261e")
    dark = ui.dark_mode(value=app.storage.user.get("dark"))
    with Tag("header", classes="bar"):
        _link(say("brand"), "/", "brand")
        _link(say("visits"), "/", "place")
        _link(load_labels(session.lang, "inbox")("title"), "/inbox", "place")
        _link(say("reviews"), "/reviews", "place")
        _link(say("effects"), "/effects", "place")
        Tag("span", classes="grow")
        if len(session.tenants) > 1:
            _tenants(session)
        if session.users:
            _people(session)
        _language(session)
        _dark(session, dark)
    with Tag("main", classes="sheet") as main:
        yield
    ui.skip_link(say("skip"), target=main)


def explain(session: Session, title: str, text: str, remedy: str = "") -> None:
    """A page's content when there is nothing else to show: what happened, and what to do."""
    with ui.element("div").classes("notice").props("role=alert"):
        Tag("h1", title)
        Tag("p", text)
        if remedy:
            Tag("p", remedy, "soft")
        _link(session.say("back"), "/", "button quiet")


def _link(text: str, target: str, classes: str) -> None:
    Tag("a", text, classes).props(f"href={target}")


def _language(session: Session) -> None:
    other = Lang.EN if session.lang is Lang.ZH else Lang.ZH

    def switch() -> None:
        app.storage.user["lang"] = other.value
        ui.navigate.reload()

    button = Tag("button", session.say("other_language"), "tool").on("click", switch)
    button.props["aria-label"] = session.say("switch_language")


def _dark(session: Session, dark: ui.dark_mode) -> None:
    async def switch() -> None:
        now = await ui.run_javascript("document.body.classList.contains('body--dark')")
        dark.value = not now
        app.storage.user["dark"] = not now

    button = Tag("button", "◐", "tool").on("click", switch)
    button.props["aria-label"] = session.say("dark_mode")


def _tenants(session: Session) -> None:
    def switch(tenant: str) -> None:
        app.storage.user["tenant"] = tenant
        ui.navigate.to("/")

    select = ui.select(list(session.tenants), value=session.caller.tenant, on_change=lambda e: switch(e.value))
    select.props("dense borderless").props["aria-label"] = session.say("tenant")


def _people(session: Session) -> None:
    """Choose as whom to act: while there is no sign-in, whoever sits at the installation may be anybody."""
    owner = session.platform.owner(session.caller.tenant).user
    names = {owner: session.say("owner"), **{user.id: user.name for user in session.users}}

    def switch(user: str) -> None:
        app.storage.user["user"] = user
        ui.navigate.reload()

    select = ui.select(names, value=session.caller.user, on_change=lambda e: switch(e.value))
    select.props("dense borderless").props["aria-label"] = session.say("acting_as")
