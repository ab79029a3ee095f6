"""The trials of what writes to other systems run, notice what they are there to notice, and find nothing here."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from core.domain.payloads import ReserveStock
from evals.bench import audit, crashpoints, dependencies, unapproved
from evals.bench.chaos.counting import Held, judge
from evals.bench.chaos.plan import Fate, build_plan

ROOT = Path(__file__).parents[2]


def _whole() -> Held:
    held = Held()
    for item in build_plan(40, 1):
        if item.fate is Fate.RUN:
            held.marks[item.mark] = 1
            payload = item.proposal.payload
            if isinstance(payload, ReserveStock):
                held.reserved[payload.product_id] += payload.quantity
    return held


def test_the_judge_finds_nothing_in_what_is_as_planned() -> None:
    assert judge(build_plan(40, 1), _whole()) == {"lost": 0, "doubled": 0, "unapproved": 0}


def test_the_judge_finds_what_is_lost_doubled_and_unapproved() -> None:
    plan, held = build_plan(40, 1), _whole()
    plain = [item for item in plan if item.fate is Fate.RUN and not isinstance(item.proposal.payload, ReserveStock)]
    never = next(item for item in plan if item.fate is not Fate.RUN)
    held.marks += Counter({plain[0].mark: 2, never.mark: 1})
    held.marks[plain[1].mark] = 0
    product = next(iter(held.reserved))
    held.reserved[product] += 1
    assert judge(plan, held) == {"lost": 1, "doubled": 3, "unapproved": 1}


@pytest.mark.parametrize("trial", [("chaos", "--kills", "3", "--effects", "12"), ("crashpoints", "--operations", "1")])
def test_effects_survive_the_death_of_workers(trial: tuple[str, ...], tmp_path: Path) -> None:
    # In a process of its own: it forks, which a process with threads must not.
    command = [sys.executable, "-m", f"evals.bench.{trial[0]}", *trial[1:], "--json"]
    environment = os.environ | {"TMPDIR": str(tmp_path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_attempts_without_approval_execute_nothing() -> None:
    attempts = len(unapproved.ATTACKS)
    figures = unapproved.measure(attempts)
    assert (figures["executed"], figures["pieces_too_many"], figures["control"]) == (0, 0, 1)


@pytest.mark.parametrize("fault", ["connection_reset_after", "disk_full", "visits_webhook_receiver_down"])
def test_a_fault_of_a_dependency_loses_and_doubles_nothing(fault: str) -> None:
    figures = dependencies.measure(5, [fault])
    wrong = ("lost", "doubled", "stuck", "unapproved", "faults_that_never_struck", "faults_unseen")
    assert [figures[name] for name in wrong] == [0] * 6


def test_a_fault_that_nobody_can_see_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "HARMLESS", frozenset())
    assert dependencies.measure(3, ["request_sent_twice"])["unseen"] == ["request_sent_twice"]


def test_every_change_to_a_short_log_is_found() -> None:
    figures = audit.measure(40, 1)
    assert figures["tried"] == 40 * 13 - 1
    assert figures["missed"] == 0


def test_the_cases_cover_every_point_of_every_system() -> None:
    tried = {(item.proposal.payload.system, point, undo) for item, point, undo in crashpoints.cases()}
    assert len(tried) == 3 * (7 + 5)
