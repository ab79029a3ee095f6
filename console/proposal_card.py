"""A proposed write as a card: what would change, who must agree, and what this person can do about it."""

import asyncio
from collections.abc import Callable, Iterable

from nicegui import ui

from console.acting import show_refusal
from console.chat_words import ChatWords
from console.elements import Tag, chip, note
from console.session import Session
from core.domain.chat import Answer
from core.domain.effects import EffectStatus, Seat, SeatStatus
from core.errors import HubError
from hub.directory import name_accounts, name_subject
from hub.effects.decisions import decide_effect, may_fill
from hub.effects.endings import withdraw_effect
from hub.effects.ledger import EffectDetail, get_effect

STATUS_CHIPS = {
    EffectStatus.PROPOSED: "medium",
    EffectStatus.CONFIRMED: "",
    EffectStatus.DEAD: "high",
    EffectStatus.REJECTED: "high",
}
_NAMED = 3
_LOOK_AGAIN_S = 1.0
_LOOKS = 30
# How answers cite effects.
_EFFECT = "hub:effect:"


class ProposalCard:
    """One effect; drawn anew after each action."""

    def __init__(self, session: Session, words: ChatWords, detail: EffectDetail) -> None:
        self._session = session
        self._words = words
        self._detail = detail
        self._typed = ""
        # What the hub needs the database for is read before drawing, away from the event loop where that runs.
        self._subject = _subject(session, detail)

    @property
    def can_decide(self) -> bool:
        """Whether the visitor may approve or reject it now."""
        effect, caller = self._detail.effect, self._session.caller
        waiting = [seat for seat in self._detail.seats if seat.status is SeatStatus.OPEN]
        is_open = effect.status is EffectStatus.PROPOSED and caller.user != effect.proposed_by.user
        return is_open and any(may_fill(caller, seat) for seat in waiting)

    def build(self) -> None:
        """Draw it."""
        self._place = Tag("section", classes="proposal")
        self._draw()
        self._looks = 0
        self._timer = ui.timer(_LOOK_AGAIN_S, self._look, active=self._is_moving)

    def _draw(self) -> None:
        words, effect = self._words.effects, self._detail.effect
        self._place.clear()
        self._place.props["aria-label"] = words.gist(effect)
        with self._place:
            with Tag("header"):
                with ui.element("div"):
                    Tag("p", self._words.say.pair(self._words.say("proposal"), words.say.name(effect.system)), "kicker")
                    Tag("h3", words.gist(effect))
                chip(words.say.name(effect.status), STATUS_CHIPS.get(effect.status, "plain"))
            if self._subject:
                note(self._subject)
            self._changes()
            self._seats()
            self._actions()

    @property
    def _is_moving(self) -> bool:
        """Whether it is on its way, so that it will be confirmed in a moment."""
        return self._detail.effect.status in (EffectStatus.APPROVED, EffectStatus.SENT) and self._looks < _LOOKS

    async def _look(self) -> None:
        self._looks += 1
        before = self._detail
        self._detail = await self._read()
        if self._detail != before:
            self._draw()
        self._timer.active = self._is_moving

    async def _read(self) -> EffectDetail:
        effect = self._detail.effect
        return await asyncio.to_thread(get_effect, self._session.platform, self._session.caller, effect.id)

    def _changes(self) -> None:
        words, effect = self._words.effects, self._detail.effect
        with Tag("dl", classes="changes"):
            for change in effect.preview:
                old, new = (words.value(effect, change, value) for value in (change.old, change.new))
                Tag("dt", words.field(change))
                with Tag("dd"):
                    if change.old is not None and change.old != change.new:
                        Tag("del", old)
                        Tag("span", " → ", "soft").props("aria-hidden=true")
                    Tag("ins" if change.old != change.new else "span", new)

    def _seats(self) -> None:
        say, effect = self._words.say, self._detail.effect
        if not self._detail.seats:
            note(self._words.effects.say("at_once", rules=", ".join(effect.route.rules)))
            return
        with Tag("ul", classes="seats"):
            for seat in self._detail.seats:
                done = seat.status is not SeatStatus.OPEN
                with Tag("li", classes=seat.status.value):
                    Tag("span", self._seat(seat))
                    if seat.comment or not done:
                        Tag("span", seat.comment or self._words.effects.reason(seat), "soft")
        if effect.status is EffectStatus.PROPOSED:
            note(say("proposal_hint"))

    def _seat(self, seat: Seat) -> str:
        say, role = self._words.say, self._words.effects.say.name(seat.role)
        if seat.decided_by is not None and seat.decided_at is not None:
            status = self._words.effects.say.name(seat.status)
            told = self._words.effects.say("decided", status=status, who=seat.decided_by, at=seat.decided_at)
            return f"{role} · {told}"
        if seat.status is not SeatStatus.OPEN:
            return f"{role} · {self._words.effects.say.name(seat.status)}"
        proposer = self._detail.effect.proposed_by.user
        names = [user.name for user in self._session.users if seat.role in user.roles and user.id != proposer]
        if not names:
            return say("waits_for", role=role)
        return say("waits_for_people", role=role, names=names[:_NAMED])

    def _actions(self) -> None:
        effect, caller, say = self._detail.effect, self._session.caller, self._session.say
        own = caller.user == effect.proposed_by.user
        reason = None
        if self.can_decide:
            reason = ui.input(self._words.say("reason_label"), value=self._typed).props("outlined dense maxlength=2000")
        elif effect.status is EffectStatus.PROPOSED:
            note(self._words.say("own" if own else "not_yours"))
        with ui.element("div").classes("actions"):
            if reason is not None:
                field = reason
                Tag("button", say("approve"), "button").on("click", lambda: self._decide(field, approve=True))
                Tag("button", say("reject"), "button quiet").on("click", lambda: self._decide(field, approve=False))
            if own and effect.status in (EffectStatus.PROPOSED, EffectStatus.APPROVED):
                platform = self._session.platform
                withdraw = Tag("button", say("withdraw"), "button quiet")
                withdraw.on("click", lambda: self._do(lambda: withdraw_effect(platform, caller, effect.id)))
            Tag("a", self._words.say("open_effect"), "button quiet").props(f"href=/effects/{effect.id}")

    async def _decide(self, field: ui.input, *, approve: bool) -> None:
        effect = self._detail.effect
        self._typed = reason = (field.value or "").strip()
        platform, caller = self._session.platform, self._session.caller
        await self._do(
            lambda: decide_effect(platform, caller, effect.id, approve=approve, reason=reason, digest=effect.digest)
        )

    async def _do(self, act: Callable[[], object]) -> None:
        """Do it away from the event loop, which must not wait for the database; then show how things stand."""
        try:
            await asyncio.to_thread(act)
        except HubError as error:
            show_refusal(self._session, error)
        self._detail = await self._read()
        self._draw()
        self._looks = 0
        self._timer.active = self._is_moving


def effects_of(answer: Answer) -> list[str]:
    """The effects that an answer proposes, then those that it tells of."""
    told = [source.record for source in answer.sources if source.id.startswith(_EFFECT)]
    return [*dict.fromkeys((*answer.proposals, *told))]


def load_cards(session: Session, words: ChatWords, answers: Iterable[Answer]) -> dict[str, ProposalCard]:
    """The cards of those effects that the visitor may still see, by id; it waits for the database."""
    cards = {}
    for id_ in dict.fromkeys(id_ for answer in answers for id_ in effects_of(answer)):
        try:
            cards[id_] = ProposalCard(session, words, get_effect(session.platform, session.caller, id_))
        except HubError:
            continue
    return cards


def _subject(session: Session, detail: EffectDetail) -> str:
    """The customer, and the record that an update is about: whoever decides must see of which one."""
    effect, caller = detail.effect, session.caller
    names = name_accounts(session.platform, caller, [effect.account_id])
    subject = name_subject(session.platform, caller, effect.payload)
    return " · ".join(filter(None, (names.get(effect.account_id, effect.account_id), subject)))
