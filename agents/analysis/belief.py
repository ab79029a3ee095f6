"""The belief where a buyer stands, updated message by message.

A hidden Markov model filtered forward (Rabiner 1989, "A Tutorial on Hidden Markov Models", eq. 19-20), with
transitions in continuous time and likelihoods that no single message can make extreme.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from agents.analysis.stage_model import STAGES, Floats, load_stage_model, softmax

OUTLIER_SHARE = 0.4
"""Probability with which a message is taken to say nothing about the stage, whatever its words."""

MOST_ODDS = (1 - OUTLIER_SHARE) / (OUTLIER_SHARE / len(STAGES)) + 1
"""Largest factor (10) by which one message can change the odds between two stages."""

_SMALL_TALK_ODDS = 3.0
"""How much commoner small talk is in real mail than in the classifier's balanced training."""

_FORWARD = 1 / 100
_BACK = 1 / 300
_ANYWHERE = 1 / 400
"""Moves per day: to the next stage, to the one before, and to any other. A stage lasts months; old news fade."""

_MEMORY_DAYS = 365.0
_SQUARINGS = 10


@dataclass(frozen=True, slots=True)
class Observation:
    """What a message says: likelihood per stage (largest 1), and how much it says, 0–1."""

    likelihood: Floats
    strength: float


def observe(sentences: Sequence[str], weight: float = 1.0) -> tuple[Observation, Floats]:
    """The likelihood of a message's sentences under each stage, and each sentence's pull, shape (sentences, stages).

    Sentences are averaged by how much they speak of any stage. The average is mixed with a uniform distribution, so
    that the odds change by at most `MOST_ODDS`, and tempered with `weight` (0–1: 0 leaves the belief as it is).
    """
    flat = np.full(len(STAGES), 1 / len(STAGES))
    if not sentences or weight <= 0:
        return Observation(np.ones(len(STAGES)), 0.0), np.zeros((len(sentences), len(STAGES)))
    model = load_stage_model()
    shares = softmax(np.array([model.logits(text) for text in sentences]) / model.temperature)
    shares[:, -1] *= _SMALL_TALK_ODDS
    pulls = (shares / shares.sum(axis=1, keepdims=True))[:, :-1]
    telling = pulls.sum(axis=1)
    strength = float(telling.max())
    spoken = (telling**2) @ (pulls / telling[:, None]) / float((telling**2).sum())
    mixed = OUTLIER_SHARE * flat + (1 - OUTLIER_SHARE) * (strength * spoken + (1 - strength) * flat)
    likelihood = (mixed / mixed.max()) ** weight
    return Observation(likelihood, strength * weight), pulls * telling[:, None]


def prior() -> Floats:
    """Belief before the first message: every stage alike."""
    return np.full(len(STAGES), 1 / len(STAGES))


def normalised(shares: Floats) -> Floats:
    """Shares scaled to sum to 1."""
    scaled: Floats = shares / shares.sum()
    return scaled


def predict(belief: Floats, days: float) -> Floats:
    """The belief `days` later with no news: mostly unchanged, a little further on."""
    moved: Floats = belief @ _transition(min(max(days, 0.0), 3650.0))
    return normalised(moved)


def update(belief: Floats, observation: Observation) -> Floats:
    """The belief after a message (Bayes' rule)."""
    return normalised(belief * observation.likelihood)


def fade(belief: Floats, days: float) -> Floats:
    """The belief after `days` of silence up to now: flatter by half-lives of a year, the likeliest stage unchanged."""
    kept = 0.5 ** (max(days, 0.0) / _MEMORY_DAYS)
    faded: Floats = kept * belief + (1 - kept) * prior()
    return faded


def confidence(belief: Floats, strengths: Iterable[float]) -> float:
    """How far to trust the likeliest stage, 0–1: its lead over chance, times n / (n + 2) for n telling messages."""
    heard = math.fsum(strengths)
    lead = (float(belief.max()) - 1 / len(STAGES)) / (1 - 1 / len(STAGES))
    return max(0.0, min(1.0, lead * heard / (heard + 2.0)))


@lru_cache(maxsize=512)
def _transition(days: float) -> Floats:
    """exp(Q·days) for the generator Q, by (I + Q·days/n)^n with n = 2^10; row-stochastic, shape (6, 6)."""
    size = len(STAGES)
    rates = np.full((size, size), _ANYWHERE)
    rates += np.diag(np.full(size - 1, _FORWARD), 1) + np.diag(np.full(size - 1, _BACK), -1)
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(axis=1))
    step: Floats = np.eye(size) + rates * (days / 2**_SQUARINGS)
    for _ in range(_SQUARINGS):
        step = step @ step
    return step
