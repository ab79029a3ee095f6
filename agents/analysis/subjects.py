"""Whom a sentence is about: the customer or ourselves in our notes, us or a competitor in a complaint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from re import Pattern as Expression

from agents.analysis.lexicon import Pattern, build_pattern, load_table
from agents.analysis.voices import Line
from core.domain.interactions import Author

_SUBJECT_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Subjects:
    """The compiled patterns of table `subject` in agents/data/signals.toml."""

    customer: Pattern
    reporting: Pattern
    ours: Pattern
    addressed: Pattern
    compared: Pattern
    favourable: Pattern


@cache
def load_subjects() -> Subjects:
    """Read and compile the patterns, once."""
    table = load_table("signals")["subject"]
    return Subjects(**{name: build_pattern(entry["en"], entry["zh"]) for name, entry in table.items()})


def speaks_of_customer(line: Line, before: Line | None, own: frozenset[str]) -> bool:
    """Whether a sentence may count as the customer's: all but sentences of our notes about what is ours to do.

    A sentence of our note needs the customer as its subject (`own` are their normalised names), or a word of reporting,
    here or in the sentence before.
    """
    if not line.reported or line.interaction.author is not Author.INTERNAL:
        return True
    words, subjects = line.words.lower(), load_subjects()
    if _names_customer(words, own):
        return True
    if subjects.ours.search(words):
        return False
    previous = before.words.lower() if before else ""
    return bool(subjects.reporting.search(words)) or _names_customer(previous, own)


def _names_customer(words: str, own: frozenset[str]) -> bool:
    return bool(load_subjects().customer.search(words)) or any(name in words for name in own if len(name) > 1)


def is_about_rival(label: str, line: Line, around: Sequence[Line], rivals: Mapping[str, Expression[str]]) -> bool:
    """Whether an objection is held against a competitor: named as the subject here or in a neighbouring sentence.

    A sentence that addresses us, compares them with us or finds them better is about us all the same.
    """
    words, subjects = line.words.lower(), load_subjects()
    if label == "competition" or subjects.addressed.search(words):
        return False
    if _is_subject(line.words, rivals):
        return not subjects.favourable.search(words)
    neighbours = (near.words for near in around if near.interaction is line.interaction)
    return any(
        _is_subject(near, rivals)
        and not subjects.favourable.search(near.lower())
        and not subjects.addressed.search(near.lower())
        for near in neighbours
    )


def _is_subject(words: str, rivals: Mapping[str, Expression[str]]) -> bool:
    """Whether a competitor's name stands near the beginning and is not what something is compared with."""
    for pattern in rivals.values():
        found = pattern.search(words)
        if found and found.start() <= _SUBJECT_WITHIN:
            return not load_subjects().compared.search(words[: found.start()].lower())
    return False
