"""What every page of the administration has: its parts, for those who may, and why not for the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from nicegui import ui

from console.elements import Tag, note
from console.frame import frame, refuse
from console.session import Session
from core.identity import Role
from core.policy.permissions import Action, may
from hub.access.entering import is_open
from hub.rendering.labels import Labels, load_labels


class Part(StrEnum):
    """A part of the administration."""

    PEOPLE = "people"
    REGIONS = "regions"
    KEYS = "keys"
    MODELS = "models"
    SYSTEMS = "systems"
    WORK = "work"


_NEEDS = {
    Part.PEOPLE: Action.MANAGE_PEOPLE,
    Part.REGIONS: Action.MANAGE_PEOPLE,
    Part.KEYS: Action.MANAGE_KEYS,
    Part.MODELS: Action.READ_SPENDING,
    Part.SYSTEMS: Action.READ_METRICS,
    Part.WORK: Action.READ_METRICS,
}


def first_part(session: Session) -> Part | None:
    """The first part that is for the visitor; None when none is."""
    return next((part for part in Part if may(session.came_as, _NEEDS[part])), None)


def admin_words(session: Session) -> Labels:
    """The words of the administration."""
    return load_labels(session.lang, "admin")


@contextmanager
def admin_frame(session: Session, part: Part) -> Iterator[bool]:
    """The page around a part; False, with the reason on the page, when it is not for the visitor.

    What is done on the page is refused by the hub as well.
    """
    say = admin_words(session)
    with frame(session, say("title"), "admin"):
        if not may(session.came_as, _NEEDS[part]):
            refuse_admin(session)
            yield False
            return
        with Tag("header", classes="top"):
            with ui.element("div"):
                Tag("h1", say("title"))
                note(say("hint"))
            _parts(session, say, part)
        if part in (Part.PEOPLE, Part.KEYS) and is_open(session.platform):
            with ui.element("div").classes("gaps").props("role=note"):
                Tag("strong", say("open_title"))
                Tag("p", say("open_text"))
        yield True


def refuse_admin(session: Session) -> None:
    """Why the administration is not for the visitor, and whom to ask."""
    say = admin_words(session)
    names = [user.name for user in session.users if Role.ADMIN in user.roles]
    refuse(session, say("no_role"), say("no_role_text"), say("ask_whom", names=names) if names else say("ask_owner"))


def _parts(session: Session, say: Labels, here: Part) -> None:
    with Tag("nav", classes="segments") as nav:
        for part in Part:
            if may(session.came_as, _NEEDS[part]):
                link = Tag("a", say(part.value)).props(f"href=/admin/{part.value}")
                if part is here:
                    link.props("aria-current=page")
    nav.props["aria-label"] = say("parts")
