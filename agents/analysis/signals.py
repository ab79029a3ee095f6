"""Needs, objections, competitors and urgency in the words of a customer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from agents.analysis.due_dates import days_until_due
from agents.analysis.lexicon import Pattern, asserted, compile_group, load_table
from agents.analysis.subjects import is_about_rival, speaks_of_customer
from agents.analysis.voices import Line
from core.domain.views.stage import Signal, SignalKind

_NAME = r"((?-i:[A-Z])[\w&-]+(?: (?-i:[A-Z])[\w&-]+){0,2})"
_FURTHEST_DAYS = 240
_FAR_STRENGTH = 0.05
_DATE_STRENGTH = 0.6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled patterns of agents/data/signals.toml."""

    objections: Mapping[str, Pattern]
    need: Pattern
    topics: Mapping[str, Pattern]
    urgency: tuple[tuple[str, float, Pattern], ...]
    rivals: tuple[re.Pattern[str], ...]
    not_rivals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal in a line; `strength` in 0–1 matters for urgency only."""

    kind: SignalKind
    label: str
    line: Line
    strength: float = 1.0

    @property
    def signal(self) -> Signal:
        """The signal as a view shows it."""
        return Signal(
            kind=self.kind,
            label=self.label,
            at=self.line.interaction.at,
            quote=self.line.text,
            evidence=self.line.source.evidence_id,
            reported=self.line.reported,
        )


@cache
def load_signals() -> Lexicon:
    """Read and compile the patterns, once."""
    table = load_table("signals")
    urgency = compile_group(table["urgency"])
    rival = table["competitor"]
    return Lexicon(
        objections=compile_group(table["objection"]),
        need=compile_group(table["need_cue"])["any"],
        topics=compile_group(table["need_topic"]),
        urgency=tuple((label, float(table["urgency"][label]["strength"]), found) for label, found in urgency.items()),
        not_rivals=frozenset(rival["never"]),
        rivals=(
            re.compile(rf"\b(?:{'|'.join(rival['en'])}) {_NAME}", re.IGNORECASE),
            re.compile(rf"(?:{'|'.join(rival['zh'])})(?:是|了)?\s*([A-Z][\w&-]+)"),
            re.compile(
                r"([A-Z][A-Za-z&-]{2,})(?:那边|他们)?也?(?:报了?价|报的|给的(?:报价|价)|的(?:报价|方案|价格|机器|设备))"
            ),
        ),
    )


def known_names(names: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """A whole-word pattern per competitor's name; blank names are left out."""
    found: dict[str, re.Pattern[str]] = {}
    for name in names:
        if name.strip():
            edge = name.isascii()
            core = re.escape(name.strip())
            found[name.strip()] = re.compile(rf"(?<![a-z0-9_]){core}(?![a-z0-9_])" if edge else core, re.IGNORECASE)
    return found


def find_signals(
    line: Line,
    competitors: Mapping[str, re.Pattern[str]],
    own: frozenset[str] = frozenset(),
    around: tuple[Line | None, Line | None] = (None, None),
) -> list[Finding]:
    """Every signal of one line; `own` are normalised names that are no competitors (the customer's, ours).

    `around` are the lines before and after.
    """
    lexicon, words = load_signals(), line.words.lower()
    named = _rivals(line.words, lexicon, competitors, own)
    found = [Finding(SignalKind.COMPETITOR, name, line) for name in named]
    if not speaks_of_customer(line, around[0], own):
        return found
    near = [one for one in around if one]
    found += [
        Finding(SignalKind.OBJECTION, label, line)
        for label, pattern in lexicon.objections.items()
        if asserted(pattern, words) and not is_about_rival(label, line, near, competitors)
    ]
    if asserted(lexicon.need, words):
        found += [Finding(SignalKind.NEED, topic, line) for topic in _topics(words, lexicon)]
    urgent = _urgency(words, line.interaction.at.date(), lexicon)
    if urgent:
        found.append(Finding(SignalKind.URGENCY, urgent[0], line, urgent[1]))
    return found


def _topics(words: str, lexicon: Lexicon) -> list[str]:
    """What a need is about: the topic named most often, the first of the table on a tie; nothing when none is."""
    counts = {
        topic: len(pattern.en.findall(words)) + len(pattern.zh.findall(words))
        for topic, pattern in lexicon.topics.items()
    }
    best = max(counts, key=lambda topic: counts[topic])
    return [best] if counts[best] else []


def _rivals(words: str, lexicon: Lexicon, competitors: Mapping[str, re.Pattern[str]], own: frozenset[str]) -> list[str]:
    known = [name for name, pattern in competitors.items() if pattern.search(words)]
    if known:
        return known
    match = next(filter(None, (pattern.search(words) for pattern in lexicon.rivals)), None)
    if match is None or match[1].casefold() in own or match[1].split()[0].casefold() in lexicon.not_rivals | own:
        return []
    return [match[1]]


def _urgency(words: str, on: date, lexicon: Lexicon) -> tuple[str, float] | None:
    hits = [(strength, label) for label, strength, pattern in lexicon.urgency if asserted(pattern, words)]
    days = days_until_due(words, on)
    if days is not None and 0 <= days <= _FURTHEST_DAYS:
        # A day months ahead presses little, but a plan must know it.
        hits.append((max(_DATE_STRENGTH * (1 - days / 90), _FAR_STRENGTH), "date"))
    if not hits:
        return None
    strength, label = max(hits)
    return label, strength
