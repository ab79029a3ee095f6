"""How telling each sentence of a meeting is, for a question or for the whole."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from agents.analysis.lexicon import load_table
from agents.analysis.meetings.plain import without_fillers
from agents.analysis.meetings.spoken import Spoken, length
from agents.analysis.signals import load_signals
from core.language import Lang, is_cjk

Vector = NDArray[np.float64]
_WORD = re.compile(r"[a-z0-9]{2,}")
_NARROW, _WIDE = 3, 12
_FEEDBACK_WORDS = 5
_SHORT = {Lang.EN: 8, Lang.ZH: 12}
_PLAIN = 0.3


@cache
def empty_words(group: str) -> frozenset[str]:
    """The words of a list of [empty] in agents/data/meetings.toml."""
    lists = load_table("meetings")["empty"][group]
    return frozenset(" ".join((*lists["en"], *lists["zh"])).split())


def telling_words(text: str) -> list[str]:
    """The words of a text that may tell it apart from others, in order and as often as they stand there."""
    folded = text.lower()
    words = _WORD.findall(folded)
    if any(map(is_cjk, folded)):
        words += [word for word in rjieba.cut(folded) if len(word) > 1 and all(map(is_cjk, word))]
    return [word for word in words if word not in empty_words("spoken")]


class Talk:
    """The sentences of a meeting with their word weights, (1 + ln n) · idf at unit length (Salton & Buckley 1988)."""

    def __init__(self, spoken: Sequence[Spoken]) -> None:
        self.spoken = spoken
        self.places = {(said.turn, said.index): place for place, said in enumerate(spoken)}
        self.plain = [without_fillers(said.text, said.lang) for said in spoken]
        self.lengths = np.array([length(text) for text in self.plain], dtype=np.float64)
        self._words = [telling_words(text) for text in self.plain]
        self.counts = np.array([len(words) for words in self._words], dtype=np.float64)
        seen = Counter(word for words in self._words for word in set(words))
        self._idf = {word: math.log((1 + len(spoken)) / (1 + count)) + 1 for word, count in seen.items()}
        self.vectors = [self.vector(words) for words in self._words]

    def vector(self, words: Sequence[str]) -> dict[str, float]:
        """The weights of words at unit length; those that nobody said have none."""
        counts = Counter(word for word in words if word in self._idf)
        weights = {word: (1 + math.log(count)) * self._idf[word] for word, count in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / norm for word, weight in weights.items()}

    def likeness(self, to: dict[str, float]) -> Vector:
        """Cosine of each sentence with a vector."""
        return np.array([sum(to.get(word, 0.0) * weight for word, weight in one.items()) for one in self.vectors])

    def centre(self, shares: Vector) -> dict[str, float]:
        """The weighted mean of the sentences, at unit length."""
        total: dict[str, float] = {}
        for share, vector in zip(shares, self.vectors, strict=True):
            if share > 1e-4:
                for word, weight in vector.items():
                    total[word] = total.get(word, 0.0) + share * weight
        norm = math.sqrt(sum(weight * weight for weight in total.values())) or 1.0
        return {word: weight / norm for word, weight in total.items()}


def features(talk: Talk, query: str, ours: frozenset[str] = frozenset()) -> Vector:
    """A row per sentence: what its weight is learned from. `ours` are folded names of our people.

    Likeness to the query by itself and around it; to what is said where the query's words are; to the whole; who
    speaks; length, share of telling words, of “I” and “you”, question, place; and products of the foremost of these.
    """
    count = len(talk.spoken)
    asked = query.lower()
    speakers = sorted({said.speaker for said in talk.spoken}, key=len, reverse=True)
    who = np.array([_is_meant(said.speaker, asked, ours) for said in talk.spoken], dtype=np.float64)
    topic = asked
    for speaker in speakers:
        topic = topic.replace(speaker.lower(), " ") if speaker else topic
    wanted = [word for word in telling_words(topic) if word not in empty_words("query")]
    near = np.maximum(talk.likeness(talk.vector(wanted)), 0.5 * _on_theme(talk, asked) if query else 0.0)
    narrow, wide = (_unit(_smooth(near, width)) for width in (_NARROW, _WIDE))
    shares = wide**3 * (talk.lengths > _FEEDBACK_WORDS) if near.any() else np.ones(count)
    like_there = _unit(talk.likeness(talk.centre(shares)))
    central = _unit(talk.likeness(talk.centre(np.ones(count))))
    long = np.log1p(talk.lengths)
    asks = np.array([said.asked for said in talk.spoken], dtype=np.float64)
    place = np.arange(count) / max(1, count)
    general = np.full(count, 0.0 if near.any() else 1.0)
    columns = [near, narrow, wide, like_there, central, who, who * wide, long, np.log1p(talk.counts)]
    columns += [talk.counts / np.maximum(talk.lengths, 1), _personal(talk), asks, place, general]
    columns += [near * wide, near * long, wide * long, long**2, wide**2, like_there * wide, like_there * long]
    return np.stack([np.ones(count), *columns], axis=1)


def _smooth(values: Vector, width: int) -> Vector:
    """Each value with those around it, by a Gaussian of that many sentences."""
    reach = np.arange(-3 * width, 3 * width + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    full: Vector = np.convolve(values, kernel / kernel.sum(), "full")
    return full[3 * width : 3 * width + len(values)]


def _unit(values: Vector) -> Vector:
    top = float(values.max(initial=0.0))
    return values / top if top > 0 else values


def _is_meant(speaker: str, asked: str, ours: frozenset[str]) -> bool:
    """Whether the query names the speaker, or means the customer's people by “they”."""
    name = speaker.lower()
    if name and (name in asked if not name.isascii() else re.search(rf"\b{re.escape(name)}\b", asked)):
        return True
    theirs = load_table("meetings")["empty"]["theirs"]
    means_them = any(re.search(rf"\b{word}\b", asked) for word in theirs["en"]) or any(w in asked for w in theirs["zh"])
    return bool(ours) and means_them and name not in ours


def _on_theme(talk: Talk, asked: str) -> Vector:
    """Which sentences are about a theme of the query in other words, or in the other language: price, delivery, …"""
    lexicon = load_signals()
    themes = [
        tuple(filter(None, (pattern, lexicon.objections.get(label))))
        for label, pattern in lexicon.topics.items()
        if pattern.search(asked)
    ]
    hits = [any(one.search(said.words) for theme in themes for one in theme) for said in talk.spoken]
    return np.array(hits, dtype=np.float64) if themes else np.zeros(len(talk.spoken))


def _personal(talk: Talk) -> Vector:
    found = [len(re.findall(r"\b(?:i|you|my|me)\b|[我你您]", said.words)) for said in talk.spoken]
    return np.array(found, dtype=np.float64) / np.maximum(talk.lengths, 1)


@cache
def load_weights(task: str) -> Vector:
    """The learned weights for `query` or `summary`; evals/suites/meetings/learning.py says from what."""
    return np.array(load_table("meeting_weights")[task], dtype=np.float64)


def scores(talk: Talk, query: str = "", ours: frozenset[str] = frozenset()) -> Vector:
    """How telling each sentence is: for the query, or without one for the whole.

    Short ones come last, but for those that are plainly about the query.
    """
    if not talk.spoken:
        return np.zeros(0)
    table = features(talk, query, ours)
    weights: Vector = table @ load_weights("query" if query.strip() else "summary")
    least = np.array([_SHORT[said.lang] for said in talk.spoken])
    return weights - ((talk.lengths < least) & (table[:, 1] < _PLAIN))


def is_chinese(talk: Talk) -> bool:
    """Whether most sentences are Chinese."""
    return sum(said.lang is Lang.ZH for said in talk.spoken) * 2 > len(talk.spoken)
