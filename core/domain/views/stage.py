"""Where the buyer stands and what they say: the intent agent's view."""

from datetime import datetime
from enum import StrEnum

from core.domain.base import Frozen


class BuyingStage(StrEnum):
    """Where the buyer stands, in the usual order."""

    AWARENESS = "awareness"
    CONSIDERATION = "consideration"
    EVALUATION = "evaluation"
    DECISION = "decision"
    PURCHASE = "purchase"
    RENEWAL = "renewal"


class StagePoint(Frozen):
    """The distribution over buying stages after one interaction; probabilities sum to 1."""

    at: datetime
    interaction: str
    distribution: dict[BuyingStage, float]


class SignalKind(StrEnum):
    """What a sentence of the customer shows."""

    NEED = "need"
    OBJECTION = "objection"
    COMPETITOR = "competitor"
    URGENCY = "urgency"


class Signal(Frozen):
    """Something the customer said. `label` is a short stable name (`price`, `delivery`, a competitor's name).

    `reported`: not the customer's own words, but what our note or somebody else says of them.
    """

    kind: SignalKind
    label: str
    at: datetime
    quote: str
    evidence: str
    reported: bool = False


class StageView(Frozen):
    """`distribution` is the current belief (sums to 1); `confidence` in 0–1 falls when there is little to go on.

    `urgency` in 0–1. `history` has one point per interaction that carried a signal, oldest first.
    """

    distribution: dict[BuyingStage, float]
    likeliest: BuyingStage
    confidence: float
    history: tuple[StagePoint, ...] = ()
    needs: tuple[Signal, ...] = ()
    objections: tuple[Signal, ...] = ()
    competitors: tuple[Signal, ...] = ()
    urgency: float = 0.0
    urgency_signals: tuple[Signal, ...] = ()
