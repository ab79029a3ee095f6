"""Who and what to bring: the resources agent's view."""

from core.domain.base import Frozen
from core.domain.resources import Shareable


class ExpertMatch(Frozen):
    """An expert with a score in 0–1, the reasons for it and what stands in the way on the visit date."""

    expert_id: str
    name: str
    score: float
    reasons: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    evidence: str


class ReferenceMatch(Frozen):
    """A reference case with a score in 0–1; `show_to_customer` says whether this visit may show it, `terms` how."""

    reference_id: str
    customer: str
    score: float
    reasons: tuple[str, ...]
    shareable: Shareable
    show_to_customer: bool
    terms: str
    evidence: str


class PricingPlay(Frozen):
    """A commercial approach with its reasons, from the pricing rules."""

    name: str
    product_id: str | None
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]


class ResourcesView(Frozen):
    """Matches, best first."""

    experts: tuple[ExpertMatch, ...] = ()
    references: tuple[ReferenceMatch, ...] = ()
    pricing_play: PricingPlay | None = None
