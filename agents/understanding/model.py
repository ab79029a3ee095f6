"""Which tool a request asks for: a linear classifier over its wording, evaluated without its training library.

Weights come from `python -m agents.understanding.train`; the card is docs/reference/understanding.md.
"""

import math
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.understanding.features import features, tokens

WEIGHTS_FILE = Path(__file__).parent / "data" / "weights.npz"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ToolModel:
    """TF-IDF and multinomial logistic regression over features of the wording.

    `calibration` turns the share of a tool and the known part of a wording into the probability that the tool is
    right: intercept, weight of the share's logarithm, weight of the known part's.

    `index` maps a feature to its row of `weights` (features by tools).
    """

    tools: tuple[str, ...]
    index: dict[str, int]
    idf: Floats
    weights: Floats
    intercept: Floats
    calibration: tuple[float, float, float]

    def logits(self, text: str) -> Floats:
        """Scores of `tools` for a marked text."""
        counts = Counter(row for name in features(text) if (row := self.index.get(name)) is not None)
        if not counts:
            return self.intercept
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        terms = np.array([1.0 + math.log(count) for count in counts.values()]) * self.idf[rows]
        scores: Floats = (terms / math.sqrt(float(terms @ terms))) @ self.weights[rows] + self.intercept
        return scores

    def shares(self, text: str) -> Floats:
        """Shares of `tools`, summing to 1."""
        scores = self.logits(text)
        powers = np.exp(scores - scores.max())
        shares: Floats = powers / powers.sum()
        return shares

    def known_share(self, text: str) -> float:
        """Which part of the pairs of neighbours in a text the examples have; 1 for an empty text."""
        return known_share(text, self.index)


def known_share(text: str, known: Container[str]) -> float:
    """Which part of the pairs of neighbours in a text is known; 1 for a text without any."""
    pairs = [f"{first} {second}" for first, second in pairwise(tokens(text))]
    return sum(pair in known for pair in pairs) / len(pairs) if pairs else 1.0


@cache
def load_model(path: Path = WEIGHTS_FILE) -> ToolModel:
    """Read the committed weights, once."""
    with np.load(path, allow_pickle=False) as stored:
        names = bytes(stored["vocabulary"]).decode("utf-8").split("\n")
        return ToolModel(
            tools=tuple(bytes(stored["tools"]).decode("utf-8").split("\n")),
            index={name: row for row, name in enumerate(names)},
            idf=stored["idf"].astype(np.float64),
            weights=stored["weights"].astype(np.float64) * stored["scale"].astype(np.float64),
            intercept=stored["intercept"].astype(np.float64),
            calibration=tuple(map(float, stored["calibration"])),  # type: ignore[arg-type]
        )
