"""Who the visitor is, at the top of each page: signed in, or acting as somebody while the installation is open."""

from nicegui import app, ui

from console.elements import Tag
from console.session import Session
from hub.people import get_user
from hub.rendering.labels import load_labels


def user_menu(session: Session) -> None:
    """The visitor's name with the ways out; the choice of a person while there is no sign-in."""
    if not session.is_open:
        _signed_in(session)
    elif session.users:
        _acting(session)


def _signed_in(session: Session) -> None:
    say, caller = load_labels(session.lang, "sign_in"), session.came_as
    with ui.element("details").classes("user"):
        Tag("summary", _name(session)).props["aria-label"] = say("signed_in_as", name=_name(session))
        with ui.element("div").classes("menu"):
            Tag("p", ", ".join(sorted(say.name(role) for role in caller.roles)), "soft")
            if caller.regions is not None:
                Tag("p", ", ".join(sorted(caller.regions)), "soft")
            _way_out(say("sign_out"), everywhere=False)
            _way_out(say("sign_out_everywhere"), everywhere=True)


def _way_out(text: str, *, everywhere: bool) -> None:
    with Tag("form").props('method=post action="/session/end"'):
        if everywhere:
            Tag("input").props("type=hidden name=everywhere value=true")
        Tag("button", text, "button quiet").props("type=submit")


def _name(session: Session) -> str:
    caller = session.came_as
    known = {user.id: user.name for user in session.users}
    if caller.user == "owner":
        return session.say("owner")
    return known.get(caller.user) or get_user(session.platform, caller.tenant, caller.user).name


def _acting(session: Session) -> None:
    """Choose as whom to act: while there is no sign-in, whoever sits at the installation may be anybody."""
    owner = session.platform.owner(session.came_as.tenant).user
    names = {owner: session.say("owner"), **{user.id: user.name for user in session.users}}

    def switch(user: str) -> None:
        app.storage.user["user"] = user
        ui.navigate.reload()

    select = ui.select(names, value=session.came_as.user, on_change=lambda e: switch(e.value))
    select.props("dense borderless").props["aria-label"] = session.say("acting_as")
    select.tooltip(load_labels(session.lang, "sign_in")("open_note"))
