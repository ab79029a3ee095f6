"""A system that is written to in a trial, and what is asked of it directly."""

from collections.abc import Callable
from dataclasses import dataclass

from evals.bench.chaos.counting import Held
from evals.bench.chaos.hub import OpenTargets
from evals.bench.chaos.plan import Item


@dataclass(frozen=True, slots=True)
class Target:
    """`open` None is the hub's own sandbox; `written` counts its records, `held` says what they are.

    `undone` tells whether an effect was written and taken back, each once.
    """

    open: OpenTargets | None
    written: Callable[[], int]
    held: Callable[[], Held]
    undone: Callable[[Item], bool]
