"""Death at every point of a write: `python -m evals.bench.crashpoints`.

For each operation of each system, written and taken back, a worker process ends itself at each point: before it sends,
after the system accepted, after the reply, before and after the commit that records it, and around the commit that
confirms it. Its successor goes on. Then the system's own records must show one write, or one that was undone once.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.base import System
from core.domain.effects import EffectFacts, Proposal, RiskClass, SeatStatus
from core.domain.payloads import Operation
from core.settings import Settings
from evals.bench.chaos.counting import judge, under_way
from evals.bench.chaos.dying import DIED, Death, DyingStore, DyingTarget, Point
from evals.bench.chaos.hub import OpenTargets
from evals.bench.chaos.plan import DECIDERS, REP, Fate, Item, build_plan
from evals.bench.chaos.trial import fresh_settings, target_of
from evals.bench.chaos.workers import Board, fork
from evals.bench.report import Figures, build_parser, print_figures
from hub.auditing import load_audit_key
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due, release_leases
from hub.effects.ledger import get_effect, propose_effect
from hub.installation import Platform
from hub.platform import open_platform

_WORKER = "w1"
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Trials:
    """Everything that is tried on one installation. `open_targets` None is the hub's own sandbox."""

    settings: Settings
    open_targets: OpenTargets | None = None

    def die(self, point: Point) -> Callable[[Board], None]:
        """A job that sends what is due and ends at the point."""

        def work(_board: Board) -> None:
            with self.opened() as platform:
                release_leases(platform, _WORKER)
                death = Death(point)
                store = DyingStore(platform.store, load_audit_key(self.settings), death)
                targets = {system: DyingTarget(target, death) for system, target in platform.targets.items()}
                dispatch_due(replace(platform, store=store, targets=targets), _WORKER)

        return work

    def recover(self, _board: Board) -> None:
        """The job of the successor: finish what is due."""
        with self.opened() as platform:
            release_leases(platform, _WORKER)
            for _round in range(_ROUNDS):
                if not dispatch_due(platform, _WORKER):
                    return

    @contextmanager
    def opened(self) -> Iterator[Platform]:
        """The installation."""
        with open_platform(self.settings, targets=self.open_targets() if self.open_targets else None) as platform:
            yield platform

    def run(self, job: Callable[[Board], None]) -> int:
        """Exit status of a process that does the job."""
        child = fork(job, Board(), Path(self.settings.home) / "errors.log")
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _ready(platform: Platform, item: Item, *, undo: bool) -> None:
    """Bring an effect to where it is due: approved, or, with `undo`, written and to be taken back."""
    group = f"group-{item.number}" if undo else None
    effect = propose_effect(platform, REP, item.proposal, request_key=item.mark, origin="bench", group=group)
    _approve(platform, effect.id)
    if undo:
        while dispatch_due(platform, _WORKER):
            pass
        payload = _AMENDMENT.model_copy(update={"account_id": item.proposal.payload.account_id})
        facts = EffectFacts(operation=payload.operation)
        refused = Proposal(payload=payload, risk=RiskClass.LOW, facts=facts, preview=())
        second = propose_effect(
            platform, REP, refused, request_key=f"{item.mark}-2", origin="bench", group=group, position=1
        )
        seat = get_effect(platform, REP, second.id).seats[0]
        decide_effect(platform, DECIDERS[seat.role], second.id, approve=False, reason="no")


def _approve(platform: Platform, effect_id: str) -> None:
    while waiting := [seat for seat in get_effect(platform, REP, effect_id).seats if seat.status is SeatStatus.OPEN]:
        seat = min(waiting, key=lambda seat: seat.position)
        decide_effect(platform, DECIDERS[seat.role], effect_id, approve=True, reason="")


_AMENDMENT = next(
    item.proposal.payload
    for item in build_plan(200, 1)
    if item.proposal.payload.operation is Operation.SCHEDULE_SIGNATURE
)


def _one_of_each() -> list[Item]:
    """An effect of each operation."""
    found: dict[Operation, Item] = {}
    for item in build_plan(400, 3):
        if item.fate is Fate.RUN:
            found.setdefault(item.proposal.payload.operation, item)
    return list(found.values())


def cases() -> list[tuple[Item, Point, bool]]:
    """Every operation at every point, written and taken back; each with marks of its own."""
    made: list[tuple[Item, Point, bool]] = []
    for undo in (False, True):
        for point in Point:
            # An undo is recorded by one commit, which is also what confirms it.
            if undo and point in (Point.BEFORE_CONFIRMING, Point.AFTER_CONFIRMING):
                continue
            for base in _one_of_each():
                number = len(made)
                text = base.proposal.model_dump_json().replace(base.mark, f"mark-{number:06d}")
                made.append((Item(number, Fate.RUN, Proposal.model_validate_json(text)), point, undo))
    return made


def measure(operations: int | None = None, target: str = "sandbox") -> Figures:
    """Cases, and those that were recovered; `operations` limits the trial to the first so many of each kind."""
    tried = [case for case in cases() if operations is None or case[0].number % len(_one_of_each()) < operations]
    items = [item for item, _point, _undo in tried]
    reached = 0
    with fresh_settings("sqlite") as settings, target_of(target, settings, items) as system:
        trials = Trials(settings, system.open)
        for item, point, undo in tried:
            with trials.opened() as platform:
                _ready(platform, item, undo=undo)
            reached += trials.run(trials.die(point)) == DIED
            trials.run(trials.recover)
        held = system.held()
        done = [item for item, _point, undo in tried if not undo]
        undone = [item for item, _point, undo in tried if undo]
        not_undone = [item for item in undone if not system.undone(item)]
        for item in undone:
            del held.marks[item.mark]
        counts = judge(done, held)
        stuck = under_way(settings.records_url)
    faults = sum(counts.values()) + len(not_undone) + stuck
    return {
        "cases": len(tried),
        "died_at_the_point": reached,
        "recovered": len(tried) - faults,
        **counts,
        "not_undone_once": [f"{item.proposal.payload.operation} {item.mark}" for item in not_undone],
        "stuck": stuck,
        "target": target,
        "by_system": {of.value: sum(item.proposal.payload.system is of for item in items) for of in System},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a case was not reached or not recovered."""
    parser = build_parser("crashpoints", __doc__)
    parser.add_argument("--operations", type=int, help="only the first so many operations [default: all]")
    parser.add_argument("--target", choices=("sandbox", "tryton"), default="sandbox")
    options = parser.parse_args(arguments)
    figures = measure(options.operations, options.target)
    print_figures(figures, as_json=options.json)
    return int(not figures["cases"] == figures["recovered"] == figures["died_at_the_point"])


if __name__ == "__main__":
    sys.exit(main())
