"""All measurements behind the figures of the documentation: `make bench`.

Prints one table and writes `artifacts/bench.json`. Sizes are chosen to end within ten minutes on two cores; each
measurement alone takes larger ones. The exit status is 1 when a promise is not kept; times are only reported.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench import faults, once, packages, plain, pricing, webhooks
from evals.bench.demo_home import imported_demo
from evals.bench.report import Figures, build_parser, machine
from evals.bench.runaway import __main__ as runaway
from evals.bench.thrift import __main__ as thrift

_RESULT = Path("artifacts/bench.json")

# What must hold, by measurement and figure; `at most` for all but the number of runs, which is exact.
TARGETS: dict[str, dict[str, float]] = {
    "packages": {
        "p95_ms": 10_000, "unsupported": 0, "missing": 0, "invisible": 0, "altered": 0, "later": 0,
        "sections_unexplained": 0,
    },
    "faults": {"unexplained": 0, "unnoticed": 0},
    "once": {"runs": 1, "run_rows": 1, "lost_parts": 0, "doubled_parts": 0, "accept_p95_ms": 1000},
    "plain": {"ratio_hub": 0.5, "ratio_hub_with_model": 0.5},
    "pricing": {"outside_policy": 0},
    "webhooks": {"wrongly_accepted": 0, "wrongly_refused": 0, "wrong_status": 0, "wrong_records": 0},
    "runaway": {**dict.fromkeys(runaway.FAULTS, 0), "worst_calls_over": 1},
    "thrift": {**thrift.MOST},
}  # fmt: skip


def is_met(figure: str, value: float, target: float) -> bool:
    """Whether a figure keeps its promise."""
    return value == target if figure in {"runs", "run_rows"} else value <= target


def _measure_all(home: Path, to: Console) -> dict[str, Figures]:
    steps: dict[str, Callable[[], Figures]] = {
        "plain": partial(plain.measure, home, 20),
        "packages": partial(packages.measure, home, 200),
        "faults": partial(faults.measure, home, 2),
        "once": partial(once.measure, home, 6, 30),
        "pricing": lambda: asdict(pricing.measure(10_000)),
        "webhooks": partial(webhooks.measure, 2000),
        "runaway": partial(runaway.measure, home, 208, 1),
        "thrift": partial(thrift.measure, home),
    }
    found: dict[str, Figures] = {}
    for name, measure in steps.items():
        to.print(f"Measuring {name} …")
        start = time.monotonic()
        found[name] = {**measure(), "took_s": round(time.monotonic() - start), "machine": machine()}
    return found


def _table(found: dict[str, Figures]) -> Table:
    table = Table("measurement", "figure", "value", "target", "met")
    for name, figures in found.items():
        for figure, value in figures.items():
            target = TARGETS[name].get(figure)
            if isinstance(value, dict):
                continue
            met = "" if target is None else "yes" if is_met(figure, value, target) else "NO"
            table.add_row(name, figure, str(value), "" if target is None else f"{target:g}", met)
        table.add_section()
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything; 1 when a figure misses its target."""
    parser = build_parser("__main__", __doc__)
    parser.prog = "python -m evals.bench"
    options = parser.parse_args(arguments)
    to = Console(stderr=options.json)
    with imported_demo() as home:
        found = _measure_all(home, to)
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if options.json:
        print(json.dumps(found))
    else:
        to.print(_table(found))
    missed = [
        figure
        for name, targets in TARGETS.items()
        for figure, target in targets.items()
        if not is_met(figure, found[name][figure], target)
    ]
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
