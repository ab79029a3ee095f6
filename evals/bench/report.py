"""What every measurement has in common: its arguments, its arithmetic, and how it is printed."""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Figures = dict[str, Any]


def quantile(values: Sequence[float], share: float) -> float:
    """The `share` quantile (0–1) by the nearest-rank method; `values` must not be empty."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]


def spread(milliseconds: Sequence[float]) -> Figures:
    """Median, 95th percentile and the worst of some times."""
    return {
        "p50_ms": round(quantile(milliseconds, 0.5), 1),
        "p95_ms": round(quantile(milliseconds, 0.95), 1),
        "worst_ms": round(max(milliseconds), 1),
    }


def machine() -> Figures:
    """Where and when figures were taken; the load says how far to trust wall times."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load_1_min": round(os.getloadavg()[0], 1),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def build_parser(name: str, about: str | None) -> argparse.ArgumentParser:
    """The parser of one measurement, with the option all have."""
    parser = argparse.ArgumentParser(
        prog=f"python -m evals.bench.{name}", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return parser


def print_figures(figures: Figures, *, as_json: bool) -> None:
    """Print figures for programs or for people."""
    told = {**figures, "machine": machine()}
    if as_json:
        print(json.dumps(told))
        return
    width = max(map(len, told))
    for name, value in told.items():
        print(f"{name:<{width}}  {value}")
