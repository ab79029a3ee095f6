"""Every part of a message ends as a call, in a question back, or is told as not covered."""

import random
from functools import cache

import pytest

from agents.understanding.dialogue import Dialogue, Status, Understanding
from agents.understanding.segments import CONTEXT
from agents.understanding.understand import understand
from evals.suites.chat.cases import CASES, Case, load_cases
from tests.unit.agents.understanding.company import TODAY, names_of

JOINED = 40
SEED = 20
PLAIN = frozenset({"lookup", "paraphrase", "terse", "write"})


@cache
def single() -> tuple[Case, ...]:
    cases = [case for part in ("dev", "practice") for case in load_cases(CASES / f"{part}.yaml").cases]
    return tuple(case for case in cases if case.kind in PLAIN and len(case.turns) == 1 and case.user == "rep")


def tools_of(meant: Understanding) -> set[str]:
    """The tools that were planned, or wait for an answer."""
    question = meant.dialogue.question if meant.status is Status.CLARIFY else None
    waiting = [question.pending, *question.before, *question.after] if question else []
    later = [each.call for each in question.later] if question else []
    return {call.tool for call in (*meant.calls, *waiting, *later)}


def uncovered_of(meant: Understanding) -> tuple[str, ...]:
    question = meant.dialogue.question
    return meant.uncovered or (question.uncovered if question else ())


def understood(case: Case) -> frozenset[str]:
    """The tools of a case whose message alone is understood as it must be."""
    meant = understand(case.turns[0].say, Dialogue(), names_of("rep"), TODAY)
    wanted = frozenset(tool for tool, _args in case.turns[0].calls)
    # Thanks and greetings are "help", too: beside a request they ask for nothing.
    return wanted if tools_of(meant) == wanted and "help" not in wanted else frozenset()


def pairs() -> list[tuple[Case, Case]]:
    rng = random.Random(SEED)
    found: list[tuple[Case, Case]] = []
    while len(found) < JOINED:
        first, second = rng.sample(single(), 2)
        one, other = understood(first), understood(second)
        if first.lang == second.lang and one and other and not one & other:
            found.append((first, second))
    return found


@pytest.mark.parametrize("joint", ["\n", "; "])
def test_no_request_of_two_is_dropped_without_a_word(joint: str) -> None:
    dropped = []
    for first, second in pairs():
        text = f"{first.turns[0].say}{joint}{second.turns[0].say}"
        meant = understand(text, Dialogue(), names_of("rep"), TODAY)
        missing = (understood(first) | understood(second)) - tools_of(meant)
        if missing and meant.status is not Status.REFUSE and not uncovered_of(meant):
            dropped.append((text, missing))
    assert dropped == []


def test_what_was_asked_in_one_message_is_done_or_told() -> None:
    lost = []
    for part in ("dev", "practice"):
        for case in load_cases(CASES / f"{part}.yaml").cases:
            if case.kind != "several" or case.user != "rep" or len(case.turns) > 1:
                continue
            meant = understand(case.turns[0].say, Dialogue(), names_of("rep"), TODAY)
            missing = {tool for tool, _args in case.turns[0].calls} - tools_of(meant)
            if missing and meant.status is not Status.REFUSE and not uncovered_of(meant):
                lost.append((case.id, missing))
    assert lost == []


@pytest.mark.parametrize(
    "message",
    [
        "Who decides at Helios? And don't reserve any VS-300 for them until April 3",
        "Helios谁拍板？先别给他们预留 5 台 VS-300 到 4 月 3 日",
    ],
)
def test_a_write_that_was_forbidden_is_told_as_not_done(message: str) -> None:
    meant = understand(message, Dialogue(), names_of("rep"), TODAY)
    assert [call.tool for call in meant.calls] == ["find_people"]
    assert any("VS-300" in part for part in meant.uncovered)


def test_context_alone_asks_for_nothing() -> None:
    assert CONTEXT not in tools_of(understand("Helios is a customer of ours", Dialogue(), names_of("rep"), TODAY))
