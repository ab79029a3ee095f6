"""Regions and teams with their customers, and who may enter them."""

from console.admin_frame import admin_words
from console.elements import Tag, note, table
from console.session import Session
from core.identity import BELOW
from hub.regions import list_regions

_NAMED = 4


def show_regions(session: Session) -> None:
    """The regions as a tree, each with its customers and its people."""
    say, number = admin_words(session), session.names.filters["number"]
    names = {user.id: user.name for user in session.users}
    with Tag("section", classes="panel"):
        Tag("h2", say("regions"))
        note(say("regions_hint"))
        found = list_regions(session.platform, session.caller)
        if not found:
            Tag("p", say("regions_none"), "nothing")
            return
        body, _right = table([say("col_region"), say("col_customers"), say("col_people")], (1,))
        for region in found:
            with body, Tag("tr"):
                above, _slash, own = region.name.rpartition(BELOW)
                cell = Tag("td", own, "" if above else "strong")
                cell.style(f"padding-left: {region.name.count(BELOW) * 1.4}rem").props["title"] = region.name
                Tag("td", number(region.customers), "n")
                people = [names.get(user, user) for user in region.people]
                if not people:
                    Tag("td", say("nobody_here"), "warn")
                    continue
                text = session.names.apposition(*people[:_NAMED])
                if len(people) > _NAMED:
                    text += f" {say('and_more', count=len(people) - _NAMED)}"
                Tag("td", text)
