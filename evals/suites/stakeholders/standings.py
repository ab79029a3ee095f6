"""Simpler ways to rank people by who writes to whom, and how a ranking is judged."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Ranking = Mapping[str, float]
Edges = Mapping[tuple[str, str], float]

_STEPS = 500
_ACCURACY = 1e-10


def by_degree(people: Sequence[str], edges: Edges) -> Ranking:
    """With how many others each person exchanged anything."""
    others: dict[str, set[str]] = {person: set() for person in people}
    for source, target in edges:
        others[source].add(target)
        others[target].add(source)
    return {person: float(len(found - {person})) for person, found in others.items()}


def by_eigenvector(people: Sequence[str], edges: Edges) -> Ranking:
    """Eigenvector centrality (Bonacich 1972) of exchanges in either direction, by power iteration."""
    place = {person: index for index, person in enumerate(people)}
    ties = _ties(place, edges)
    standing = np.full(len(people), 1 / max(1, len(people)))
    for _ in range(_STEPS):
        # The part of oneself keeps a network of two sides from swinging.
        after = ties @ standing + standing
        after /= max(float(np.linalg.norm(after)), 1e-300)
        moved, standing = float(np.abs(after - standing).max()), after
        if moved < _ACCURACY:
            break
    return {person: float(standing[index]) for person, index in place.items()}


def by_received(people: Sequence[str], edges: Edges) -> Ranking:
    """How many messages each person got."""
    got = dict.fromkeys(people, 0.0)
    for (_source, target), weight in edges.items():
        got[target] += weight
    return got


def _ties(place: Mapping[str, int], edges: Edges) -> NDArray[np.float64]:
    ties = np.zeros((len(place), len(place)))
    for (source, target), weight in edges.items():
        ties[place[source], place[target]] += weight
        ties[place[target], place[source]] += weight
    return ties


def pairs_right(ranking: Ranking, levels: Mapping[str, float]) -> tuple[float, int]:
    """Right pairs, and all pairs, of people on different levels; the senior is to stand higher, a tie is half right."""
    right, pairs = 0.0, 0
    known = sorted(levels.keys() & ranking.keys())
    for one, other in combinations(known, 2):
        apart = levels[one] - levels[other]
        if apart:
            gap = (ranking[one] - ranking[other]) * (1 if apart > 0 else -1)
            right += 1.0 if gap > 0 else 0.5 if gap == 0 else 0.0
            pairs += 1
    return right, pairs


def agreement(one: Ranking, other: Ranking) -> float:
    """Spearman's rank correlation of two rankings of the same people, −1 to 1; 0 when one of them ranks nobody."""
    people = sorted(one)
    ranks = [_ranks(np.array([each[person] for person in people])) for each in (one, other)]
    spread = float(ranks[0].std() * ranks[1].std())
    return float(((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())).mean() / spread) if spread else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    middle: NDArray[np.float64] = np.cumsum(count) - (count - 1) / 2
    return middle[place]
