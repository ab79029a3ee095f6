"""Which records a request means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from agents.planning.deeds.catalogue import Kind
from agents.planning.deeds.changing import Change
from agents.planning.deeds.lexicon import (
    AHEAD,
    EVERY,
    FIRST,
    LAST,
    NOT_STARTED,
    OVERDUE,
    SILENT,
    STATES,
    UNFINISHED,
    URGENT,
    WAITING,
    WORKING,
)
from agents.planning.deeds.looking import Bounds
from agents.planning.deeds.people import Person
from agents.planning.deeds.wish import Wish
from agents.planning.said import OPENING_WORDS
from agents.planning.values import read_dates, read_durations, read_periods, read_times
from agents.planning.words import terms

_CLOCK = re.compile(r"\b(?:before|after|until|till)\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(before|after|until|till|from)\s*$", re.IGNORECASE)
_NAMED = re.compile(r"[A-Z][\w'-]+(?: (?:& |and |of )?[A-Z][\w'-]+)+")
# Words with a capital at the head of a request that are no part of a name.
_WORDS = """
delete reassign move give cancel remove mark put assign drop erase hand please change rename make plot our all take
push delay forward reply answer clear january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
"""
_HEADS = OPENING_WORDS | frozenset(_WORDS.split())
_NAMING = re.compile(r"[\w&' -]+")
_GENITIVE = re.compile(r"\w['’]s?(?:\s|$)")
_BREAKS = re.compile(
    r"\b(?:the|all|any|my|our|more|next|last|first|future|upcoming|latest|recent|urgent|cancel|delete|rename|change|name"
    r"|of|don't|need)\b",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"\b(?:with|from|about|regarding)\s+(?:(?:the|my|our|a|all|any)\s+)*(?P<rest>(?P<word>[A-Za-z][\w'-]*)[^.?!]*)",
    re.IGNORECASE,
)
_REFERRING = frozenset(
    ["them", "him", "her", "it", "me", "us", "mine", "now", "that", "this", "these", "those", "work", "last", "past"]
)
# Words that narrow the records meant in ways that nothing here reads.
_NARROWING = re.compile(
    r"\b(?:except|unless|without|excluding|other than|but not|only|if"
    r"|(?:longer|shorter|older|larger|smaller|more|less) than|instead)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Selection:
    """What is said of the records meant. `states` are allowed values by field, `works` of how far the work is.

    `order` is 1 for the first, -1 for the last of them, 0 for all; `single` when no more than one may be meant.
    `said` are the words that tell of the records; `clear` is false when some of them narrow it in a way not understood.
    """

    owners: tuple[str, ...] = ()
    phrase: str | None = None
    bounds: Bounds = (None, None)
    hours: tuple[time | None, time | None] = (None, None)
    states: tuple[tuple[str, frozenset[str]], ...] = ()
    works: frozenset[str] = frozenset()
    overdue: bool = False
    order: int = 0
    single: bool = True
    said: str = ""
    clear: bool = True


def read_selection(
    wish: Wish, kind: Kind, people: Sequence[Person], owners: Sequence[Person], change: Change | None
) -> Selection:
    """What the request says of its records, apart from what they are to get; `people` are all whom it names."""
    text, said = wish.plain, wish.plain
    if change is not None:
        said = said[: change.until]
        if change.value:
            said = re.sub(rf"\bto (?:the )?{re.escape(change.value)}\b", "", said, flags=re.IGNORECASE)
    phrase = wish.quote_after("about|regarding|on") or _phrase(said, kind)
    told = said.replace(phrase, "") if phrase else said
    bounds, hours = _bounds(told, wish.now), _hours(wish)
    selection = Selection(
        owners=tuple(one.address for one in owners),
        phrase=phrase,
        bounds=bounds,
        hours=hours,
        states=_states(said, kind),
        works=_works(said),
        overdue=bool(OVERDUE.search(text)),
        said=said,
        clear=_NARROWING.search(told) is None
        and (hours != (None, None) or not _CLOCK.search(told))
        and not _names_unknown(wish, kind, people, phrase),
    )
    if URGENT.search(text):
        return replace(selection, order=1, works=WAITING | WORKING)
    if FIRST.search(text):
        return replace(selection, order=1)
    if LAST.search(text):
        return replace(selection, order=-1)
    return replace(selection, single=not EVERY.search(text))


def _names_unknown(wish: Wish, kind: Kind, people: Sequence[Person], phrase: str | None) -> bool:
    """Whether the request names somebody or something, by “with”, “from” or “about”, that nothing here knows."""
    text, today = wish.plain, wish.now.date()
    known = [(one.start, one.end) for one in people]
    known += [(one.start, one.end) for one in read_dates(text, today)]
    known += [(one.start, one.end) for one in read_periods(text, today, past=True)]
    if phrase is not None and (at := text.find(phrase)) >= 0:
        known.append((at, at + len(phrase)))
    own = kind.words | kind.hints
    for match in _TIED.finditer(text):
        word = match["word"].casefold()
        if (
            word in _REFERRING
            or {word, *terms(word)} & own
            or any(start <= match.start("word") < end for start, end in known)
        ):
            continue
        if not any(
            says(match["rest"], value) for value in (*STATES, *(one for each in kind.values.values() for one in each))
        ):
            return True
    return False


def _phrase(text: str, kind: Kind) -> str | None:
    """A name in the request: the words before what the record is called, or those with capitals."""
    nouns = "|".join(sorted((re.escape(word) for word in kind.words if len(word) > 2), key=len, reverse=True))
    own = {term for word in kind.words for term in terms(word)}
    for match in re.finditer(rf"\b(?:{nouns})s?\b", text, re.IGNORECASE):
        before = text[: match.start()]
        breaks = list(_BREAKS.finditer(before))
        words = before[breaks[-1].end() :].strip() if breaks else ""
        if (
            len(words.split()) > 1
            and _NAMING.fullmatch(words)
            and not _describes(words, kind)
            and not set(terms(words)) <= own
        ):
            return words
    return named_in(text)


def _describes(words: str, kind: Kind) -> bool:
    """Whether words before a noun tell of its state or time instead of naming it."""
    told = any(pattern.search(words) for pattern in (OVERDUE, UNFINISHED, NOT_STARTED, _GENITIVE))
    return told or bool(read_durations(words)) or bool(_works(words)) or bool(_states(words, kind))


def named_in(text: str) -> str | None:
    """The name of two or more words with capitals in a request; None when there is none, or more than one."""
    named = [_without_head(match[0]) for match in _NAMED.finditer(text)]
    named = list(dict.fromkeys(name for name in named if " " in name))
    return named[0] if len(named) == 1 else None


def _without_head(name: str) -> str:
    words = re.sub(r"['’]s$", "", name).split(" ")
    while words and words[0].casefold() in _HEADS:
        words.pop(0)
    return " ".join(words)


def _bounds(text: str, now: datetime) -> Bounds:
    today = now.date()
    periods = read_periods(text, today, past=True)
    for period in periods:
        first, last = period.value.first, period.value.last
        if last == today:
            # The last three days are three times 24 hours.
            return now - timedelta(days=(last - first).days) if first else None, None
        return (
            datetime.combine(first, time.min) if first else None,
            datetime.combine(last, time.max) if last else None,
        )
    if SILENT.search(text) and (spans := read_durations(text)):
        return None, now - spans[0].value
    if dates := read_dates(text, today):
        return datetime.combine(dates[0].value, time.min), datetime.combine(dates[0].value, time.max)
    return (now, None) if AHEAD.search(text) else (None, None)


def _hours(wish: Wish) -> tuple[time | None, time | None]:
    for each in read_times(wish.plain):
        side = _SIDE.search(wish.plain[: each.start])
        if side:
            return (None, each.value) if side[1].casefold() in ("before", "until", "till") else (each.value, None)
    return None, None


def _states(text: str, kind: Kind) -> tuple[tuple[str, frozenset[str]], ...]:
    """The listed values that the text says, by field."""
    said = [(name, value) for name, values in kind.values.items() for value in values if says(text, value)]
    names = dict.fromkeys(name for name, _value in said)
    return tuple((name, frozenset(value for one, value in said if one == name)) for name in names)


def says(text: str, value: str) -> bool:
    """Whether the text has the value as words, in the plural too."""
    return re.search(rf"(?<!\w){re.escape(value.casefold())}s?(?!\w)", text.casefold()) is not None


def _works(text: str) -> frozenset[str]:
    if UNFINISHED.search(text):
        return WAITING | WORKING
    if NOT_STARTED.search(text):
        return WAITING
    return frozenset(name for name in STATES if says(text, name))
