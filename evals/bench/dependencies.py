"""Whatever a dependency does: `python -m evals.bench.dependencies --jobs 50`.

Each fault is done to an installation of its own with so many approved effects, and some that must never run. The
fault lasts for a number of rounds of the worker, then it is over, and what was given up meanwhile is retried as an
operator does. Lost, doubled and unapproved writes are counted in the records of the systems, stuck ones are those that
the hub still has in hand. `seen` is what an operator sees of a fault: errors of deliveries and dead letters
(`saleshub effects list`), a failed round, lines of the log; of visit jobs also the reasons that sections and runs give.
The trial fails when there is nothing to be seen of a fault, but for those that change nothing for anybody.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from structlog.testing import capture_logs

from core.settings import Settings
from evals.bench.chaos.breaking import WORLD_FAULTS, SetClock, Trial, WorldFault
from evals.bench.chaos.counting import held_by_sandbox, judge, under_way
from evals.bench.chaos.hub import ask
from evals.bench.chaos.misbehaving import MISBEHAVIOURS, Mood, MoodyTarget
from evals.bench.chaos.plan import TENANT, Item, build_plan, records_of
from evals.bench.chaos.trial import fresh_settings
from evals.bench.chaos.visiting import VISIT_FAULTS, visits_under
from evals.bench.report import Figures, build_parser, print_figures
from hub.platform import open_platform

_NAMES = [*MISBEHAVIOURS, *WORLD_FAULTS, *(f"visits_{name}" for name in VISIT_FAULTS)]
_BAD_ROUNDS = 12
_ROUNDS = 400
# Long enough that a busy machine is not taken for a fault, but where an answer never comes.
_TIMEOUT_S, _SHORT_TIMEOUT_S = 10.0, 0.5
# What changes nothing for anybody: a network's repetitions, which the key of a write takes; answers that are late but
# in time; a look-up that is behind, which the key makes up for; the time of day; a colleague at the same work; a lock
# that is gone long before writers stop waiting for it.
HARMLESS = frozenset(
    {
        "request_sent_twice",
        "request_sent_twice_at_once",
        "slow",
        "lookup_lags_behind",
        "clock_jumps_forward",
        "clock_jumps_back",
        "second_worker_at_once",
        "database_locked",
        "visits_database_locked",
    }
)
_MUST_BE_0 = ("lost", "doubled", "unapproved", "stuck")


@contextmanager
def _prepared(settings: Settings, plan: Sequence[Item], timeout_s: float = _TIMEOUT_S) -> Iterator[Trial]:
    brief = settings.model_copy(update={"effect_timeout_s": timeout_s, "log_level": "warning"})
    clock = SetClock()
    with open_platform(brief, clock=clock) as platform:
        with platform.store.write() as unit:
            unit.records.upsert(TENANT, list(records_of(plan)), {}, at=clock.now())
        for item in plan:
            ask(platform, item)
        clock.time += timedelta(seconds=1)
        trial = Trial(platform, clock)
        # Opening set the logs up; from here they are read instead of printed.
        with capture_logs() as logs:
            yield trial
            trial.seen |= {f"log: {entry['event']}" for entry in logs}


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
    return {**counts, "stuck": under_way(trial.url), "struck": struck, "retried": retried}


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
        figures = _finished(trial, plan, mood.struck)
    return {**figures, "seen": sorted(trial.seen)}


def _with_world(fault: WorldFault, jobs: int, seed: int) -> Figures:
    plan = build_plan(jobs, seed)
    with fresh_settings(fault.database) as settings, _prepared(settings, plan) as trial:
        for number in range(_BAD_ROUNDS):
            with fault.around(trial, number):
                trial.round()
            trial.look()
        figures = _finished(trial, plan, _BAD_ROUNDS)
    return {**figures, "seen": sorted(trial.seen)}


def measure(jobs: int, only: Sequence[str] = (), seed: int = 7) -> Figures:
    """What each fault did; `only` names the faults to try."""
    found: dict[str, Figures] = {}
    for name in MISBEHAVIOURS:
        if not only or name in only:
            found[name] = _with_target(name, jobs, seed)
    for name, fault in WORLD_FAULTS.items():
        if not only or name in only:
            found[name] = _with_world(fault, jobs, seed)
    for name, visit_fault in VISIT_FAULTS.items():
        if not only or f"visits_{name}" in only:
            found[f"visits_{name}"] = visits_under(visit_fault, jobs)
    totals = {figure: sum(one[figure] for one in found.values()) for figure in _MUST_BE_0}
    idle = [name for name, one in found.items() if not one.get("struck", 1)]
    unseen = [name for name, one in found.items() if not one["seen"] and name not in HARMLESS]
    told = {"faults_that_never_struck": len(idle), "faults_unseen": len(unseen), "unseen": unseen}
    return {"faults": len(found), "jobs_each": jobs, **totals, **told, "by_fault": found}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was lost, doubled, stuck or unapproved, or a fault never struck or unseen."""
    parser = build_parser("dependencies", __doc__)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--only", action="append", default=[], choices=_NAMES)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    figures = measure(options.jobs, options.only, options.seed)
    print_figures(figures, as_json=options.json)
    return int(any(figures[name] for name in (*_MUST_BE_0, "faults_that_never_struck", "faults_unseen")))


if __name__ == "__main__":
    sys.exit(main())
