"""What every page has around its content."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import app, ui

from console.elements import Tag
from console.session import Session
from console.user_menu import user_menu
from core.errors import HubError
from core.language import Lang
from core.policy.permissions import Action, may
from hub.rendering.style import load_switched_style

_STYLE = Path(__file__).parent / "console.css"
# Part of the console, where it begins, and what one must be allowed to do there when it is not for everybody.
_PLACES: tuple[tuple[str, str, frozenset[Action]], ...] = (
    ("chat", "/chat", frozenset()),
    ("visits", "/", frozenset()),
    ("accounts", "/accounts", frozenset()),
    ("meetings", "/meetings", frozenset()),
    ("inbox", "/inbox", frozenset()),
    ("reviews", "/reviews", frozenset()),
    ("effects", "/effects", frozenset()),
    ("boards", "/boards", frozenset({Action.READ_BOARDS})),
    ("admin", "/admin", frozenset({Action.MANAGE_PEOPLE, Action.READ_SPENDING, Action.READ_METRICS})),
)
# In the browser alone: a round trip for opening a menu would be felt on a phone.
_TOGGLE = """(event) => {
  const bar = event.target.closest("header");
  bar.querySelector(".burger").setAttribute("aria-expanded", bar.classList.toggle("opened"));
}"""
_CLOSE = """(event) => {
  if (event.key !== "Escape") return;
  const bar = event.target.closest("header");
  bar.classList.remove("opened");
  bar.querySelector(".burger").setAttribute("aria-expanded", false);
}"""


@contextmanager
def frame(session: Session, title: str, place: str = "") -> Iterator[None]:
    """The page's style, header and main column; the content goes inside. `place` is where in the console it is."""
    say = session.say
    ui.page_title(f"{title} · {say('brand')}")
    ui.query("html").props(f"lang={'zh-CN' if session.lang is Lang.ZH else 'en'}")
    # The framework's own is around everything, our header included; ours below is the main part.
    ui.query("main.q-page").props("role=presentation")
    # Our own style sheet; no text from outside is in it.
    style = load_switched_style("body.body--dark") + _STYLE.read_text("utf-8")
    ui.add_head_html(f"<style>{style}</style>")
    ui.colors(primary="#0c5f6e", dark="#182027", dark_page="#11171c", negative="#b3261e")
    dark = ui.dark_mode(value=app.storage.user.get("dark"))
    with Tag("header", classes="bar") as bar:
        _link(say("brand"), "/", "brand")
        _burger(session)
        with ui.element("div").classes("folds").props("id=places"):
            _places(session, place)
            Tag("span", classes="grow")
            if len(session.tenants) > 1:
                _tenants(session)
            user_menu(session)
            _language(session)
            _dark(session, dark)
    bar.on("keydown", js_handler=_CLOSE)
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


def explain_refusal(session: Session, title: str, error: HubError) -> None:
    """A page's content when the hub refuses what it would show."""
    told = session.told(error)
    explain(session, title, told.problem, told.remedy)


def refuse(session: Session, title: str, text: str, remedy: str) -> None:
    """A page's content for whom it is not: why, whom to ask, and the way back."""
    with ui.element("div").classes("notice refused").props("role=alert"):
        Tag("span", "⊘", "sign").props("aria-hidden=true")
        Tag("h1", title)
        Tag("p", text)
        Tag("p", remedy, "strong")
        _link(session.say("back"), "/", "button quiet")


def _link(text: str, target: str, classes: str) -> None:
    Tag("a", text, classes).props(f"href={target}")


def _burger(session: Session) -> None:
    """What unfolds the places on a screen that is too narrow for them."""
    button = Tag("button", "☰", "tool burger").on("click", js_handler=_TOGGLE)
    button.props("aria-expanded=false aria-controls=places").props["aria-label"] = session.say("menu")


def _places(session: Session, here: str) -> None:
    with Tag("nav", classes="places") as nav:
        for name, path, actions in _PLACES:
            if not actions or any(may(session.came_as, action) for action in actions):
                link = Tag("a", session.say(name), "place").props(f"href={path}")
                if name == here:
                    link.props("aria-current=page")
    nav.props["aria-label"] = session.say("places")


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
