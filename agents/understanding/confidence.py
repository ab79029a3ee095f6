"""How sure we are that all calls of a message with all their arguments are what was meant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.model import load_model
from agents.understanding.names import Kind

_COUNTED = frozenset(Kind) | {Sort.DAY, Sort.SPAN, Sort.NUMBER, Sort.SHARE, Sort.MONEY, Sort.UNKNOWN, Sort.CODE}
_IN_MESSAGES = 0.7
"""By how much, in log odds, a tool is surer in a message than in a held-out line of the examples, of which many are
only a few words: measured on the sets of messages in tests/unit/agents/understanding when they were new."""
_LEFT_OVER = 0.87
"""How likely it is that a name or a value that went into no argument did not matter."""
_MOST_LEFT = 3


@dataclass(frozen=True, slots=True)
class Grounds:
    """What one call rests on.

    `share` is the probability that the classifier gives to its tool, `known` the part of the wording that the
    examples have, `sure` what the names and guesses of its arguments leave, `left_over` counts what went into none.
    """

    share: float
    sure: float
    left_over: int = 0
    known: float = 1.0

    @property
    def probability(self) -> float:
        """That the call is right: its tool, as calibrated on examples that were held out, and its arguments."""
        intercept, of_share, of_known = load_model().calibration
        score = (
            _IN_MESSAGES
            + intercept
            + of_share * math.log(max(self.share, 1e-6))
            + of_known * math.log(max(self.known, 0.05))
        )
        return self.sure * _LEFT_OVER ** min(self.left_over, _MOST_LEFT) / (1 + math.exp(-score))


def left_over(frame: Frame, draft: Draft) -> int:
    """How many names and values of a request went into no argument."""
    return sum(sign.sort in _COUNTED and sign.at not in draft.used for sign in frame.signs)


def confidence(grounds: Sequence[Grounds]) -> float:
    """The probability that all calls are right; they are taken to fail independently."""
    return math.prod(each.probability for each in grounds)
