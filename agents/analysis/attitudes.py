"""What people's own sentences say about their part and their stance."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from agents.analysis.lexicon import Pattern, asserted, build_pattern, load_table
from agents.analysis.voices import Line, customer_weight
from core.domain.views.people import BuyingRole, Stance

_FRESH_DAYS = 365
_HALF_LIFE = 180.0
_HEARSAY = 0.6
_BASE = 0.03
_MOST_TIMES = 4
_GOODWILL = 0.2


@dataclass(frozen=True, slots=True)
class Sign:
    """Words by which a role shows, each time adding `chance`."""

    role: BuyingRole
    chance: float
    pattern: Pattern


@dataclass(slots=True)
class Attitude:
    """What one person's sentences have shown so far; weights fade after a year."""

    signs: dict[BuyingRole, list[tuple[float, Line]]] = field(default_factory=dict)
    positive: list[tuple[float, Line]] = field(default_factory=list)
    negative: list[tuple[float, Line]] = field(default_factory=list)
    asked_approval: float = 0.0
    spoke: int = 0


@dataclass(frozen=True, slots=True)
class Phrases:
    """The compiled patterns of agents/data/people.toml about words."""

    signs: tuple[Sign, ...]
    approval: Pattern
    positive: Pattern
    negative: Pattern
    backs_us: Pattern
    against_us: Pattern
    leaves_self: Pattern
    leaves_other: Pattern


@cache
def load_phrases_of_people() -> Phrases:
    """Read and compile the patterns, once."""
    table = load_table("people")

    def compiled(entry: Mapping[str, list[str]]) -> Pattern:
        return build_pattern(entry["en"], entry["zh"])

    return Phrases(
        signs=tuple(
            Sign(BuyingRole(row["role"]), float(row["chance"]), compiled(row)) for row in table["behaviour"].values()
        ),
        approval=compiled(table["asks_approval"]),
        positive=compiled(table["stance"]["positive"]),
        negative=compiled(table["stance"]["negative"]),
        backs_us=compiled(table["stance"]["backs_us"]),
        against_us=compiled(table["stance"]["against_us"]),
        leaves_self=compiled(table["leaving"]["self"]),
        leaves_other=compiled(table["leaving"]["other"]),
    )


def note_line(attitude: Attitude, line: Line, today: date) -> None:
    """Add what one sentence of the person shows."""
    phrases = load_phrases_of_people()
    weight = customer_weight(line.interaction) * _freshness(line, today)
    attitude.spoke += 1
    words = line.words.lower()
    for sign in phrases.signs:
        if sign.pattern.search(words):
            attitude.signs.setdefault(sign.role, []).append((sign.chance * weight, line))
    if phrases.approval.search(words):
        attitude.asked_approval += weight
    if asserted(phrases.positive, words):
        attitude.positive.append((weight, line))
    if asserted(phrases.negative, words):
        attitude.negative.append((weight, line))


def note_report(attitude: Attitude, line: Line, today: date) -> None:
    """Add what a sentence of somebody else says of the person's stance ("Anna is with us")."""
    phrases, words = load_phrases_of_people(), line.words.lower()
    weight = _HEARSAY * _freshness(line, today)
    for pattern, found in ((phrases.backs_us, attitude.positive), (phrases.against_us, attitude.negative)):
        if customer_weight(line.interaction) and asserted(pattern, words):
            attitude.spoke += 1
            found.append((weight, line))


def _freshness(line: Line, today: date) -> float:
    """1 for what was said within a year, then fading with a half-life of half a year."""
    age = (today - line.interaction.at.date()).days
    return math.exp2(-max(age - _FRESH_DAYS, 0) / _HALF_LIFE)


def stance_of(attitude: Attitude) -> Stance:
    """Supportive or critical when one side outweighs the other by a third, unknown for someone never heard."""
    if not attitude.spoke:
        return Stance.UNKNOWN
    plus = math.fsum(weight for weight, _ in attitude.positive + attitude.signs.get(BuyingRole.CHAMPION, []))
    minus = math.fsum(weight for weight, _ in attitude.negative + attitude.signs.get(BuyingRole.BLOCKER, []))
    lean = (plus - minus) / (plus + minus + 1.0)
    return Stance.SUPPORTIVE if lean > 1 / 3 else Stance.CRITICAL if lean < -1 / 3 else Stance.NEUTRAL


def roles_of(attitude: Attitude, titled: Mapping[BuyingRole, float]) -> dict[BuyingRole, float]:
    """Chance of each buying role: title and up to four signs joined as independent hints (noisy-or)."""
    found: dict[BuyingRole, float] = {}
    for role in BuyingRole:
        hints = sorted((chance for chance, _ in attitude.signs.get(role, ())), reverse=True)[:_MOST_TIMES]
        none = (1 - titled.get(role, _BASE)) * math.prod(1 - chance for chance in hints)
        found[role] = 1 - none
    stance = stance_of(attitude)
    found[BuyingRole.BLOCKER] = 1 - (1 - found[BuyingRole.BLOCKER]) * _repeated_criticism(attitude, stance)
    found[BuyingRole.ECONOMIC_BUYER] *= 0.5 ** min(attitude.asked_approval, 2.0)
    if stance is Stance.SUPPORTIVE:
        found[BuyingRole.CHAMPION] = 1 - (1 - found[BuyingRole.CHAMPION]) * (1 - _GOODWILL)
    if stance is Stance.CRITICAL:
        found[BuyingRole.CHAMPION] *= 0.3
    return {role: round(chance, 4) for role, chance in found.items()}


def _repeated_criticism(attitude: Attitude, stance: Stance) -> float:
    """Chance that criticism does not make a blocker: 1 until it comes in two different messages."""
    heaviest: dict[str, float] = {}
    for weight, line in attitude.negative:
        heaviest[line.interaction.id] = max(weight, heaviest.get(line.interaction.id, 0.0))
    if stance is not Stance.CRITICAL or len(heaviest) < 2:
        return 1.0
    return math.prod(1 - 0.25 * weight for weight in sorted(heaviest.values(), reverse=True)[:_MOST_TIMES])


def latest(lines: Iterable[tuple[float, Line]]) -> Line | None:
    """The newest of weighted lines."""
    return max((line for _, line in lines), key=lambda line: (line.interaction.at, line.index), default=None)
