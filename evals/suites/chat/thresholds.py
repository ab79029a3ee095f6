"""What the embedded engine must reach on the suite's own cases; `make evals` fails below it.

Reads the report of `saleshub eval chat --json` from standard input, prints its parts, and ends with 1 when one of
them falls short.
"""

import sys
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from evals.suites.suite import Figures, Report

AT_LEAST: Mapping[str, float] = {"calls_right": 0.95, "out_of_scope_refused": 0.97}
AT_MOST: Mapping[str, float] = {"wrong_silent": 0.01, "ece": 0.05}


def shortfalls(part: str, figures: Figures) -> Iterator[str]:
    """Every figure of a part that misses what it must reach; one that is missing falls short, too."""
    for name, least in AT_LEAST.items():
        if not figures.get(name, 0.0) >= least:
            yield f"{part}: {name} is {figures.get(name, 'missing')}, must be at least {least}"
    for name, most in AT_MOST.items():
        if not figures.get(name, 1.0) <= most:
            yield f"{part}: {name} is {figures.get(name, 'missing')}, must be at most {most}"


def main() -> int:
    """The exit code for the report on standard input."""
    try:
        report = Report.model_validate_json(sys.stdin.read())
    except ValidationError:
        print("no report on standard input: run `saleshub eval chat --json`", file=sys.stderr)
        return 1
    parts = {name: figures for name, figures in report.by.items() if name.startswith("part:")}
    for part, figures in parts.items():
        told = ", ".join(f"{name} {figures.get(name, 'missing')}" for name in (*AT_LEAST, *AT_MOST))
        print(f"{part} ({figures['messages']:.0f} messages, {report.model}): {told}")
    short = [line for part, figures in parts.items() for line in shortfalls(part, figures)]
    for line in short:
        print(line, file=sys.stderr)
    return 1 if short or not parts else 0


if __name__ == "__main__":
    sys.exit(main())
