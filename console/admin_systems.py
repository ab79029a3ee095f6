"""The systems of record: whether each answers, how fresh it is, what is held of it."""

from nicegui import ui

from console.admin_frame import admin_words
from console.elements import Tag, chip, note, row, table
from console.frame import explain_refusal
from console.session import Session
from core.domain.health import Health, SystemHealth
from core.errors import HubError
from hub.health import check_systems
from hub.rendering.labels import load_labels

_CHIPS = {Health.OK: "", Health.STALE: "stale", Health.DOWN: "high", Health.EMPTY: "plain"}


def show_systems(session: Session) -> None:
    """A card for each system; they are asked once the page is there."""
    say = admin_words(session)
    with ui.element("div").classes("line"):
        note(say("systems_hint"))
        again = Tag("button", say("check_again"), "button quiet")
    place = ui.element("div").classes("systems").props("aria-live=polite")

    async def check() -> None:
        place.clear()
        with place:
            note(say("checking"))
        try:
            found = await check_systems(session.platform, session.caller)
        except HubError as error:
            place.clear()
            with place:
                explain_refusal(session, session.say("error_title"), error)
            return
        place.clear()
        with place:
            for each in found:
                _system(session, each)

    again.on("click", check)
    ui.timer(0, check, once=True)


def _system(session: Session, found: SystemHealth) -> None:
    say, names, boards = admin_words(session), session.names, load_labels(session.lang, "boards")
    moment, number = names.filters["moment"], names.filters["number"]
    with Tag("section", classes=f"panel system {found.health}"):
        with ui.element("div").classes("line"):
            Tag("h2", names.name(found.system))
            chip(say.name(found.health), _CHIPS[found.health])
        if found.reason is not None:
            phrase = f"reason_{found.reason}"
            known = say(phrase) if phrase in say.book.kinds else found.reason
            Tag("p", f"{known} {found.detail}".strip(), "reason missing")
        at = found.last_good_at
        note(say("last_good", at=at) if at else say("never_good"))
        facts = [say("records_held", count=found.records)]
        if found.ms is not None:
            facts.append(say("answered_in", ms=found.ms))
        if found.resting:
            facts.append(say("writes_rest"))
        else:
            facts.append(say("writes_go" if found.writable else "reads_only"))
        note(names.chain(facts))
        if found.kinds:
            with Tag("details"):
                Tag("summary", say("col_kind"))
                made = table([say("col_kind"), say("col_count"), say("col_last")], (1,))
                for kind in found.kinds:
                    phrase = f"kind_{kind.kind}"
                    name = boards(phrase) if phrase in boards.book.kinds else kind.kind
                    row(made, name, number(kind.records), (moment(kind.last_good_at), "soft"))
