"""What records are to get: the field, and its new value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from agents.planning.deeds.catalogue import Kind
from agents.planning.deeds.lexicon import STATES
from agents.planning.deeds.looking import Lookups, Record, times_of
from agents.planning.deeds.people import Person
from agents.planning.deeds.wish import Wish
from agents.planning.values import read_durations

_TO = re.compile(r"\b(?:to|into|as|now)\s+(?:the\s+)?(?=\S)", re.IGNORECASE)
_SHIFTS = re.compile(r"\b(?:push back|delay|postpone|move|moving)\b", re.IGNORECASE)
_RENAMES = re.compile(r"\brenamed?\b|\b(?:change|update|set) the (?:name|title)\b", re.IGNORECASE)
_STATE_FIELDS = ("list_name", "status", "state", "stage", "column")
# What the field with the one in charge of a record may be called.
PERSON_FIELDS = ("assigned_to_email", "assignee", "owner", "assigned_to")
_END = re.compile(r"[\s.?!]+$")


@dataclass(frozen=True, slots=True)
class Change:
    """A field and its new value, or how far its time is moved. What is said after place `until` tells of the change."""

    field: str
    value: str | None
    shift: timedelta | None
    until: int

    def value_for(self, record: Record) -> tuple[str, str] | None:
        """The field of this record and its new value; None when it has no time to move."""
        if self.shift is None:
            return (self.field, self.value) if self.value is not None else None
        stamps = times_of(record)
        name = self.field if self.field in stamps else next(iter(stamps), None)
        return None if name is None else (name, str(stamps[name] + self.shift))


def read_change(wish: Wish, kind: Kind, targets: Sequence[Person], lookups: Lookups) -> Change | None:
    """The change that the request asks for; None when it is not clear."""
    text = wish.plain
    by = re.search(r"\bby\s+$", text[: spans[0].start]) if (spans := read_durations(text)) else None
    if by and _SHIFTS.search(text):
        return Change("", None, spans[0].value, by.start())
    if _RENAMES.search(text):
        return _renamed(wish, kind)
    person = next((name for name in PERSON_FIELDS if name in kind.fields), None)
    if person and len(targets) == 1:
        return Change(person, targets[0].address, None, len(text))
    return _stated(text, kind, lookups)


def _renamed(wish: Wish, kind: Kind) -> Change | None:
    places = [place for place in _TO.finditer(wish.plain) if place[0].casefold().startswith("to")]
    name = next((name for name in kind.fields if name in (f"{kind.noun}_name", "name", "title")), None)
    if name is not None and wish.called is not None:
        return Change(name, wish.called.value, None, wish.called.start)
    if not places or name is None:
        return None
    value = _END.sub("", wish.text[places[-1].end() :])
    return Change(name, value.strip("'\""), None, places[-1].start()) if value else None


def _stated(text: str, kind: Kind, lookups: Lookups) -> Change | None:
    """To a listed value of some field, or to a state of work: the last one said after “to”."""
    for place in reversed(list(_TO.finditer(text))):
        rest = text[place.end() :].casefold()
        for name, values in kind.values.items():
            for value in values:
                if name in kind.fields and _begins(rest, value.casefold()):
                    return Change(name, value, None, place.start())
        state = next((state for state in sorted(STATES, key=len, reverse=True) if _begins(rest, state)), None)
        field = next((field for field in _STATE_FIELDS if field in kind.fields), None)
        known = spelled(state, field, kind, lookups) if state and field else None
        if field and known:
            return Change(field, known, None, place.start())
    return None


def _begins(text: str, words: str) -> bool:
    return re.match(rf"{re.escape(words)}(?!\w)", text) is not None


def spelled(value: str, name: str, kind: Kind, lookups: Lookups) -> str | None:
    """The value as the records have it; None when none has it."""
    for known in kind.values.get(name, ()):
        if known.casefold() == value.casefold():
            return known
    if kind.find is None or name not in {each.name for each in kind.find.arguments}:
        return None
    answer = lookups.ask(kind.find.name, {name: value})
    found = answer if isinstance(answer, list | tuple) else []
    return next((str(one[name]) for one in found if str(one.get(name, "")).casefold() == value.casefold()), None)
