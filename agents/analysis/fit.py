"""What a visit needs from experts and references, and whether a product family is the same one."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from agents.analysis.words import content_words
from core.domain.accounts import Account
from core.domain.deals import PipelineStage
from core.domain.products import Product
from core.domain.views.operations import DealView
from core.text import normalise_name

_FILE = Path(__file__).parent.parent / "data" / "topic_words.toml"


@cache
def _topic_words() -> dict[str, frozenset[str]]:
    return {topic: frozenset(words) for topic, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}


@dataclass(frozen=True, slots=True)
class Need:
    """What this visit is about: product families, the foremost first, topics raised, the purpose, the day."""

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


_STAGES = list(PipelineStage)


def foremost(deals: Iterable[DealView]) -> list[DealView]:
    """Open deals by importance: the furthest along first, then the largest, then the one that closes first."""

    def importance(deal: DealView) -> tuple[int, Decimal, date]:
        amount = deal.amount.amount if deal.amount else Decimal(0)
        return -_STAGES.index(deal.stage), -amount, deal.close_on or date.max

    return sorted((deal for deal in deals if deal.stage.is_open), key=importance)


def rank_families(families: Iterable[str], deals: Iterable[DealView], products: Iterable[Product]) -> tuple[str, ...]:
    """`families` once each, those of the foremost deals first."""
    family_of = {product.id: product.family for product in products}
    wanted = dict.fromkeys(families)
    first = [family_of.get(deal.product_id or "") for deal in foremost(deals)]
    return tuple(dict.fromkeys((*(family for family in first if family in wanted and family), *wanted)))


def family_share(wanted: tuple[str, ...], covered: Iterable[str]) -> float:
    """How much of the wanted families is covered, 0–1; two thirds of it is the foremost one."""
    found = set(covered)
    if not wanted:
        return 0.0
    first = float(wanted[0] in found)
    others = [float(family in found) for family in wanted[1:]]
    return (2 * first + sum(others) / len(others)) / 3 if others else first


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
