"""One request in its surroundings: what is said in it and around it, and what the conversation is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agents.understanding.dialogue import Focus, Option
from agents.understanding.homophones import correct_han
from agents.understanding.lexicon import correct
from agents.understanding.marking import Marked, Sign, Sort
from agents.understanding.name_forms import plain
from agents.understanding.names import Kind, Names
from core.domain.chat import Reason
from core.language import Lang

_HE = re.compile(r"\b(?:he|him|his|she|her|hers)\b|[他她](?!们)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """`marked[start:end]` is the request. `only` fixes a record where a request names several, one call each."""

    names: Names
    today: date
    lang: Lang
    marked: Marked
    start: int
    end: int
    quotes: tuple[str, ...] = ()
    focus: Focus = field(default_factory=Focus)
    given: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[Kind, str] = field(default_factory=dict)

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The names and values said in the request."""
        return self.marked.between(self.start, self.end)

    @property
    def text(self) -> str:
        """The request as it was said."""
        return self.marked.words(self.start, self.end)

    @property
    def wording(self) -> str:
        """The request with signs for names and values, in small letters."""
        return plain(self.marked.marked[self.start : self.end])

    @property
    def spelled(self) -> str:
        """The wording with misspelt words corrected."""
        return correct_han(correct(self.wording))

    def of(self, *sorts: Kind | Sort) -> list[Sign]:
        """The signs of these sorts in the request, in order."""
        return [sign for sign in self.signs if sign.sort in sorts]

    def around(self, *sorts: Kind | Sort) -> list[Sign]:
        """The signs of these sorts in the rest of the message, the nearest before first, then those after."""
        before = [sign for sign in self.marked.signs if sign.at < self.start and sign.sort in sorts]
        after = [sign for sign in self.marked.signs if sign.at >= self.end and sign.sort in sorts]
        return [*reversed(before), *after]

    def quote_of(self, sign: Sign) -> str:
        """The passage that a sign of quotation stands for."""
        place = [each.at for each in self.marked.signs if each.sort is Sort.QUOTE].index(sign.at)
        return self.quotes[place].strip() if place < len(self.quotes) else ""

    def plain(self, start: int, end: int) -> str:
        """What was said in `marked[start:end]`, quotations in full."""
        parts: list[str] = []
        place = start
        for sign in self.marked.between(start, end):
            if sign.sort is Sort.QUOTE:
                parts += [self.marked.words(place, sign.at), self.quote_of(sign)]
                place = sign.at + 1
        return " ".join("".join([*parts, self.marked.words(place, end)]).split())

    @property
    def speaks_of_person(self) -> bool:
        """Whether somebody is meant who was named before."""
        return bool(_HE.search(self.wording))


@dataclass(frozen=True, slots=True)
class Gap:
    """An argument that is missing, ambiguous or names nothing known."""

    slot: str
    reason: Reason
    options: tuple[Option, ...] = ()
    said: str = ""


@dataclass(slots=True)
class Draft:
    """A call in the making. `sure` falls with each guess; `used` are the places of the signs that went into it."""

    tool: str
    args: dict[str, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    sure: float = 1.0
    used: set[int] = field(default_factory=set)
    account_id: str | None = None
    # How the account came in: said in the request, elsewhere in the message, or remembered.
    reach: str = "said"

    def put(self, slot: str, value: Any, *signs: Sign) -> None:
        """Set an argument; None leaves it out."""
        if value is not None:
            self.args[slot] = value
        self.used.update(sign.at for sign in signs)

    def lack(
        self, slot: str, reason: Reason = Reason.MISSING_ARGUMENT, options: tuple[Option, ...] = (), said: str = ""
    ) -> None:
        """Note that an argument is still open."""
        self.gaps.append(Gap(slot, reason, options, said))
