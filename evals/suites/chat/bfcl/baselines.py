"""Simpler ways to pick a tool, for comparison."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from agents.planning.bm25 import bm25_scores
from agents.planning.spec import ToolSchema
from agents.planning.words import terms

_WORD = re.compile(r"\w+")
_K1, _B, _FLOOR = 1.5, 0.75, 0.25


def by_bm25(question: str, tools: Sequence[ToolSchema]) -> int:
    """By BM25 over name and description, on the planner's own stems and with weights that are never negative."""
    return _best(bm25_scores(terms(question), [terms(f"{tool.name} {tool.description}") for tool in tools]))


def by_okapi(question: str, tools: Sequence[ToolSchema]) -> int:
    """By the common Okapi BM25 over everything that the tool says, words as written.

    ln((N - n + ½) / (n + ½)), with negative weights raised to a quarter of the mean. Among few tools a word that half
    of them have weighs nothing, which is why it does so much worse than the other form.
    """
    documents = [_words(f"{tool.name} {tool.description} {json.dumps(tool.parameters)}") for tool in tools]
    total, mean = len(documents), sum(map(len, documents)) / len(documents)
    weights = {
        term: math.log(total - count + 0.5) - math.log(count + 0.5)
        for term, count in Counter(term for document in documents for term in set(document)).items()
    }
    floor = _FLOOR * sum(weights.values()) / max(1, len(weights))
    weights = {term: floor if weight < 0 else weight for term, weight in weights.items()}
    asked = _words(question)
    scores = []
    for document in documents:
        counts, spread = Counter(document), _K1 * (1 - _B + _B * len(document) / mean)
        scores.append(
            sum(weights.get(term, 0.0) * counts[term] * (_K1 + 1) / (counts[term] + spread) for term in asked)
        )
    return _best(scores)


def by_place(question: str, tools: Sequence[ToolSchema]) -> int:
    """The tool named first."""
    return 0


PICKERS: Mapping[str, Callable[[str, Sequence[ToolSchema]], int]] = {
    "okapi": by_okapi,
    "bm25": by_bm25,
    "first": by_place,
}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _best(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=lambda place: scores[place])
