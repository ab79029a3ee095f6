"""What to do on the visit: the proposal agent's view."""

from enum import StrEnum

from core.domain.base import Frozen
from core.domain.money import Money


class RecommendationKind(StrEnum):
    """What a person can adopt."""

    GOAL = "goal"
    AGENDA = "agenda"
    MESSAGE = "message"
    OFFER = "offer"
    NEXT_STEP = "next_step"


class Recommendation(Frozen):
    """Something a person can adopt, edit or reject. `claim` is the sentence that carries its evidence."""

    id: str
    kind: RecommendationKind
    text: str
    claim: str
    person: str | None = None
    minutes: int | None = None


class Offer(Frozen):
    """A product and a unit price inside policy; `total` is `unit_price` times `quantity`.

    `needs_approval` says that somebody must agree, to the price or to the deal; `beyond_rep` that the price itself is
    below what a rep may give alone.
    """

    product_id: str
    product: str
    quantity: int
    list_price: Money
    unit_price: Money
    total: Money
    needs_approval: bool
    claim: str
    beyond_rep: bool = False


class ProposalsView(Frozen):
    """Recommendations in the order of use on the visit, and the offers behind them."""

    goal: str
    recommendations: tuple[Recommendation, ...] = ()
    offers: tuple[Offer, ...] = ()
