"""Simpler assistants, for comparison: they call nothing, or say what they would call."""

from collections.abc import Callable, Mapping

from agents.planning.bm25 import bm25_scores
from agents.planning.words import terms
from core.domain.chat import AnswerStatus, Reason
from evals.suites.chat.scoring import Said

Reply = Callable[[str], Said]

_REFUSED = Said(AnswerStatus.REFUSED, Reason.OUT_OF_SCOPE)
_DECLINED = Said(AnswerStatus.REFUSED, Reason.OUT_OF_SCOPE, effects=None)


def refuse_all(message: str) -> Said:
    """Decline everything: what the refusals alone are worth."""
    del message
    return _REFUSED


def by_bm25(purposes: Mapping[str, str]) -> Reply:
    """Call the tool whose name and purpose fit best by BM25, without arguments; decline when no word is shared."""
    names = list(purposes)
    documents = [terms(f"{name} {purpose}") for name, purpose in purposes.items()]

    def reply(message: str) -> Said:
        scores = bm25_scores(terms(message), documents)
        best = max(range(len(names)), key=lambda place: scores[place])
        if scores[best] <= 0:
            return _DECLINED
        return Said(AnswerStatus.ANSWERED, calls=((names[best], {}),), effects=None)

    return reply
