"""What is being done, by whom, and what was given up and waits for a person."""

from nicegui import ui

from console.admin_frame import admin_words
from console.elements import Tag, chip, note, table
from console.session import Session
from core.domain.effects import DeliveryStatus
from core.domain.health import WorkState
from core.domain.workers import Worker, WorkerStatus
from hub.directory import name_accounts
from hub.effects.ledger import list_dead_letters
from hub.health import work_state
from hub.rendering.effects import load_effect_words

_CHIPS = {WorkerStatus.ALIVE: "", WorkerStatus.LEFT: "plain", WorkerStatus.LOST: "high"}
_EVERY_S = 5.0
_SHOWN = 20


def show_work(session: Session) -> None:
    """The figures, the workers, and the dead letters; looked at again every few seconds."""
    say = admin_words(session)
    note(say("work_hint"))
    place = ui.element("div").classes("stack")

    def draw() -> None:
        state = work_state(session.platform, session.caller)
        place.clear()
        with place:
            _figures(session, state)
            with Tag("section", classes="panel"):
                _dead(session)
            with Tag("section", classes="panel"):
                _workers(session, state)

    draw()
    ui.timer(_EVERY_S, draw, immediate=False)


def _figures(session: Session, state: WorkState) -> None:
    say, number = admin_words(session), session.names.filters["number"]
    going = sum(state.outbox.get(status.value, 0) for status in (DeliveryStatus.WAITING, DeliveryStatus.SENT))
    dead = state.outbox.get(DeliveryStatus.DEAD.value, 0)
    figures = (
        ("workers_alive", len(state.alive), not state.alive),
        ("jobs_running", state.running, False),
        ("jobs_queued", state.queued, False),
        ("writes_waiting", going, False),
        ("writes_dead", dead, dead > 0),
    )
    with ui.element("div").classes("tiles few"):
        for name, value, is_bad in figures:
            with ui.element("div").classes("tile"):
                Tag("span", say(name), "soft")
                Tag("span", number(value), "big bad" if is_bad else "big")


def _dead(session: Session) -> None:
    say, words = admin_words(session), load_effect_words(session.lang)
    Tag("h2", say("dead_letters"))
    found = list_dead_letters(session.platform, session.caller, _SHOWN)
    if not found:
        Tag("p", say("dead_none"), "nothing")
        return
    names = name_accounts(session.platform, session.caller, [letter.effect.account_id for letter in found])
    with ui.element("div").classes("runs"):
        for letter in found:
            effect, delivery = letter.effect, letter.delivery
            with Tag("a", classes="run").props(f"href=/effects/{effect.id}"):
                with ui.element("div").classes("line"):
                    Tag("strong", words.gist(effect))
                    chip(say("attempts", count=delivery.attempts), "high")
                Tag("div", names.get(effect.account_id, effect.account_id))
                Tag("div", words.error(delivery) or "", "soft")


def _workers(session: Session, state: WorkState) -> None:
    say, moment = admin_words(session), session.names.filters["moment"]
    Tag("h2", say("workers"))
    if not state.alive:
        Tag("p", say("workers_none"), "reason missing")
    if state.workers:
        body, _right = table([say("col_worker"), say("col_state"), say("col_started"), say("col_seen")])
        for worker in state.workers:
            status = _status(worker, state)
            with body, Tag("tr"):
                with Tag("td"):
                    Tag("strong", worker.name)
                    Tag("div", f"{worker.host} · {worker.pid}", "soft")
                with Tag("td"):
                    chip(say.name(status), _CHIPS[status])
                Tag("td", moment(worker.started_at), "soft")
                Tag("td", moment(worker.seen_at), "soft")


def _status(worker: Worker, state: WorkState) -> WorkerStatus:
    """One that has been silent for longer than its lease is lost, though nobody has said so yet."""
    if worker.status is WorkerStatus.ALIVE and worker.name not in state.alive:
        return WorkerStatus.LOST
    return worker.status
