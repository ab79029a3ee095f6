"""Influence in a network of people: PageRank over who writes to, meets and reports to whom, and its uncertainty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.analysis.stage_model import Floats

DAMPING = 0.85
_STEPS = 100
_ACCURACY = 1e-9
_GRID = np.linspace(0.0005, 0.9995, 400)

TITLE_WEIGHT = 4.0
"""Exchanges that a job title is worth in the blend."""

_THREAD = 20.0
_UNKNOWN_SENIORITY = 0.35
_UNKNOWN_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Influence:
    """Mean and 80 % interval, each in 0–1."""

    mean: float
    low: float
    high: float


def pagerank(nodes: Sequence[str], edges: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """PageRank by power iteration (Page, Brin, Motwani, Winograd 1999), sums to 1.

    `edges` maps (source, target) to a weight > 0; rank flows from source to target. Who points nowhere spreads evenly.
    """
    if not nodes:
        return {}
    place = {node: index for index, node in enumerate(nodes)}
    count = len(nodes)
    sources = np.array([place[source] for source, _ in edges], dtype=np.intp)
    targets = np.array([place[target] for _, target in edges], dtype=np.intp)
    weights = np.array(list(edges.values()), dtype=np.float64)
    out = np.bincount(sources, weights, minlength=count)
    shares = weights / out[sources] if len(weights) else weights
    rank = np.full(count, 1 / count)
    for _ in range(_STEPS):
        flow = np.bincount(targets, rank[sources] * shares, minlength=count)
        after = (1 - DAMPING) / count + DAMPING * (flow + rank[out == 0].sum() / count)
        moved, rank = float(np.abs(after - rank).sum()), after
        if moved < _ACCURACY:
            break
    return dict(zip(nodes, (rank / rank.sum()).tolist(), strict=True))


def blend(share: float, people: int, exchanges: int, seniority: float | None) -> Influence:
    """Influence from PageRank `share` among `people`, seen in `exchanges` with others there, and from seniority.

    A Beta posterior: the title is a prior worth 4 exchanges (an unknown one 1, at 0.35), the standing in the network
    r / (r + 1) with r = share relative to the average counts n / (1 + n / 20) exchanges, since messages of one thread
    are not independent. The interval holds 80 % and narrows as exchanges come in.
    """
    known = seniority is not None
    prior, weight = (seniority, TITLE_WEIGHT) if seniority is not None else (_UNKNOWN_SENIORITY, _UNKNOWN_WEIGHT)
    relative = share * people
    standing, seen = relative / (relative + 1), exchanges / (1 + exchanges / _THREAD)
    alpha = weight * prior + seen * standing + 0.5
    beta = weight * (1 - prior) + seen * (1 - standing) + (0.5 if known else 1.0)
    low, high = beta_interval(alpha, beta)
    return Influence(round(alpha / (alpha + beta), 4), round(low, 4), round(high, 4))


def beta_interval(alpha: float, beta: float, mass: float = 0.8) -> tuple[float, float]:
    """The central interval of Beta(alpha, beta) that holds `mass`, by summing the density on a grid of 400 points."""
    logs: Floats = (alpha - 1) * np.log(_GRID) + (beta - 1) * np.log1p(-_GRID)
    total = np.cumsum(np.exp(logs - logs.max()))
    low, high = np.interp([(1 - mass) / 2, (1 + mass) / 2], total / total[-1], _GRID)
    mean = alpha / (alpha + beta)
    return min(float(low), mean), max(float(high), mean)


def count_exchanges(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many groups of two or more each person was in."""
    counts: dict[str, int] = {}
    for group in groups:
        members = set(group)
        for member in members if len(members) > 1 else ():
            counts[member] = counts.get(member, 0) + 1
    return counts
