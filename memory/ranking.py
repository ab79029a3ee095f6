"""Ranking passages for a query: by words, by vectors, and both fused."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from heapq import nlargest

import numpy as np

from core.language import Lang
from core.ports.embedder import Vectors

# BM25 as in Robertson & Zaragoza (2009), The Probabilistic Relevance Framework, with the usual constants.
_K1 = 1.2
_B = 0.75

# The share of words in the fused score. Anything from 0.4 to 0.6 found the same; a little over half lets a word that is
# there win against a meaning that is only nearest, which matters where an account has few passages.
_WORDS = 0.55

_FEW = 3

# How much what was said just before, just after, and best on the same day adds to a passage's own score. Chosen on five
# dialogues of LoCoMo (suite `memory`), where anything near finds much the same; more for the day finds more in all, but
# less of what is spread over several days.
_BEFORE, _AFTER, _DAY = 0.1, 0.3, 0.55
_BEST = 3


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


def level_languages(scores: Sequence[float | None], langs: Sequence[Lang]) -> list[float | None]:
    """Cosines less the mean of their language, as a multilingual model puts each language in a corner of its own.

    Without this a Chinese question to a mixed account finds Chinese passages only, whatever they are about. As they are
    when a language has fewer than three passages, whose mean says nothing.
    """
    by_lang: dict[Lang, list[float]] = {}
    for score, lang in zip(scores, langs, strict=True):
        if score is not None:
            by_lang.setdefault(lang, []).append(score)
    if any(len(known) < _FEW for known in by_lang.values()):
        return list(scores)
    means = {lang: sum(known) / len(known) for lang, known in by_lang.items()}
    return [None if score is None else score - means[lang] for score, lang in zip(scores, langs, strict=True)]


def fuse(by_words: Sequence[float], by_vectors: Sequence[float | None]) -> list[float]:
    """Both scores of each row as one, 0 to 1: BM25 over its maximum and the cosine scaled to 0…1, weighted.

    A convex combination as in Bruch, Gai & Ingber (2023), An Analysis of Fusion Functions for Hybrid Retrieval. It
    found more here than reciprocal rank fusion (suite `memory`). A row without a vector is judged by its words
    alone, on the same scale.
    """
    most = max(by_words, default=0.0) or 1.0
    known = [score for score in by_vectors if score is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    spread = high - low
    fused = []
    for words, cosine in zip(by_words, by_vectors, strict=True):
        if cosine is None:
            fused.append(words / most)
        else:
            fused.append(_WORDS * (words / most) + (1 - _WORDS) * ((cosine - low) / spread if spread else 1.0))
    return fused


def in_context(scores: Sequence[float], conversations: Sequence[Hashable]) -> list[float]:
    """Scores (0 to 1, in the order in which the passages were said) with what surrounds each passage, 0 to 1 again.

    A sentence often makes sense only beside its neighbours, which have the words that it leaves out. To each score a
    part of those before and after it in its conversation is added, and of the mean of that conversation's best three.
    What stands alone is its own context.
    """
    best: dict[Hashable, list[float]] = {}
    for score, conversation in zip(scores, conversations, strict=True):
        best.setdefault(conversation, []).append(score)
    means = {each: sum(first) / len(first) for each, found in best.items() if (first := nlargest(_BEST, found))}
    whole = 1 + _BEFORE + _AFTER + _DAY
    lifted = []
    for row, (score, conversation) in enumerate(zip(scores, conversations, strict=True)):
        before = scores[row - 1] if row and conversations[row - 1] == conversation else 0.0
        goes_on = row + 1 < len(scores) and conversations[row + 1] == conversation
        after = scores[row + 1] if goes_on else 0.0
        lifted.append((score + _BEFORE * before + _AFTER * after + _DAY * means[conversation]) / whole)
    return lifted
