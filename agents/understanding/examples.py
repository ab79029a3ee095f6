"""The examples of how people ask, written as a small grammar: `(a|b|)` chooses, `{a}` stands for a name or a value.

`examples.*.txt` are ours and grow with what was misunderstood; `more_examples.*.txt` are of other authors.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from agents.understanding.marking import SIGNS, Sort
from agents.understanding.names import Kind
from core.language import Lang

DATA = Path(__file__).parent / "data"

OF_SLOT: dict[str, str] = {
    "a": SIGNS[Kind.ACCOUNT],
    "o": SIGNS[Kind.DEAL],
    "c": SIGNS[Kind.CONTACT],
    "p": SIGNS[Kind.PRODUCT],
    "s": SIGNS[Kind.SELLER],
    "x": SIGNS[Kind.COMPETITOR],
    "d": SIGNS[Sort.DAY],
    "n": SIGNS[Sort.NUMBER],
    "r": SIGNS[Sort.SHARE],
    "m": SIGNS[Sort.MONEY],
    "e": SIGNS[Sort.MAIL],
    "t": SIGNS[Sort.PHONE],
    "k": SIGNS[Sort.CODE],
    "l": SIGNS[Sort.LASTING],
    "u": SIGNS[Sort.UNKNOWN],
}
_WAYS = {"examples": 12, "more_examples": 6}
_OUTSIDE = frozenset({"out_of_scope", "not_allowed", "needs_model"})
_STRANGE, _STRANGE_OUTSIDE = 0.07, 0.4
"""How often a name is one that nobody knows."""
_IN_SUBJECTS = (SIGNS[Kind.PRODUCT], SIGNS[Kind.ACCOUNT], SIGNS[Kind.CONTACT], SIGNS[Sort.NUMBER])
_INNER = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One line of the grammar; `number` is unique over all of them, and groups what is made of it.

    `ways`: in how many ways it is said in training, at most.
    """

    tool: str
    lang: Lang
    number: int
    line: str
    ways: int

    def expand(self, rng: random.Random, words: list[str]) -> str:
        """One way to say it, with signs for names and values and some of `words` for free text."""
        line = self.line
        while _INNER.search(line):
            line = _INNER.sub(lambda match: rng.choice(match.group(1).split("|")), line, count=1)

        def fill(match: re.Match[str]) -> str:
            if match.group(1) == "a" and rng.random() < _STRANGE:
                return SIGNS[Sort.UNKNOWN]
            if match.group(1) != "w":
                return OF_SLOT[match.group(1)]
            if self.tool in _OUTSIDE and rng.random() < _STRANGE_OUTSIDE:
                return SIGNS[Sort.UNKNOWN]
            return SIGNS[Sort.QUOTE] if rng.random() < 0.15 else _free_words(rng, words, self.lang)

        return " ".join(_SLOT.sub(fill, line).split())


def _free_words(rng: random.Random, words: list[str], lang: Lang) -> str:
    """One subject, or two of them, or one with a product or a customer in it."""
    first = rng.choice(words)
    way = rng.random()
    if way < 0.2:
        return first + (" and " if lang is Lang.EN else "和") + rng.choice(words)
    if way < 0.3:
        return rng.choice(_IN_SUBJECTS) + " " + first
    return first


def load_templates(folder: Path = DATA) -> tuple[Template, ...]:
    """Every line of both languages, in the order of the files."""
    lines = enumerate(_lines(folder))
    return tuple(Template(tool, lang, number, line, ways) for number, (tool, lang, line, ways) in lines)


def load_words(lang: Lang, folder: Path = DATA) -> list[str]:
    """Subjects that free text may be about, one a line."""
    return (folder / f"subjects.{lang}.txt").read_text("utf-8").split("\n")[:-1]


def _lines(folder: Path) -> Iterator[tuple[str, Lang, str, int]]:
    for lang, (name, ways) in product(Lang, _WAYS.items()):
        tool = ""
        for line in (folder / f"{name}.{lang}.txt").read_text("utf-8").splitlines():
            if line.startswith("["):
                tool = line.strip("[]")
            elif line and not line.startswith("#"):
                yield tool, lang, line, ways
