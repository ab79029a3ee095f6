"""Arithmetic for reports."""

from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float:
    """The `share` quantile (0–1) by the nearest-rank method; `values` must not be empty."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]
