"""The words of questions and tools on common ground: names taken apart, folded, stemmed, Chinese segmented."""

import re
from functools import lru_cache

import rjieba

from core.language import is_cjk

_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|[_\-./:]+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?")
_FILLERS = """
a an the of to in on at for from with by and or is are was were be been it its this that these those as if can could
you i me my we our us your please would like want need do does did have has had what which who how when where will
shall should may might must so then there here also not no any some all each using use used given
"""
_EMPTY = frozenset(_FILLERS.split())
_SUFFIXES = (
    *(
        "ization",
        "isation",
        "ational",
        "fulness",
        "iveness",
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ances",
        "ance",
    ),
    *(
        "ities",
        "ity",
        "tions",
        "tion",
        "sions",
        "sion",
        "ing",
        "ies",
        "ers",
        "ors",
        "est",
        "ed",
        "es",
        "er",
        "or",
        "ly",
    ),
    *("al", "s", "e", "y"),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A crude stem: one suffix off where at least four letters stay, so that `calculating` and `calculation` meet."""
    if not word.isascii() or word.endswith("ss"):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= (3 if suffix in ("s", "es", "ed") else 4):
            root = word[: -len(suffix)]
            return (
                root[:-1]
                if len(root) > 4 and root[-1] == root[-2]
                else root.removesuffix("t")
                if len(root) > 5
                else root
            )
    return word


def spread(name: str) -> str:
    """A name of code as words: `getOrder_status` → `get Order status`."""
    return " ".join(part for part in _PARTS.split(name) if part)


@lru_cache(maxsize=16384)
def terms(text: str) -> tuple[str, ...]:
    """The content words of a text or a name of code, stemmed, in order."""
    found: list[str] = []
    for token in _TOKEN.findall(spread(text)):
        folded = token.casefold()
        if any(map(is_cjk, folded)):
            found += [word for word in rjieba.cut(folded) if not word.isspace()]
        elif folded not in _EMPTY:
            found.append(stem(folded))
    return tuple(found)
