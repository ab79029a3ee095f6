"""What of an answer counts as right, and the figures of many."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.chat import AnswerStatus, Reason
from evals.suites.chat.asking import strays_of
from evals.suites.chat.baselines import by_bm25, refuse_all
from evals.suites.chat.cases import Case
from evals.suites.chat.matching import Matcher
from evals.suites.chat.scoring import Judged, Said, calibration_error, figures_of, judge
from evals.suites.chat.thresholds import shortfalls

_MATCHER = Matcher({"otter": "a-1", "a-1": "a-1", "rp-5": "rp-5"}, {})
_HOLD = {"account": "Otter", "deal": "any", "product": "RP-5", "quantity": 2, "until": "2026-04-02"}
_HELD = {"account_id": "a-1", "product_id": "rp-5", "quantity": 2, "until": "2026-04-02", "warehouse": "North"}
_CALLED = {"account": "a-1", "product": "RP-5", "quantity": 2, "until": "2026-04-02", "deal": None}


def _judge(message: dict[str, Any], said: Said, kind: str = "lookup") -> Judged:
    case = Case.model_validate({"id": "x1", "lang": "en", "kind": kind, "say": "So?", **message})
    return judge(_MATCHER, case, 0, said)


def _answered(*calls: tuple[str, dict[str, Any]], **more: Any) -> Said:
    return Said(AnswerStatus.ANSWERED, calls=calls, **more)


_REFUSED, _CLARIFIED = Said(AnswerStatus.REFUSED, Reason.OUT_OF_SCOPE), Said(AnswerStatus.CLARIFY, Reason.UNSURE)
_LOOK_UP = {"do": [{"list_risks": {"account_id": "Otter"}}]}
_WRITE = {"do": [{"reserve_stock": _HOLD}]}


def test_the_calls_wanted_are_right_when_they_answered() -> None:
    call = ("list_risks", {"account_id": "a-1"})
    assert _judge(_LOOK_UP, _answered(call)).right
    stopped = _judge(_LOOK_UP, Said(AnswerStatus.STOPPED, Reason.CANCELLED, calls=(call,)))
    assert stopped.verdict.calls
    assert not stopped.right
    assert not stopped.silent


def test_the_right_tool_with_wrong_arguments_is_wrong_and_silent() -> None:
    judged = _judge(_LOOK_UP, _answered(("list_risks", {"account_id": "a-2"})))
    assert judged.verdict.tool
    assert not judged.verdict.calls
    assert judged.silent


@pytest.mark.parametrize("said", [_REFUSED, _CLARIFIED])
@pytest.mark.parametrize("message", [_LOOK_UP, _WRITE])
def test_not_answering_is_wrong_but_not_silent(message: dict[str, Any], said: Said) -> None:
    judged = _judge(message, said)
    assert not judged.right
    assert not judged.silent


@pytest.mark.parametrize(
    ("end", "right"),
    [
        ({"clarify": "account"}, [_CLARIFIED]),
        ({"refuse": "out_of_scope"}, [_REFUSED]),
        ({"unknown": "account"}, [_CLARIFIED, _REFUSED]),
        ({"clarify": "account", "or": [{"refuse": "out_of_scope"}]}, [_CLARIFIED, _REFUSED]),
    ],
)
def test_a_message_that_must_not_be_answered_must_end_as_expected(end: dict[str, Any], right: list[Said]) -> None:
    for said in (_CLARIFIED, _REFUSED, _answered(("help", {}))):
        assert _judge(end, said).right == (said in right)
    assert _judge(end, _answered(("help", {}))).silent


def test_a_write_is_right_when_it_was_called_and_is_on_record() -> None:
    call = ("reserve_stock", _CALLED)
    assert _judge(_WRITE, _answered(call, effects=(("reserve_stock", _HELD),))).right
    only_called = _judge(_WRITE, _answered(call))
    assert only_called.verdict.calls
    assert not only_called.verdict.end_state
    assert only_called.silent


@pytest.mark.parametrize(
    "left",
    [
        {"effects": (("reserve_stock", {**_HELD, "quantity": 3}),)},
        {"effects": (("reserve_stock", _HELD), ("reserve_stock", _HELD))},
        {"effects": (("reserve_stock", _HELD), ("create_task", {"account_id": "a-1"}))},
        {"effects": (("reserve_stock", _HELD),), "visits": ("a-1",)},
        {"effects": (("reserve_stock", _HELD),), "strays": Counter({"users": 1})},
    ],
)
@pytest.mark.parametrize("status", list(AnswerStatus))
def test_what_nobody_asked_for_on_record_is_wrong_and_silent_however_it_is_told(
    left: dict[str, Any], status: AnswerStatus
) -> None:
    judged = _judge(_WRITE, Said(status, calls=(("reserve_stock", _CALLED),), **left))
    assert not judged.verdict.end_state
    assert judged.silent


def test_one_of_two_writes_with_a_question_about_the_other_is_not_silent() -> None:
    both = {"do": [{"reserve_stock": _HOLD}, {"create_task": {"account": "Otter", "subject": "any"}}]}
    said = Said(AnswerStatus.CLARIFY, calls=(("reserve_stock", _CALLED),), effects=(("reserve_stock", _HELD),))
    judged = _judge(both, said)
    assert not judged.right
    assert not judged.silent


def test_a_visit_is_right_when_its_request_is_on_record() -> None:
    message = {"do": [{"prepare_visit": {"account_id": "Otter", "purpose": "any"}}]}
    call = ("prepare_visit", {"account_id": "a-1", "purpose": "to talk"})
    assert _judge(message, _answered(call, visits=("a-1",))).right
    assert not _judge(message, _answered(call, visits=("a-2",))).right
    assert not _judge(message, _answered(call)).right


def test_what_may_change_depends_on_what_was_asked() -> None:
    talk = Counter({("turns", "insert"): 1, ("checkpoints", "delete"): 2})
    proposal = Counter({("effects", "insert"): 1, ("audit_log", "insert"): 1})
    assert strays_of(talk, proposed=False, requested=False) == Counter()
    assert strays_of(talk + proposal, proposed=True, requested=False) == Counter()
    assert strays_of(talk + proposal, proposed=False, requested=True) == Counter({"effects": 1})
    assert strays_of(Counter({("effects", "update"): 1}), proposed=True, requested=True) == Counter({"effects": 1})
    assert strays_of(Counter({("users", "delete"): 3}), proposed=True, requested=True) == Counter({"users": 3})


def test_the_figures_are_shares_of_the_messages_that_they_are_about() -> None:
    call = ("list_risks", {"account_id": "a-1"})
    figures = figures_of(
        [
            _judge(_LOOK_UP, _answered(call)),
            _judge(_LOOK_UP, _CLARIFIED),
            _judge(_LOOK_UP, _answered(("list_orders", {"account_id": "a-1"}))),
            _judge({"refuse": "out_of_scope"}, _REFUSED, kind="out_of_scope"),
            _judge({"refuse": "not_allowed"}, _REFUSED, kind="rights"),
        ]
    )
    assert figures["messages"] == 5
    assert figures["covered"] == 3
    assert figures["calls_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["right"] == 0.6
    assert figures["wrong_silent"] == 0.2
    assert figures["out_of_scope_refused"] == 1
    assert figures["reason_right"] == 0.5
    assert "clarify_right" not in figures
    assert "ece" not in figures


def test_confidence_of_an_answer_where_none_was_due_is_not_deserved() -> None:
    sure = _answered(("help", {}), confidence=1.0)
    assert figures_of([_judge({"refuse": "out_of_scope"}, sure)])["ece"] == 1
    assert figures_of([_judge({"do": [{"help": {}}]}, sure)])["ece"] == 0
    either = {"clarify": "any", "or": [{"do": [{"help": {}}]}]}
    assert figures_of([_judge(either, sure)])["ece"] == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_the_calibration_error_is_a_share(told: list[tuple[float, bool]]) -> None:
    error = calibration_error(told)
    assert error is not None
    assert -1e-9 <= error <= 1 + 1e-9


@given(st.integers(1, 300), st.floats(0, 1))
def test_confidence_that_is_always_wrong_by_as_much_errs_by_that_much(count: int, confidence: float) -> None:
    assert calibration_error([(confidence, True)] * count) == pytest.approx(1 - confidence)
    assert calibration_error([(confidence, False)] * count) == pytest.approx(confidence)


def test_confidence_that_comes_true_as_often_as_it_says_does_not_err() -> None:
    told = [(confidence / 10, case < confidence) for confidence in range(1, 11) for case in range(10)]
    assert calibration_error(told) == pytest.approx(0)
    assert calibration_error([]) is None


def test_the_baselines_decline_or_name_the_tool_that_shares_most_words() -> None:
    reply = by_bm25({"list_orders": "Orders of a customer", "list_risks": "What may go wrong"})
    assert reply("Which orders did they place?").calls == (("list_orders", {}),)
    assert reply("天气").status is AnswerStatus.REFUSED
    assert refuse_all("Which orders?").status is AnswerStatus.REFUSED


def test_a_part_falls_short_of_every_figure_that_it_misses_or_lacks() -> None:
    good = {"calls_right": 0.95, "out_of_scope_refused": 0.97, "wrong_silent": 0.01, "ece": 0.05}
    assert list(shortfalls("part:dev", good)) == []
    for name in good:
        lacking = {other: value for other, value in good.items() if other != name}
        assert [name in line for line in shortfalls("part:dev", lacking)] == [True]
    bad = {"calls_right": 0.94, "out_of_scope_refused": 0.96, "wrong_silent": 0.02, "ece": 0.06}
    assert len(list(shortfalls("part:dev", bad))) == 4
