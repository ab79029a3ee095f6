"""Simpler ways to pick sentences, for comparison: lead, random, TextRank, LexRank, likeness to the query."""

import random
from collections.abc import Sequence

import numpy as np

from agents.analysis.meetings.spoken import length
from agents.analysis.meetings.telling import shortened
from agents.analysis.meetings.weighing import Talk, Vector, telling_words

_DAMPING, _STEPS, _ALIKE = 0.85, 60, 0.1
SEED = 0


def lead(talk: Talk) -> Vector:
    """The first sentences first."""
    return -np.arange(len(talk.spoken), dtype=np.float64)


def at_random(talk: Talk, seed: int) -> Vector:
    """Any order, the same for the same seed."""
    rng = random.Random(seed)
    return np.array([rng.random() for _ in talk.spoken])


def text_rank(talk: Talk) -> Vector:
    """TextRank (Mihalcea & Tarau 2004): shared words over the sum of the logarithms of both lengths."""
    words = [set(vector) for vector in talk.vectors]
    shared = _shared(words)
    logs = np.log(np.maximum([len(one) for one in words], 1))
    spread = logs[:, None] + logs[None, :]
    return _walk(np.divide(shared, spread, out=np.zeros_like(shared), where=spread > 0))


def lex_rank(talk: Talk) -> Vector:
    """LexRank (Erkan & Radev 2004): sentences with a tf·idf cosine of at least 0.1 are linked."""
    vocabulary = {word: number for number, word in enumerate({word for one in talk.vectors for word in one})}
    rows = np.zeros((len(talk.vectors), len(vocabulary)), dtype=np.float32)
    for row, vector in enumerate(talk.vectors):
        for word, weight in vector.items():
            rows[row, vocabulary[word]] = weight
    return _walk((rows @ rows.T >= _ALIKE).astype(np.float64))


def query_words(talk: Talk, query: str) -> Vector:
    """tf·idf cosine with the whole query."""
    return talk.likeness(talk.vector(telling_words(query)))


def first_words(talk: Talk, weights: Vector, words: int) -> str:
    """The sentences of most weight up to so many words, verbatim, in the order of the meeting; the last is cut."""
    chosen: list[tuple[int, str]] = []
    left = words
    for place in np.argsort(-weights, kind="stable").tolist():
        if left <= 0:
            break
        text = talk.spoken[place].text
        chosen.append((place, text if length(text) <= left else shortened(text, left)))
        left -= length(text)
    return " ".join(text for _, text in sorted(chosen))


def _shared(words: Sequence[set[str]]) -> Vector:
    vocabulary = {word: number for number, word in enumerate(set().union(*words))}
    rows = np.zeros((len(words), max(1, len(vocabulary))), dtype=np.float32)
    for row, one in enumerate(words):
        rows[row, [vocabulary[word] for word in one]] = 1
    return (rows @ rows.T).astype(np.float64)


def _walk(links: Vector) -> Vector:
    """PageRank of an undirected graph by power iteration, damped by 0.85."""
    np.fill_diagonal(links, 0)
    out = links.sum(axis=1, keepdims=True)
    moves = np.divide(links, out, out=np.full_like(links, 1 / len(links)), where=out > 0)
    rank = np.full(len(links), 1 / len(links))
    for _ in range(_STEPS):
        rank = (1 - _DAMPING) / len(links) + _DAMPING * rank @ moves
    return rank
