"""Which tool a request asks for: a linear classifier over its wording, evaluated without its training library.

Weights come from `python -m agents.understanding.train`; the card is docs/reference/understanding.md.
"""

import math
from collections import Counter
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
    """TF-IDF and multinomial logistic regression with a temperature.

    `index` maps a feature to its row of `weights` (features by tools); `words` are the Latin words of the examples.
    """

    tools: tuple[str, ...]
    index: dict[str, int]
    idf: Floats
    weights: Floats
    intercept: Floats
    temperature: float
    words: frozenset[str]

    def logits(self, text: str) -> Floats:
        """Uncalibrated scores of `tools` for a marked text."""
        counts = Counter(row for name in features(text) if (row := self.index.get(name)) is not None)
        if not counts:
            return self.intercept
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        terms = np.array([1.0 + math.log(count) for count in counts.values()]) * self.idf[rows]
        scores: Floats = (terms / math.sqrt(float(terms @ terms))) @ self.weights[rows] + self.intercept
        return scores

    def shares(self, text: str) -> Floats:
        """Calibrated probabilities of `tools`, summing to 1."""
        scores = self.logits(text) / self.temperature
        powers = np.exp(scores - scores.max())
        shares: Floats = powers / powers.sum()
        return shares

    def knows(self, token: str) -> bool:
        """Whether a word, a character or a sign occurs in the examples."""
        return token in self.index or token in self.words

    def known_share(self, text: str) -> float:
        """Which part of the pairs of neighbours in a text the examples have; 1 for an empty text."""
        found = tokens(text)
        pairs = [f"{first} {second}" for first, second in pairwise(found)]
        if not pairs:
            return 1.0 if all(map(self.knows, found)) else 0.0
        return sum(pair in self.index for pair in pairs) / len(pairs)


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
            temperature=float(stored["temperature"]),
            words=frozenset(name for name in names if name.isalpha() and name.isascii()),
        )
