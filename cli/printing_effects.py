"""Effects as a person reads them in a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from core.domain.effects import Delivery, DeliveryStatus, Effect, EffectStatus, Seat
from hub.effects.ledger import DeadLetter, EffectDetail
from hub.effects.proposing import FollowUps
from hub.rendering.effects import EffectWords
from hub.rendering.refusals import translate

_ALARM = "bold red"


def print_list(
    console: Console,
    words: EffectWords,
    effects: Sequence[Effect],
    dead: Sequence[DeadLetter],
    names: Mapping[str, str],
    *,
    filtered: bool = False,
) -> None:
    """A row per effect; what was given up is told apart, with the problem, and counted below."""
    say = words.say
    if not effects:
        console.print(say("none_so" if filtered else "no_effects"), markup=False)
    else:
        # An id that is cut short is of no use: the other columns give way.
        columns = ("column_status", "column_operation", "column_account", "column_by")
        whole = Column(say("column_id"), no_wrap=True, min_width=max(len(effect.id) for effect in effects))
        table = Table(whole, *(say(column) for column in columns), box=None)
        for effect in effects:
            alarming = effect.status is EffectStatus.DEAD
            table.add_row(
                effect.id,
                Text(say.name(effect.status), style=_ALARM if alarming else ""),
                Text(words.gist(effect)),
                Text(names.get(effect.account_id, effect.account_id)),
                effect.proposed_by.user,
            )
        console.print(table)
    if dead:
        console.print()
        console.print(Text(say("dead_letters", count=len(dead)), style=_ALARM))
        for letter in dead:
            console.print(Text(f"  {letter.effect.id}  {words.error(letter.delivery) or ''}"))


def print_detail(
    console: Console, words: EffectWords, detail: EffectDetail, *, account: str | None, subject: str | None
) -> None:
    """The preview old → new, who must agree and has, how far the sending is, and what to do when it was given up."""
    say, effect = words.say, detail.effect
    head = say(
        "head",
        operation=say.name(effect.payload.operation),
        account=account or effect.account_id,
        system=say.name(effect.system),
        risk=say.name(effect.risk),
    )
    console.print(Text(head, style="bold"))
    _line(console, words, "column_id", effect.id)
    if subject:
        _line(console, words, "about", subject)
    status = say.name(effect.status) + (say.aside(effect.reason) if effect.reason else "")
    _line(console, words, "status", status)
    console.print(Text(say("proposed", who=effect.proposed_by.user, at=effect.created_at)))
    if effect.status is EffectStatus.PROPOSED:
        console.print(Text(say("expires", at=effect.expires_at)))
    _line(console, words, "digest", effect.digest)
    console.print()
    console.print(_preview(words, effect))
    console.print()
    if detail.seats:
        console.print(_path(words, detail.seats))
    else:
        console.print(Text(say("at_once", rules=say.chain(effect.route.rules))))
    for delivery in detail.deliveries:
        _print_delivery(console, words, delivery)


def print_follow_ups(console: Console, words: EffectWords, found: FollowUps, names: Mapping[str, str]) -> None:
    """What was proposed after a visit, and what could not be, with the reason."""
    if found.effects:
        print_list(console, words, found.effects, (), names)
    elif not found.skipped:
        console.print(Text(words.say("nothing_to_propose")))
    for skipped in found.skipped:
        reason = words.say.pair(words.say.name(skipped.operation), translate(skipped.reason, words.say.lang))
        console.print(Text(words.say.pair(words.say("skipped"), reason)))


def _line(console: Console, words: EffectWords, name: str, text: str) -> None:
    console.print(Text(words.say.pair(words.say(name), text)), soft_wrap=True)


def _preview(words: EffectWords, effect: Effect) -> Table:
    say = words.say
    table = Table(say("column_field"), say("column_old"), "", say("column_new"), box=None)
    for change in effect.preview:
        old, new = (Text(words.value(effect, change, value)) for value in (change.old, change.new))
        table.add_row(words.field(change), old, "→", new)
    return table


def _path(words: EffectWords, seats: Sequence[Seat]) -> Table:
    say = words.say
    columns = ("column_step", "column_role", "column_rule", "column_reason", "column_decision")
    table = Table(*(say(column) for column in columns), box=None)
    for seat in seats:
        decision = say.name(seat.status)
        if seat.decided_by and seat.decided_at:
            decision = say("decided", status=decision, who=seat.decided_by, at=seat.decided_at)
        if seat.comment:
            decision += say.aside(seat.comment)
        reason = words.reason(seat)
        table.add_row(str(seat.position), say.name(seat.role), Text(seat.rule), Text(reason), Text(decision))
    return table


def _print_delivery(console: Console, words: EffectWords, delivery: Delivery) -> None:
    say = words.say
    facts = [say.name(delivery.status), say("attempts", count=delivery.attempts)]
    if delivery.status is DeliveryStatus.WAITING:
        facts.append(say("next_attempt", at=delivery.due_at))
    if delivery.receipt is not None:
        facts.append(say("written", kind=delivery.receipt.record_kind, id=delivery.receipt.record_id))
    console.print()
    dead = delivery.status is DeliveryStatus.DEAD
    title = say("undoing" if delivery.undo else "sending")
    console.print(Text(say.pair(title, say.chain(facts)), style=_ALARM if dead else ""))
    problem = words.error(delivery)
    if problem is not None:
        _line(console, words, "problem", problem)
    if dead:
        _line(console, words, "remedy", words.remedy(delivery))
