"""What the hub wants to write, wrote or could not write: the list, and one effect with all a person can decide."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui
from starlette.requests import Request

from console.acting import attempt, show_refusal
from console.elements import Tag, chip, note, row, table
from console.frame import explain, frame
from console.session import Session, open_session
from console.shortcuts import add_shortcuts
from core.domain.effects import Effect, EffectStatus, Seat, SeatStatus
from core.errors import HubError, NotFoundError
from core.policy.permissions import Action, may
from hub.directory import name_accounts, name_subject
from hub.effects.decisions import decide_effect
from hub.effects.endings import retry_effect, withdraw_effect
from hub.effects.ledger import EffectDetail, get_effect, list_dead_letters, list_effects
from hub.installation import Platform
from hub.rendering.effects import EffectWords, load_effect_words

_SHOWN = 200
_CHIPS = {
    EffectStatus.PROPOSED: "medium",
    EffectStatus.CONFIRMED: "",
    EffectStatus.DEAD: "high",
    EffectStatus.REJECTED: "high",
}
_OTHER_CHIP = "plain"
_LIST_KEYS = (("j", "key_next"), ("k", "key_previous"), ("Enter", "key_open"))
_KEYS = (("a", "key_approve"), ("r", "key_reject"), ("c", "key_reason"))


def add_effects_pages(platform: Platform) -> None:
    """Register the pages at `/effects` and `/effects/{effect_id}`."""

    @ui.page("/effects")
    def listed(request: Request, status: str = "", run: str | None = None) -> None:
        session = open_session(platform, request)
        with frame(session, session.say("effects"), "effects"):
            _list(session, EffectStatus(status) if status in set(EffectStatus) else None, run)

    @ui.page("/effects/{effect_id}")
    def one(effect_id: str, request: Request) -> None:
        session = open_session(platform, request)
        try:
            detail = get_effect(platform, session.caller, effect_id)
        except NotFoundError:
            with frame(session, session.say("unknown_effect")):
                explain(session, session.say("unknown_effect"), session.say("unknown_text"))
            return
        with frame(session, session.say("effects"), "effects"):
            _Detail(session, load_effect_words(session.lang), detail).build()
            add_shortcuts(session, _KEYS)


def _list(session: Session, status: EffectStatus | None, run_id: str | None) -> None:
    words = load_effect_words(session.lang)
    found = list_effects(session.platform, session.caller, status=status, run_id=run_id, limit=_SHOWN)
    letters = list_dead_letters(session.platform, session.caller, _SHOWN)
    errors = {letter.effect.id: words.error(letter.delivery) or "" for letter in letters}
    names = name_accounts(session.platform, session.caller, [effect.account_id for effect in found])
    with Tag("section", classes="panel"):
        Tag("h1", session.say("effects"))
        note(session.say("effects_hint"))
        with Tag("nav", classes="filters actions") as nav:
            _filter(session.say("all"), "", status is None)
            for each in EffectStatus:
                count = f" · {len(letters)}" if each is EffectStatus.DEAD and letters else ""
                _filter(words.say.name(each) + count, each.value, each is status)
        nav.props["aria-label"] = session.say("effects_filters")
        if not found:
            with ui.element("div").classes("nothing"):
                Tag("p", session.say("effects_none"), "strong")
                note(session.say("effects_none_hint"))
        with ui.element("div").classes("runs"):
            for effect in found:
                _line(session, words, effect, names.get(effect.account_id, effect.account_id), errors)
    add_shortcuts(session, _LIST_KEYS)


def _filter(text: str, status: str, chosen: bool) -> None:  # noqa: FBT001
    link = Tag("a", text, "button quiet chosen" if chosen else "button quiet")
    link.props(f"href=/effects{'?status=' + status if status else ''}")
    if chosen:
        link.props("aria-current=page")


def _line(session: Session, words: EffectWords, effect: Effect, account: str, errors: dict[str, str]) -> None:
    with Tag("a", classes="run").props(f"href=/effects/{effect.id}"):
        with ui.element("div").classes("line"):
            Tag("strong", words.gist(effect))
            chip(words.say.name(effect.status), _CHIPS.get(effect.status, _OTHER_CHIP))
        Tag("div", account)
        Tag("div", words.say("proposed", who=session.name_of(effect.proposed_by.user), at=effect.created_at), "soft")
        if effect.id in errors:
            Tag("div", errors[effect.id], "warn")
    # A link holds no button.
    if effect.id in errors and may(session.came_as, Action.RETRY_EFFECT):
        Tag("button", session.say("retry"), "button quiet").on("click", lambda: _retry(session, effect))


async def _retry(session: Session, effect: Effect) -> None:
    if await attempt(session, lambda: retry_effect(session.platform, session.caller, effect.id)):
        ui.navigate.to(f"/effects/{effect.id}")


@dataclass
class _Detail:
    session: Session
    words: EffectWords
    detail: EffectDetail
    typed: str = ""

    def build(self) -> None:
        """Draw the effect; it is drawn anew after each action."""
        self.place = ui.element("div")
        self._draw()

    def _draw(self) -> None:
        say, effect = self.words.say, self.detail.effect
        self.place.clear()
        with self.place, Tag("section", classes="panel"):
            names = name_accounts(self.session.platform, self.session.caller, [effect.account_id])
            with ui.element("div").classes("line"):
                Tag("h1", f"{say.name(effect.payload.operation)} · {names.get(effect.account_id, effect.account_id)}")
                chip(say.name(effect.status), _CHIPS.get(effect.status, _OTHER_CHIP))
            # The preview shows what changes; whoever decides must also see of which record.
            subject = name_subject(self.session.platform, self.session.caller, effect.payload)
            if subject is not None:
                note(say.pair(say("about"), subject))
            note(say("proposed", who=effect.proposed_by.user, at=effect.created_at))
            if effect.status is EffectStatus.PROPOSED:
                note(say("expires", at=effect.expires_at))
            self._preview()
            self._path()
            self._deliveries()
            self._actions()

    def _preview(self) -> None:
        say, effect = self.words.say, self.detail.effect
        rows = table([say("column_field"), say("column_old"), say("column_new")])
        for change in effect.preview:
            old, new = (self.words.value(effect, change, value) for value in (change.old, change.new))
            row(rows, self.words.field(change), (old, "soft"), (new, "strong" if change.old != change.new else ""))

    def _path(self) -> None:
        say = self.words.say
        Tag("h2", self.session.say("approval_path"))
        if not self.detail.seats:
            note(say("at_once", rules=", ".join(self.detail.effect.route.rules)))
            return
        rows = table([say(f"column_{name}") for name in ("step", "role", "decision", "reason")])
        for seat in self.detail.seats:
            row(rows, str(seat.position), say.name(seat.role), *self._decision(seat))

    def _decision(self, seat: Seat) -> tuple[str | tuple[str, str], str]:
        say = self.words.say
        chinese = self.session.lang.value == "zh"
        why = (chinese and seat.reason_zh) or seat.reason
        if seat.decided_by is None or seat.decided_at is None:
            return say.name(seat.status), why
        text = say("decided", status=say.name(seat.status), who=seat.decided_by, at=seat.decided_at)
        kind = "fine" if seat.status is SeatStatus.APPROVED else "warn"
        return (text, kind), seat.comment or why

    def _deliveries(self) -> None:
        say = self.words.say
        for delivery in self.detail.deliveries:
            Tag("h2", say("undoing" if delivery.undo else "sending"))
            state = [say.name(delivery.status), say("attempts", count=delivery.attempts)]
            if delivery.receipt is not None:
                receipt = delivery.receipt
                state.append(say("written", kind=receipt.record_kind, id=receipt.record_id))
            note(say.chain(state))
            problem = self.words.error(delivery)
            if problem:
                Tag("p", problem, "warn")

    def _actions(self) -> None:
        effect, caller = self.detail.effect, self.session.caller
        own = caller.user == effect.proposed_by.user
        say = self.session.say
        if effect.status is EffectStatus.PROPOSED and not own:
            self.reason = ui.input(say("reason"), value=self.typed).props("outlined maxlength=2000 data-key=c")
            self.reason.classes("reason")
            with ui.element("div").classes("actions"):
                yes = Tag("button", say("approve"), "button").on("click", lambda: self._decide(approve=True))
                no = Tag("button", say("reject"), "button quiet").on("click", lambda: self._decide(approve=False))
                yes.props["data-key"], no.props["data-key"] = "a", "r"
        elif effect.status is EffectStatus.PROPOSED:
            note(say("own_effect"))
        with ui.element("div").classes("actions"):
            if effect.status in (EffectStatus.PROPOSED, EffectStatus.APPROVED) and own:
                self._button("withdraw", lambda: withdraw_effect(self.session.platform, caller, effect.id))
            if effect.status is EffectStatus.DEAD and may(caller, Action.RETRY_EFFECT):
                self._button("retry", lambda: retry_effect(self.session.platform, caller, effect.id))

    def _button(self, name: str, act: Callable[[], object]) -> None:
        Tag("button", self.session.say(name), "button quiet").on("click", lambda: self._do(act))

    async def _decide(self, *, approve: bool) -> None:
        platform, effect = self.session.platform, self.detail.effect
        # A refused decision draws anew as well: what was typed stays, to be mended and sent again.
        self.typed = reason = (self.reason.value or "").strip()

        def decide() -> object:
            return decide_effect(
                platform, self.session.caller, effect.id, approve=approve, reason=reason, digest=effect.digest
            )

        await self._do(decide)

    async def _do(self, act: Callable[[], object]) -> None:
        """Do it away from the event loop, which must not wait for the database; then show how things stand."""
        try:
            await asyncio.to_thread(act)
        except HubError as error:
            show_refusal(self.session, error)
        self.detail = get_effect(self.session.platform, self.session.caller, self.detail.effect.id)
        self._draw()
