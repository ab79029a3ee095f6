"""Who decides: the stakeholders agent's view."""

from datetime import datetime
from enum import StrEnum

from core.domain.base import Frozen


class BuyingRole(StrEnum):
    """A person's part in the purchase."""

    ECONOMIC_BUYER = "economic_buyer"
    CHAMPION = "champion"
    TECHNICAL_EVALUATOR = "technical_evaluator"
    USER = "user"
    GATEKEEPER = "gatekeeper"
    BLOCKER = "blocker"


class Stance(StrEnum):
    """Where a person stands towards us."""

    SUPPORTIVE = "supportive"
    NEUTRAL = "neutral"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class Stakeholder(Frozen):
    """A person at the account.

    `roles` maps buying roles to probabilities (each 0–1, not exclusive). `influence` in 0–1 with its 80 % interval
    `influence_low`–`influence_high`. `addresses` are those the person wrote from. `contact_id` is None
    for someone seen in mail but unknown to the CRM.
    """

    id: str
    name: str
    title: str | None = None
    contact_id: str | None = None
    addresses: tuple[str, ...] = ()
    active: bool = True
    roles: dict[BuyingRole, float]
    stance: Stance
    influence: float
    influence_low: float
    influence_high: float
    last_seen: datetime | None = None
    interactions: int = 0
    evidence: tuple[str, ...] = ()

    @property
    def main_role(self) -> BuyingRole | None:
        """The likeliest buying role, None when no role reaches one half."""
        best = max(self.roles, key=lambda role: self.roles[role], default=None)
        return best if best is not None and self.roles[best] >= 0.5 else None


class TieKind(StrEnum):
    """What connects two people."""

    REPORTS_TO = "reports_to"
    WRITES_TO = "writes_to"
    MEETS = "meets"


class Tie(Frozen):
    """An edge of the influence map; `weight` > 0, larger is stronger. Ids are `Stakeholder.id`."""

    source: str
    target: str
    kind: TieKind
    weight: float
    evidence: tuple[str, ...] = ()


class InfluenceMap(Frozen):
    """The people of the account, most influential first, their ties, and the buying roles nobody fills."""

    people: tuple[Stakeholder, ...] = ()
    ties: tuple[Tie, ...] = ()
    missing_roles: tuple[BuyingRole, ...] = ()
