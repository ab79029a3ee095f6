"""Okapi BM25 over the tools of one request (Robertson & Zaragoza 2009, with k1 = 1.5 and b = 0.75)."""

import math
from collections import Counter
from collections.abc import Sequence

_K1, _B = 1.5, 0.75


def inverse_frequencies(documents: Sequence[Sequence[str]]) -> dict[str, float]:
    """ln(1 + (N - n + ½) / (n + ½)) of each term of the documents."""
    total = len(documents)
    counts = Counter(term for document in documents for term in set(document))
    return {term: math.log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in counts.items()}


def bm25_scores(query: Sequence[str], documents: Sequence[Sequence[str]]) -> list[float]:
    """The score of each document; a term of the query counts once."""
    weights = inverse_frequencies(documents)
    mean = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    asked = dict.fromkeys(query)
    scores = []
    for document in documents:
        counts = Counter(document)
        spread = _K1 * (1 - _B + _B * len(document) / mean)
        scores.append(
            sum(weights[term] * counts[term] * (_K1 + 1) / (counts[term] + spread) for term in asked if counts[term])
        )
    return scores
