"""How sure we are that all calls of a message with all their arguments are what was meant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.names import Kind

_COUNTED = frozenset(
    {
        Kind.ACCOUNT,
        Kind.PRODUCT,
        Kind.CONTACT,
        Kind.DEAL,
        Sort.DAY,
        Sort.SPAN,
        Sort.NUMBER,
        Sort.SHARE,
        Sort.MONEY,
        Sort.UNKNOWN,
        Sort.CODE,
    }
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for and against one call: the share of its tool, how sure its arguments are, what was left over."""

    share: float
    sure: float
    left_over: int
    known: float
    remembered: bool


WEIGHTS = (3.9, 2.6, 2.0, -0.9, 0.3, -0.1)
"""Intercept, then: log share, log sure, values left over, log of the known part of the wording, remembered record."""


def left_over(frame: Frame, draft: Draft) -> int:
    """How many names and values of a request went into no argument."""
    return sum(sign.sort in _COUNTED and sign.at not in draft.used for sign in frame.signs)


def features_of(grounds: Grounds) -> tuple[float, ...]:
    """What the score of a call is computed from."""
    return (
        math.log(max(grounds.share, 1e-3)),
        math.log(max(grounds.sure, 1e-3)),
        float(min(grounds.left_over, 2)),
        math.log(max(grounds.known, 0.05)),
        float(grounds.remembered),
    )


def confidence(grounds: Sequence[Grounds]) -> float:
    """The calibrated probability; calls are taken to fail independently."""
    sure = 1.0
    for each in grounds:
        score = WEIGHTS[0] + sum(weight * value for weight, value in zip(WEIGHTS[1:], features_of(each), strict=True))
        sure *= 1 / (1 + math.exp(-score))
    return sure
