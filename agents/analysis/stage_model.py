"""Which buying stage a sentence speaks of: a small linear classifier, evaluated without its training library.

Weights come from `python -m agents.analysis.train_stages`; the card is docs/reference/stage-model.md.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.analysis.features import features
from core.domain.views.stage import BuyingStage

WEIGHTS_FILE = Path(__file__).parents[1] / "data" / "stage_weights.npz"
STAGES = tuple(BuyingStage)
CLASSES = (*(stage.value for stage in STAGES), "none")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StageModel:
    """TF-IDF (sublinear, L2) and multinomial logistic regression with a temperature.

    `index` maps a feature to its row of `weights` (features by classes), `idf` has one entry per row.
    """

    index: dict[str, int]
    idf: Floats
    weights: Floats
    intercept: Floats
    temperature: float

    def logits(self, text: str) -> Floats:
        """Uncalibrated scores of `CLASSES`, shape (7,)."""
        counts = Counter(row for name in features(text) if (row := self.index.get(name)) is not None)
        if not counts:
            return self.intercept
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        terms = np.array([1.0 + math.log(count) for count in counts.values()]) * self.idf[rows]
        norm = math.sqrt(float(terms @ terms))
        scores: Floats = (terms / norm) @ self.weights[rows] + self.intercept
        return scores

    def probabilities(self, text: str) -> Floats:
        """Calibrated probabilities of `CLASSES`, shape (7,), summing to 1."""
        return softmax(self.logits(text) / self.temperature)


def softmax(scores: Floats) -> Floats:
    """Exponentials along the last axis, normalised to sum to 1."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


@cache
def load_stage_model(path: Path = WEIGHTS_FILE) -> StageModel:
    """Read the committed weights, once."""
    with np.load(path, allow_pickle=False) as stored:
        names = bytes(stored["vocabulary"]).decode("utf-8").split("\n")
        return StageModel(
            index={name: row for row, name in enumerate(names)},
            idf=stored["idf"].astype(np.float64),
            weights=stored["weights"].astype(np.float64),
            intercept=stored["intercept"].astype(np.float64),
            temperature=float(stored["temperature"]),
        )
