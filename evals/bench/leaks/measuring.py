"""A trial measured: alone, or shared among processes."""

import asyncio
import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

from evals.bench.leaks.door import listening
from evals.bench.leaks.running import foreign_writes, operate
from evals.bench.leaks.trial import planted
from evals.bench.report import Figures

_SHOWN = 10


def measure_part(operations: int, seed: int) -> Figures:
    """What so many operations on companies of their own came to."""
    with planted() as template, template.copy(seed) as trial, listening(trial.app) as port:
        trial.port = port
        asyncio.run(operate(trial, operations))
        breaches = [*trial.breaches, *foreign_writes(trial)]
    return {
        "operations": trial.operations.total(),
        "leaks": len(breaches),
        "server_errors": trial.failures.total(),
        "by_door": dict(trial.operations),
        "by_status": dict(trial.statuses),
        "planted": len(trial.world.secrets.known),
        "examples": [asdict(one) for one in breaches[:_SHOWN]],
        "failures": dict(trial.failures.most_common(_SHOWN)),
    }


def measure(operations: int, seed: int, processes: int = 1) -> Figures:
    """The same, shared among processes, each with a seed of its own."""
    start = time.monotonic()
    shares = [operations // processes + (number < operations % processes) for number in range(processes)]
    seeds = [seed * 1000 + number for number in range(processes)]
    if processes == 1:
        parts = [measure_part(operations, seeds[0])]
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            parts = list(pool.map(measure_part, shares, seeds))
    summed: Figures = {name: sum(part[name] for part in parts) for name in ("operations", "leaks", "server_errors")}
    for name in ("by_door", "by_status", "failures"):
        summed[name] = dict(sum((Counter(part[name]) for part in parts), Counter()).most_common())
    summed["planted"] = sum(part["planted"] for part in parts)
    summed["examples"] = [one for part in parts for one in part["examples"]][:_SHOWN]
    return {**summed, "seed": seed, "processes": processes, "seconds": round(time.monotonic() - start, 1)}
