"""The listed values of arguments, by the words that people use for them."""

import re
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "choices.yaml"

Table = tuple[tuple[str, re.Pattern[str]], ...]


@cache
def load_choices() -> dict[str, Table]:
    """The values of every list with the pattern of their words, the more telling first."""
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return {
        name: tuple((value, re.compile("|".join(words), re.IGNORECASE | re.ASCII)) for value, words in values.items())
        for name, values in listed.items()
    }


def choose(name: str, text: str) -> str | None:
    """The first value of a list that the text has a word for."""
    return next((value for value, pattern in load_choices()[name] if pattern.search(text)), None)


def choose_by_place(name: str, text: str, *, last: str | None = None) -> str | None:
    """The value whose word comes first in the text; `last` only when no other is there."""
    found = [
        (value == last, match.start(), place, value)
        for place, (value, pattern) in enumerate(load_choices()[name])
        if (match := pattern.search(text))
    ]
    return min(found)[-1] if found else None
