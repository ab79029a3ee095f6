"""Whatever a dependency does: `python -m evals.bench.dependencies --jobs 50`.

Each fault is done to an installation of its own with so many approved effects, and some that must never run. The
fault lasts for a number of rounds of the worker, then it is over, and what was given up meanwhile is retried as an
operator does. Lost, doubled and unapproved writes are counted in the records of the systems, stuck ones are those that
the hub still has in hand. `seen` is what an operator sees of a fault: errors of deliveries and dead letters
(`saleshub effects list`), or a failed round (logged, and counted in a metric); a fault that changes nothing for anybody
is `absorbed`.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from core.settings import Settings
from evals.bench.chaos.breaking import WORLD_FAULTS, SetClock, Trial, WorldFault
from evals.bench.chaos.counting import held_by_sandbox, judge, under_way
from evals.bench.chaos.hub import ask
from evals.bench.chaos.misbehaving import MISBEHAVIOURS, Mood, MoodyTarget
from evals.bench.chaos.plan import TENANT, Item, build_plan, records_of
from evals.bench.chaos.trial import fresh_settings
from evals.bench.report import Figures, build_parser, print_figures
from hub.platform import open_platform

_BAD_ROUNDS = 12
_ROUNDS = 400
# Long enough that a busy machine is not taken for a fault, but where an answer never comes.
_TIMEOUT_S, _SHORT_TIMEOUT_S = 10.0, 0.5
_MUST_BE_0 = ("lost", "doubled", "unapproved", "stuck")


@contextmanager
def _prepared(settings: Settings, plan: Sequence[Item], timeout_s: float = _TIMEOUT_S) -> Iterator[Trial]:
    brief = settings.model_copy(update={"effect_timeout_s": timeout_s})
    clock = SetClock()
    with open_platform(brief, clock=clock) as platform:
        with platform.store.write() as unit:
            unit.records.upsert(TENANT, list(records_of(plan)), {}, at=clock.now())
        for item in plan:
            ask(platform, item)
        clock.time += timedelta(seconds=1)
        yield Trial(platform, clock)


def _finished(trial: Trial, plan: Sequence[Item], struck: int) -> Figures:
    """What came of it, after rounds without the fault, and retries, until nothing is left to do."""
    retried = 0
    for _round in range(_ROUNDS):
        trial.round()
        trial.look()
        if under_way(trial.url) == 0:
            again = trial.retry_dead()
            retried += again
            if not again:
                break
    counts = judge(plan, held_by_sandbox(trial.url))
    told = {"stuck": under_way(trial.url), "struck": struck, "retried": retried}
    return {**counts, **told, "seen": sorted(trial.seen) or ["absorbed"]}


def _with_target(name: str, jobs: int, seed: int) -> Figures:
    plan = build_plan(jobs, seed)
    timeout_s = _SHORT_TIMEOUT_S if name.startswith("timeout") else _TIMEOUT_S
    with fresh_settings("sqlite") as settings, _prepared(settings, plan, timeout_s) as trial:
        mood, calm = Mood(MISBEHAVIOURS[name], random.Random(seed)), trial.platform
        targets = {system: MoodyTarget(target, mood) for system, target in calm.targets.items()}
        trial.platform = replace(calm, targets=targets)
        for _round in range(_BAD_ROUNDS):
            trial.round()
            trial.look()
        mood.bad = False
        return _finished(trial, plan, mood.struck)


def _with_world(fault: WorldFault, jobs: int, seed: int) -> Figures:
    plan = build_plan(jobs, seed)
    with fresh_settings(fault.database) as settings, _prepared(settings, plan) as trial:
        for number in range(_BAD_ROUNDS):
            with fault.around(trial, number):
                trial.round()
            trial.look()
        return _finished(trial, plan, _BAD_ROUNDS)


def measure(jobs: int, only: Sequence[str] = (), seed: int = 7) -> Figures:
    """What each fault did; `only` names the faults to try."""
    found: dict[str, Figures] = {}
    for name in MISBEHAVIOURS:
        if not only or name in only:
            found[name] = _with_target(name, jobs, seed)
    for name, fault in WORLD_FAULTS.items():
        if not only or name in only:
            found[name] = _with_world(fault, jobs, seed)
    totals = {figure: sum(one[figure] for one in found.values()) for figure in _MUST_BE_0}
    idle = sum(not one["struck"] for one in found.values())
    return {"faults": len(found), "jobs_each": jobs, **totals, "faults_that_never_struck": idle, "by_fault": found}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was lost, doubled, stuck or unapproved, or a fault never struck."""
    parser = build_parser("dependencies", __doc__)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--only", action="append", default=[], choices=[*MISBEHAVIOURS, *WORLD_FAULTS])
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    figures = measure(options.jobs, options.only, options.seed)
    print_figures(figures, as_json=options.json)
    return int(any(figures[name] for name in (*_MUST_BE_0, "faults_that_never_struck")))


if __name__ == "__main__":
    sys.exit(main())
