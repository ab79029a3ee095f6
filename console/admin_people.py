"""The people of the company: who they are, what they may, how they sign in."""

from nicegui import ui

from console.admin_frame import admin_words
from console.elements import Tag, chip, note, table
from console.session import Session
from core.domain.people import User
from hub.access.standing import Standing, list_standings
from hub.rendering.labels import load_labels

# Hides the rows that do not have the text; in the browser, so that it follows each key.
_FIND = """(event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of document.querySelectorAll("tr.person"))
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
}"""


def show_people(session: Session) -> None:
    """The list, those who are no longer active apart."""
    say = admin_words(session)
    found = list_standings(session.platform, session.caller)
    active = [each for each in found if each.user.active]
    with Tag("section", classes="panel"):
        with ui.element("div").classes("line"):
            Tag("h2", say("people"))
            Tag("a", say("add_person"), "button").props("href=/admin/new-person")
        if not active:
            with ui.element("div").classes("nothing"):
                Tag("p", say("people_none"), "strong")
                note(say("people_none_text"))
        else:
            find = Tag("input", classes="find").props("type=search").on("input", js_handler=_FIND)
            find.props["placeholder"] = find.props["aria-label"] = say("find_person")
            _People(session).rows(active)
        gone = [each for each in found if not each.user.active]
        if gone:
            with Tag("details"):
                Tag("summary", say("inactive", count=len(gone)))
                _People(session).rows(gone)


class _People:
    def __init__(self, session: Session) -> None:
        self._say = admin_words(session)
        self._roles = load_labels(session.lang, "sign_in")
        self._moment = session.names.filters["moment"]
        self._has_provider = session.platform.settings.oidc_issuer is not None

    def rows(self, standings: list[Standing]) -> None:
        say = self._say
        head = [say(f"col_{name}") for name in ("person", "roles", "regions", "sign_in", "seen")]
        body, _right = table(head)
        for each in standings:
            user = each.user
            with body, Tag("tr", classes="person"):
                with Tag("td"):
                    Tag("a", user.name, "strong").props["href"] = f"/admin/people/{user.id}"
                    Tag("div", user.id, "soft")
                with Tag("td"):
                    for role in sorted(user.roles):
                        chip(self._roles.name(role), "plain")
                Tag("td", self._regions(user))
                with Tag("td"):
                    self._sign_in(each)
                Tag("td", self._moment(each.seen_at) if each.seen_at else say("never_seen"), "soft")

    def _regions(self, user: User) -> str:
        if user.regions is None:
            return self._say("every_region")
        return self._roles.filters["listing"](sorted(user.regions)) if user.regions else self._say("no_region")

    def _sign_in(self, standing: Standing) -> None:
        say = self._say
        if not standing.user.active:
            chip(say("inactive_chip"), "plain")
        elif standing.locked_until is not None:
            chip(say("locked"), "high")
        elif standing.has_password:
            chip(say("has_password"))
        else:
            chip(say("by_provider" if self._has_provider else "no_password"), "" if self._has_provider else "medium")
