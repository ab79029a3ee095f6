"""Words of exports for the values of our enumerations."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter
from rapidfuzz import process

from connectors.exports.outcome import RefusedError
from core.text import normalise_name

_Words = dict[str, dict[str, tuple[str, ...]]]


@cache
def _vocabulary() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("values.yaml").read_text("utf-8")
    words = TypeAdapter(_Words).validate_python(yaml.safe_load(text))
    return {
        topic: {_key(word): value for value, synonyms in values.items() for word in (value, *synonyms)}
        for topic, values in words.items()
    }


def meaning(topic: str, word: str) -> str | None:
    """The value of our enumeration that `word` stands for, None when it is not known."""
    return _vocabulary()[topic].get(_key(word))


def need_meaning(topic: str, word: str) -> str:
    """Like `meaning`. Raises RefusedError with the nearest words we know."""
    value = meaning(topic, word)
    if value is None:
        near = [match[0] for match in process.extract(_key(word), list(_vocabulary()[topic]), limit=3, score_cutoff=40)]
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise RefusedError(topic, f"“{word[:60]}” is no known {topic.replace('_', ' ')}{hint}")
    return value


@cache
def _key(word: str) -> str:
    return "".join(char for char in normalise_name(word) if char.isalnum())
