"""What a question gives to fill arguments with: values, names, codes and quotations, each with the words around it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from agents.planning.values import (
    Found,
    read_addresses,
    read_dates,
    read_money,
    read_numbers,
    read_percents,
    read_quoted,
    read_times,
)
from agents.planning.words import terms

Kind = Literal["quoted", "address", "date", "time", "money", "percent", "number", "code", "name", "phrase"]

_CAPITAL = r"(?:[A-Z]\w*(?:['’&-]\w+)*|(?:[A-Z]|St|Dr|Mr|Mrs|Ms)\.)"
_NAME = re.compile(rf"{_CAPITAL}(?:,? (?:of |the |de |la |and (?={_CAPITAL} ))?{_CAPITAL})*")
_CODE = re.compile(r"(?<![\w@.])(?=\S*\d)(?=\S*[A-Za-z_])[A-Za-z0-9][\w-]{2,}(?!\w)|https?://\S+|(?<!\w)/[\w./-]{3,}")
_OPENER = re.compile(r"(?:^|[.!?:;\n]\s*|[\"'“]\s*)$")
# Words that begin a request with a capital and name nothing.
_OPENING = """
i i'm i'd i've what what's which who whom whose where when why how can could would will please find get show give tell
calculate compute determine create make book add delete remove update list search look check is are do does did the a
an in on at for from to help let need want set change play buy order hi hey hello provide retrieve fetch also if
estimate convert predict send reserve identify generate solve compare analyze plan schedule after before my
"""
OPENING_WORDS = frozenset(_OPENING.split())
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of the question that may fill an argument; `near` are stems around it, `before` is the word before."""

    kind: Kind
    value: Any
    start: int
    end: int
    text: str
    before: str
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A question, taken apart once for all tools."""

    text: str
    terms: tuple[str, ...]
    candidates: tuple[Candidate, ...]


@lru_cache(maxsize=512)
def take_apart(question: str, today: date) -> Said:
    """The question's words and everything in it that may fill an argument, in the order of the text."""
    taken: list[tuple[Kind, Found[Any]]] = []

    def add(kind: Kind, found: Iterable[Found[Any]]) -> None:
        taken.extend((kind, each) for each in found if not any(each.overlaps(other) for _kind, other in taken))

    add("quoted", read_quoted(question))
    add("address", read_addresses(question))
    add("date", read_dates(question, today))
    add("time", read_times(question))
    add("percent", read_percents(question))
    add("money", read_money(question))
    add("code", (_found(match) for match in _CODE.finditer(question)))
    add("name", _names(question))
    add("number", read_numbers(question))
    candidates = sorted((_candidate(question, kind, each) for kind, each in taken), key=lambda one: one.start)
    return Said(question, terms(question), tuple(candidates))


def _found(match: re.Match[str]) -> Found[str]:
    return Found(match[0], match.start(), match.end(), match[0])


def _names(question: str) -> Iterable[Found[str]]:
    for match in _NAME.finditer(question):
        start, text = match.start(), match[0]
        if _OPENER.search(question[:start]) or text.split()[0].casefold() in OPENING_WORDS:
            first = text.split(" ")[0]
            if first.casefold().rstrip(",.") in OPENING_WORDS or first == text:
                start, text = start + len(first) + 1, text[len(first) + 1 :]
        text = re.sub(r"['’]s$", "", text).rstrip(".,'’-")
        if text and text.casefold() not in OPENING_WORDS:
            yield Found(text, start, start + len(text), text)


def _candidate(question: str, kind: Kind, found: Found[Any]) -> Candidate:
    left = _WORD.findall(question[max(0, found.start - 60) : found.start])
    right = _WORD.findall(question[found.end : found.end + 40])
    near = frozenset(terms(" ".join((*left[-4:], *right[:2]))))
    return Candidate(kind, found.value, found.start, found.end, found.text, left[-1].casefold() if left else "", near)
