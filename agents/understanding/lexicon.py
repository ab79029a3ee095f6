"""The words that requests are made of: ideas that go by many words in both languages, and what is no misspelt name."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.language import is_cjk

DATA = Path(__file__).parent / "data"

_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_REFUSED = frozenset({"out_of_scope", "not_allowed", "needs_model"})
OUTSIDE = frozenset({"poem", "code", "weather", "travel", "world", "private", "override"})
"""Ideas that are not of our business."""
_LONG = 8
"""From this length on a word may have two wrong letters."""


@cache
def load_cues() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """The ideas by each of their words, and a pattern that finds the words in a folded text, the longest first."""
    ideas: dict[str, list[str]] = {}
    for line in (DATA / "cues.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        idea, _, words = line.partition(": ")
        for word in words.split(", "):
            ideas.setdefault(word.strip(), []).append(idea)
    ordered = sorted(ideas, key=lambda word: (-len(word), word))
    latin = "|".join(map(_latin_pattern, (word for word in ordered if not is_cjk(word[0]))))
    han = "|".join(re.escape(word) for word in ordered if is_cjk(word[0]))
    return {word: tuple(found) for word, found in ideas.items()}, re.compile(
        rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|{han}"
    )


def _latin_pattern(word: str) -> str:
    return re.escape(word.removesuffix("*")) + ("[a-z]*" if word.endswith("*") else "")


def find_ideas(text: str) -> Iterator[tuple[int, str]]:
    """Where a folded text has a word for an idea, and the idea, in order."""
    _, pattern = load_cues()
    for match in pattern.finditer(text):
        for idea in _ideas_of(match.group()):
            yield match.start(), idea


@lru_cache(maxsize=8192)
def _ideas_of(word: str) -> tuple[str, ...]:
    ideas, _ = load_cues()
    if word in ideas:
        return ideas[word]
    stems = (each for each in ideas if each.endswith("*") and word.startswith(each[:-1]))
    return ideas[max(stems, key=len)]


@cache
def known_words() -> frozenset[str]:
    """Latin words that requests are made of; none of them is a misspelt name."""
    texts = [read_examples("en"), read_examples("zh"), _read("words.en.txt"), " ".join(load_cues()[0])]
    return frozenset(word for text in texts for word in _LATIN.findall(text.lower()))


@cache
def own_words() -> frozenset[str]:
    """Latin words of requests that can be done; those of what is refused are not among them."""
    return frozenset(_LATIN.findall(" ".join((own_examples("en"), *own_cues(), _read("words.en.txt"))).lower()))


def read_examples(lang: str) -> str:
    """All examples of a language, in the sections of their tools."""
    return _read(f"examples.{lang}.txt") + _read(f"more_examples.{lang}.txt")


def own_examples(lang: str) -> str:
    """The examples of what can be done."""
    sections = re.split(r"^\[(\w+)\]$", read_examples(lang), flags=re.MULTILINE)
    pairs = zip(sections[1::2], sections[2::2], strict=True)
    return "\n".join(lines for tool, lines in pairs if tool not in _REFUSED)


def own_cues() -> list[str]:
    """The words for ideas of our business."""
    return [word for word, ideas in load_cues()[0].items() if not set(ideas) <= OUTSIDE]


def _read(name: str) -> str:
    return (DATA / name).read_text("utf-8")


@cache
def _correctable() -> tuple[str, ...]:
    return tuple(sorted(word for word in known_words() if len(word) > 3))


@lru_cache(maxsize=8192)
def corrected(word: str) -> str:
    """A Latin word as it was probably meant; itself when it is known or nothing is near."""
    if len(word) < 4 or word in known_words():
        return word
    allowed = 1 if len(word) < _LONG else 2
    found = process.extract(word, _correctable(), scorer=OSA.distance, score_cutoff=allowed, limit=8)
    near = [(distance, sorted(other) != sorted(word), len(other) != len(word), other) for other, distance, _ in found]
    # Letters are swapped more often than replaced or left out.
    near = [each for each in near if each[-1][0] == word[0]]
    return min(near)[-1] if near else word


def correct(text: str) -> str:
    """A folded text with its misspelt Latin words corrected."""
    return _LATIN.sub(lambda match: corrected(match.group()), text)
