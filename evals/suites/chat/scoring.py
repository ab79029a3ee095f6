"""Scoring what came of a message against what must come of it, and the figures of many."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, permutations
from typing import Any, TypeVar

from core.domain.chat import AnswerStatus, Reason
from evals.bench.report import quantile
from evals.suites.chat.cases import Case, Expected, Message
from evals.suites.chat.matching import Matcher
from evals.suites.chat.writes import WRITES, expected_payload
from evals.suites.suite import Figures

T = TypeVar("T")
S = TypeVar("S")

_BINS = 10
_VISIT = "prepare_visit"


@dataclass(frozen=True)
class Said:
    """What came of one message.

    `effects` are the operations proposed with their payloads, `visits` the accounts that visits were requested to,
    `strays` the tables in which rows changed that neither explains. Effects None: nothing was executed, so that the
    end state cannot be judged.
    """

    status: AnswerStatus
    reason: Reason | None = None
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    confidence: float | None = None
    effects: tuple[tuple[str, dict[str, Any]], ...] | None = ()
    visits: tuple[str, ...] = ()
    strays: Counter[str] = field(default_factory=Counter)
    model_calls: int = 0
    tokens: int = 0
    elapsed_ms: float = 0.0


@dataclass(frozen=True)
class Judged:
    """A message, what came of it, and what of that was right."""

    case: Case
    place: int
    said: Said
    verdict: "Verdict"

    @property
    def message(self) -> Message:
        """What was said to the assistant."""
        return self.case.turns[self.place]

    @property
    def right(self) -> bool:
        """Whether it ended as it must, with the calls and the end state wanted."""
        return self.verdict.right

    @property
    def kind_of_end(self) -> str:
        """Which of the four ways to end was expected first."""
        return next(name for name in ("do", "clarify", "refuse", "unknown") if getattr(self.message, name) is not None)

    @property
    def silent(self) -> bool:
        """Whether it went wrong without a word: answered wrongly, or something was written that should not be."""
        return not self.right and (self.said.status is AnswerStatus.ANSWERED or self.verdict.unwanted)


@dataclass(frozen=True)
class Verdict:
    """What of an answer was right, held against one way to be right.

    `tool` and `calls` are of what was called, or else of how it ended; `end_state` is of the systems; `unwanted` says
    that something was written which this way does not ask for. `does` says whether this way calls anything.
    """

    does: bool
    tool: bool
    calls: bool
    end_state: bool
    unwanted: bool
    right: bool


def judge(matcher: Matcher, case: Case, place: int, said: Said) -> Judged:
    """Score the message at `place` of a case; of several right ways the one that was taken counts."""
    verdicts = [_judge_way(matcher, way, said) for way in case.turns[place].ways]
    return Judged(case, place, said, next((verdict for verdict in verdicts if verdict.right), verdicts[0]))


def _judge_way(matcher: Matcher, way: Expected, said: Said) -> Verdict:
    end_state, unwanted = _end(matcher, way, said)
    if way.do is not None:
        tool = matcher.same_tools(way.calls, said.calls)
        calls = tool and matcher.same_calls(way.calls, said.calls)
        right = calls and end_state and said.status is AnswerStatus.ANSWERED
        return Verdict(True, tool, calls, end_state, unwanted, right)
    allowed = {
        "clarify": (AnswerStatus.CLARIFY,),
        "refuse": (AnswerStatus.REFUSED,),
        "unknown": (AnswerStatus.CLARIFY, AnswerStatus.REFUSED),
    }
    name = next(name for name in allowed if getattr(way, name) is not None)
    ended = said.status in allowed[name]
    return Verdict(False, ended, ended, end_state, unwanted, ended and end_state)


def _end(matcher: Matcher, way: Expected, said: Said) -> tuple[bool, bool]:
    """Whether the systems end as wanted, and whether anything was written that is not wanted."""
    if said.effects is None:
        return True, False
    wanted = [(tool, expected_payload(tool, args)) for tool, args in way.calls if tool in WRITES]
    visits = [args["account_id"] for tool, args in way.calls if tool == _VISIT]
    only_wanted = (
        not said.strays
        and _among(wanted, said.effects, partial(_same_effect, matcher))
        and _among(visits, said.visits, matcher.fits)
    )
    same = only_wanted and len(wanted) == len(said.effects) and len(visits) == len(said.visits)
    return same, not only_wanted


def _among(wanted: Sequence[T], found: Sequence[S], same: Callable[[T, S], bool]) -> bool:
    """Whether each of those found is another one of those wanted."""
    return any(all(map(same, order, found)) for order in permutations(wanted, len(found)))


def _same_effect(
    matcher: Matcher, wanted: tuple[str, Mapping[str, Any]], effect: tuple[str, Mapping[str, Any]]
) -> bool:
    operation, payload = effect
    return wanted[0] == operation and all(matcher.fits(value, payload.get(name)) for name, value in wanted[1].items())


def figures_of(judged: Sequence[Judged]) -> Figures:
    """The figures of some messages; those that nothing can be said of are left out.

    `tool_right` and `calls_right` are shares of the messages that ask for something, `end_state_right`,
    `right` and `wrong_silent` of all; `refused_right`, `clarify_right` and `unknown_right` of those that must end so.
    """
    by_end = {end: [one for one in judged if one.kind_of_end == end] for end in ("do", "clarify", "refuse", "unknown")}
    outside = [one for one in by_end["refuse"] if one.case.kind == "out_of_scope"]
    executed = [one for one in judged if one.said.effects is not None]
    times = [one.said.elapsed_ms for one in executed]
    shares: dict[str, list[bool]] = {
        "tool_right": [one.verdict.tool for one in by_end["do"]],
        "calls_right": [one.verdict.calls for one in by_end["do"]],
        "end_state_right": [one.verdict.end_state for one in executed],
        "right": [one.right for one in judged],
        "wrong_silent": [one.silent for one in judged],
        "out_of_scope_refused": [one.right for one in outside],
        "refused_right": [one.right for one in by_end["refuse"]],
        "reason_right": [one.said.reason == one.message.refuse for one in by_end["refuse"]],
        "clarify_right": [one.right for one in by_end["clarify"]],
        "unknown_right": [one.right for one in by_end["unknown"]],
    }
    figures: Figures = {"messages": len(judged), "covered": len(by_end["do"])}
    figures |= {name: round(sum(values) / len(values), 4) for name, values in shares.items() if values}
    error = calibration_error(
        [
            (one.said.confidence, one.verdict.does and one.verdict.calls)
            for one in judged
            if one.said.confidence is not None and one.said.status is AnswerStatus.ANSWERED
        ]
    )
    if error is not None:
        figures["ece"] = round(error, 4)
    if any(times):
        figures["model_calls"] = round(sum(one.said.model_calls for one in executed) / len(executed), 3)
        figures["tokens"] = round(sum(one.said.tokens for one in executed) / len(executed), 1)
        figures |= {"p50_ms": round(quantile(times, 0.5), 1), "p95_ms": round(quantile(times, 0.95), 1)}
    return figures


def calibration_error(told: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error in ten bins of equal mass (Nixon et al. 2019); None without any confidence.

    Each pair is a confidence, and whether it was deserved.
    """
    if not told:
        return None
    ordered = sorted(told)
    edges = [round(len(ordered) * bin_ / _BINS) for bin_ in range(_BINS + 1)]
    bins = [ordered[start:end] for start, end in pairwise(edges) if end > start]
    gaps = (abs(sum(confidence - right for confidence, right in one)) for one in bins)
    return sum(gaps) / len(ordered)
