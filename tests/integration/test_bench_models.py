"""The measurements of language models, small: what is counted, by each way, and that a runaway would be noticed."""

from collections import Counter
from pathlib import Path

import pytest

from core.domain.chat import Answer, AnswerStatus, Call, Reason
from core.language import Lang
from core.model_settings import ModelRole
from evals.bench.runaway import __main__ as runaway
from evals.bench.runaway.behaviours import BEHAVIOURS, Runaway
from evals.bench.streaming import __main__ as streaming
from evals.bench.streaming.listening import Audience
from evals.bench.streaming.stamps import since, stamp
from evals.bench.thrift import __main__ as thrift
from evals.bench.thrift.jobs import JOBS

LIMITS = {role: {"calls": 2, "tokens": 3_000, "answer_tokens": 500} for role in (ModelRole.PLANNER, ModelRole.WRITER)}


def test_a_model_of_each_behaviour_is_stopped_by_name(imported_home: Path) -> None:
    figures = runaway.measure(imported_home, len(BEHAVIOURS), seed=1)
    assert sum(figures["ends"].values()) == len(BEHAVIOURS)
    assert len(figures["ends"]) > 1
    assert runaway.is_kept(figures)


def _answer(calls: int, *, reason: Reason | None = None) -> Answer:
    made = tuple(Call(agent="supply", tool="check_stock", args={}) for _ in range(calls))
    return Answer(thread="t", answer="", lang=Lang.EN, status=AnswerStatus.STOPPED, reason=reason, calls=made)


@pytest.mark.parametrize(
    ("calls", "late", "answer", "figure"),
    [
        (4, 0, _answer(1, reason=Reason.BUDGET_CALLS), "worst_calls_over"),
        (1, 1, _answer(1, reason=Reason.BUDGET_TOKENS), "calls_without_tokens"),
        (1, 0, _answer(1), "unnamed"),
        (1, 0, _answer(17, reason=Reason.BUDGET_CALLS), "tool_calls_over"),
    ],
)
def test_a_runaway_that_is_not_stopped_is_noticed(calls: int, late: int, answer: Answer, figure: str) -> None:
    model, found = Runaway(), Counter[str]()
    model.begin(BEHAVIOURS[0], 1, LIMITS)
    model.ran[ModelRole.PLANNER].calls, model.ran[ModelRole.PLANNER].late = calls, late
    runaway.judge(model, answer, LIMITS, found)
    assert {name for name, times in found.items() if times} == {figure}
    assert not runaway.is_kept({**dict.fromkeys(runaway.FAULTS, 0), **found})


@pytest.mark.filterwarnings("ignore:create_react_agent has been moved")
def test_calls_and_tokens_of_each_job_stay_within_what_is_promised(imported_home: Path) -> None:
    figures = thrift.measure(imported_home)
    for job in JOBS:
        told = figures[job.name]
        assert told["peer_calls"] >= 4
        assert told["peer_tokens"] > 0
        assert (told["hub_calls"] == 0) is (told["hub_tokens"] == 0) is job.routine
    assert thrift.is_kept(figures)
    for name, most in thrift.MOST.items():
        assert not thrift.is_kept({**figures, name: most + 0.01})


def test_the_first_piece_is_heard_by_every_way(imported_home: Path) -> None:
    figures = streaming.measure(imported_home, Audience(lines=2, rounds=1), streaming.Pace(pieces=5, interval_ms=5))
    assert figures["answers"] == 2
    for way in ("hub", "plain", "model"):
        assert figures[f"{way}_silent"] == 0
        assert figures[f"{way}_p50_ms"] > 0


def test_a_stamp_is_a_word_that_tells_its_instant() -> None:
    assert stamp().isalpha()
    assert 0 <= since(stamp()) < 60_000
    for other in ("check", "stampstampstampz"):
        with pytest.raises(ValueError, match=r"stamp|substring"):
            since(other)
