"""Ranking passages for a query: by words, by vectors, and both fused."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from core.ports.embedder import Vectors

# BM25 as in Robertson & Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond, with the usual constants.
_K1 = 1.2
_B = 0.75

# Reciprocal rank fusion as in Cormack, Clarke & Büttcher (2009); 60 is theirs.
_RRF = 60


def word_weights(query: Sequence[str], documents: Sequence[Counter[str]]) -> dict[str, float]:
    """How telling each word of the query is among the documents (inverse document frequency, never negative)."""
    return {
        word: math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for word in dict.fromkeys(query)
        if (holding := sum(word in document for document in documents))
    }


def score_words(weights: Mapping[str, float], documents: Sequence[Counter[str]]) -> list[float]:
    """BM25 of each document for the query whose `weights` were taken over these documents; 0 without a shared word."""
    lengths = [document.total() for document in documents]
    usual = sum(lengths) / len(lengths) if any(lengths) else 1.0
    scores = []
    for document, length in zip(documents, lengths, strict=True):
        damping = _K1 * (1 - _B + _B * length / usual)
        found = ((weight, document[word]) for word, weight in weights.items() if word in document)
        scores.append(sum(weight * count * (_K1 + 1) / (count + damping) for weight, count in found))
    return scores


def score_vectors(query: Vectors, vectors: Sequence[bytes | None]) -> list[float | None]:
    """Cosine with each stored vector (float32 bytes); None where there is none, or one of another length."""
    usable = [row for row, vector in enumerate(vectors) if vector is not None and len(vector) == query.nbytes]
    scores: list[float | None] = [None] * len(vectors)
    if usable:
        matrix = np.frombuffer(b"".join(vectors[row] or b"" for row in usable), dtype=np.float32)
        for row, score in zip(usable, (matrix.reshape(len(usable), -1) @ query).tolist(), strict=True):
            scores[row] = score
    return scores


def ranks(scores: Sequence[float | None]) -> dict[int, int]:
    """Rank from 1 by row, best first; rows with no score, or 0, have none. Equal scores keep their order."""
    rows = [row for row, score in enumerate(scores) if score]
    rows.sort(key=lambda row: -(scores[row] or 0.0))
    return {row: rank for rank, row in enumerate(rows, start=1)}


def fuse(rankings: Sequence[tuple[float, Mapping[int, int]]]) -> dict[int, float]:
    """Weighted reciprocal rank fusion of (weight, ranking) pairs: the sum of weight / (60 + rank), by row."""
    fused: dict[int, float] = {}
    for weight, ranking in rankings:
        for row, rank in ranking.items():
            fused[row] = fused.get(row, 0.0) + weight / (_RRF + rank)
    return fused
