"""What a visit needs from experts and references, and whether a product family is the same one."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from agents.analysis.words import content_words
from core.domain.accounts import Account
from core.text import normalise_name

_FILE = Path(__file__).parent.parent / "data" / "topic_words.toml"


@cache
def _topic_words() -> dict[str, frozenset[str]]:
    return {topic: frozenset(words) for topic, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}


@dataclass(frozen=True, slots=True)
class Need:
    """What this visit is about: product families, topics the customer raised, the purpose, the day."""

    account: Account
    families: tuple[str, ...]
    topics: tuple[str, ...]
    purpose: str
    day: date

    @property
    def words(self) -> frozenset[str]:
        """Content words of the purpose and words that answer the topics."""
        known = _topic_words()
        return content_words(self.purpose[:2000]).union(
            *(known.get(normalise_name(topic), content_words(topic)) for topic in self.topics)
        )


def shared_families(wanted: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    """Those of `wanted` that `offered` covers: the same name, or names whose content words contain each other's."""
    candidates = [(normalise_name(name), content_words(name)) for name in offered if name.strip()]
    return tuple(dict.fromkeys(name for name in wanted if _covered(name, candidates)))


def _covered(name: str, candidates: Iterable[tuple[str, frozenset[str]]]) -> bool:
    folded, words = normalise_name(name), content_words(name)
    return bool(folded) and any(
        folded == other or bool(words and others and (words <= others or others <= words))
        for other, others in candidates
    )


def matching_skills(need: Need, skills: Iterable[str]) -> tuple[str, ...]:
    """Those skills that share a word with the purpose or answer a topic of the customer."""
    wanted = need.words
    folded = {skill: normalise_name(skill) for skill in skills if skill.strip()}
    return tuple(
        skill
        for skill, text in folded.items()
        if content_words(skill) & wanted or any(word in text for word in wanted if not word.isascii())
    )
