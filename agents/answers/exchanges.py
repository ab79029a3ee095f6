"""Exchanges as several answers tell them: when, in which form, who, and the words that matter."""

from collections.abc import Iterable, Sequence
from typing import Any

from agents.analysis.quotes import display_name, names_by_address, said_by, shortened
from agents.analysis.salience import telling_line
from agents.analysis.voices import Line
from agents.answers.desk import Desk, named
from core.domain.accounts import Contact
from core.domain.interactions import NO_EXCHANGE, Author, Interaction
from core.text import address_of, normalise_name


def newest_first(interactions: Iterable[Interaction]) -> list[Interaction]:
    """The interactions in the order in which a reader wants them."""
    return sorted(interactions, key=lambda one: (one.at, one.id), reverse=True)


def last_of(interactions: Sequence[Interaction]) -> Interaction | None:
    """The latest exchange with the customer, which a note of our own is not; None without any."""
    return next((one for one in newest_first(interactions) if one.form not in NO_EXCHANGE), None)


def takes_part(person: Contact, interaction: Interaction) -> bool:
    """Whether the person wrote, received, spoke in or attended the exchange, by mail address or full name."""
    address = address_of(person.email) if person.email else None
    name = normalise_name(person.name)
    sides = [side for side in (interaction.sender, *interaction.recipients) if side]
    return any(address_of(side) == address or normalise_name(display_name(side)) == name for side in sides) or any(
        normalise_name(turn.speaker) == name for turn in interaction.turns
    )


def form_of(desk: Desk, interaction: Interaction) -> str:
    """The form of the exchange in the language of the answer."""
    return desk.term("history", f"form_{interaction.form}")


def days_since(desk: Desk, interaction: Interaction) -> int:
    """Whole days from the exchange to the day of the question, 0 for one that is later."""
    return max((desk.today - interaction.at.date()).days, 0)


def who_wrote(interaction: Interaction, contacts: Iterable[Contact]) -> str:
    """The sender by name where known; empty when it is one of us or not given."""
    if interaction.author is Author.INTERNAL or not interaction.sender:
        return ""
    shown = display_name(interaction.sender)
    return named(names_by_address(contacts).get(shown.casefold(), shown))


def say_line(desk: Desk, line: Line, contacts: Iterable[Contact]) -> None:
    """One sentence of an exchange, verbatim, with its day, form and speaker."""
    one = line.interaction
    known = bool(line.speaker or one.sender)
    desk.say(
        "exchange",
        line.source,
        at=one.at.date(),
        form=form_of(desk, one),
        subject=shortened(one.subject or ""),
        who=said_by(line, desk.note, names_by_address(contacts)) if known else "",
        quote=shortened(line.words),
    )


def say_exchange(desk: Desk, one: Interaction, contacts: Iterable[Contact]) -> None:
    """The sentence of the exchange that says most; the exchange alone when it has no words."""
    line = telling_line(one)
    if line is not None:
        say_line(desk, line, contacts)
        return
    desk.say("exchange_empty", one, at=one.at.date(), form=form_of(desk, one), subject=shortened(one.subject or ""))


def as_fact(one: Interaction) -> dict[str, Any]:
    """The exchange as programs want it, without its text."""
    return {"id": one.id, "at": one.at, "form": one.form, "sender": one.sender, "subject": one.subject}
