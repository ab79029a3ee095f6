"""Whether a sentence that a model wrote rests on the statements it cites; figures and names must occur in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from core.domain.chat import Statement
from core.domain.claims import ClaimState
from core.language import Lang
from core.text import split_sentences
from graphs.visit.facts import Names, addresses, figures, number_words
from graphs.visit.fidelity import LONGEST, content, covers, proper_words, words_of
from graphs.visit.senses import turned

_MARK = re.compile(r"\s*[\[【](\d{1,3})[\]】]")
_MARKUP = re.compile(r"[<>{}`*_#|\\]")
# A citation may stand before or behind the stop that ends its sentence.
_STRAY = re.compile(r"([。．.!?！？])((?:\s*[\[【]\d{1,3}[\]】])+)")

# Share of what a sentence says that must be in what it cites.
_LEAST_BORNE = 0.34


class Fault(StrEnum):
    """Why a sentence is not used; also told to the model."""

    UNCITED = "uncited"
    UNKNOWN = "unknown_number"
    LENGTH = "length"
    MARKUP = "markup"
    FIGURES = "figures"
    ADDRESSES = "addresses"
    NAMES = "names"
    SENSE = "sense"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without its citations, the numbers that it cites, and what is wrong with it, if anything."""

    text: str
    cited: tuple[int, ...]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a model was given: the statements, numbered from 1, the question, and the names in them."""

    statements: Sequence[Statement]
    question: str
    lang: Lang
    names: Names

    def read(self, text: str) -> list[Sentence]:
        """The sentences of a text, each checked against what it cites."""
        moved = _STRAY.sub(lambda match: f"{match[2].strip()}{match[1]}", text)
        return [self._check(part) for part in split_sentences(moved) if _MARK.sub("", part).strip(" .。")]

    def state(self, sentence: Sentence) -> ClaimState:
        """How well a sentence stands: as the weakest of what it cites, and never better than computed."""
        cited = [self.statements[number - 1].state for number in sentence.cited]
        return ClaimState.UNSUPPORTED if ClaimState.UNSUPPORTED in cited else ClaimState.INFERRED

    def _check(self, part: str) -> Sentence:
        cited = tuple(dict.fromkeys(int(number) for number in _MARK.findall(part)))
        text = _MARK.sub("", part).strip()
        if not cited:
            # Models cite once for two sentences: the first statement that bears it is what it rests on.
            bearing = (number for number in range(1, len(self.statements) + 1) if self._fault(text, (number,)) is None)
            cited = tuple(islice(bearing, 1))
        return Sentence(text, cited, self._fault(text, cited))

    def _fault(self, text: str, cited: Sequence[int]) -> Fault | None:
        if not cited:
            return Fault.UNCITED
        if not all(1 <= number <= len(self.statements) for number in cited):
            return Fault.UNKNOWN
        if len(text) > LONGEST:
            return Fault.LENGTH
        if not text.isprintable() or _MARKUP.search(text):
            return Fault.MARKUP
        basis = "\n".join(self.statements[number - 1].text for number in cited)
        checks = {
            Fault.FIGURES: has_figures(text, basis) and not number_words(text) - number_words(basis),
            Fault.ADDRESSES: not addresses(text) - addresses(basis),
            Fault.NAMES: self._named(text, basis),
            Fault.SENSE: not self._turned(text, basis, len(cited)),
            Fault.ADDED: self._added_nothing(text, basis),
        }
        return next((fault for fault, passed in checks.items() if not passed), None)

    def _named(self, text: str, basis: str) -> bool:
        known = basis + "\n" + self.question
        unknown = set(self.names.found(text)) - set(self.names.found(known))
        return not unknown and proper_words(text) <= words_of(known)

    def _turned(self, text: str, basis: str, cited: int) -> bool:
        # Senses are compared one sentence with one: several together may well say more than the one made of them.
        return cited == 1 and turned(basis, text) is not None and len(split_sentences(basis)) == 1

    def _added_nothing(self, text: str, basis: str) -> bool:
        said = content(text, self.lang, self.names)
        # Words of the question may be used, but a sentence made of them alone would pass off what was asked as a fact.
        borne = len(said & content(basis, self.lang, self.names)) >= _LEAST_BORNE * len(said)
        return borne and covers(text, basis + "\n" + self.question, self.lang, self.names)


def has_figures(text: str, basis: str) -> bool:
    """Whether each figure of `text`, with its unit and currency, occurs in `basis`."""
    known = figures(basis)
    return all(set(found) <= set(known.get(kind, ())) for kind, found in figures(text).items())
