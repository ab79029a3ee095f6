"""What the simulation assumes. Where a figure comes from is told in docs/reference/simulation.md."""

import math
from datetime import timedelta

from core.domain.base import Frozen
from core.domain.contracts import Department


class Lognormal(Frozen):
    """A duration in working hours: `median` times e to the power of `sigma` times a standard normal draw."""

    median: float
    sigma: float

    def at(self, draw: float) -> timedelta:
        """The duration for one draw."""
        return timedelta(hours=self.median * math.exp(self.sigma * draw))

    @property
    def mean(self) -> float:
        """The mean, in hours."""
        return self.median * math.exp(self.sigma**2 / 2)


class Way(Frozen):
    """A way of working. Shares are between 0 and 1, durations are working time.

    `parallel`: the departments start together, else one after the other. `watched`: there is a due time with reminders,
    a planned absence passes the task on at once, and an overdue one goes to the delegate. `effort` multiplies the time
    that the review itself takes; `asks` is the share of reviews in which something has to be asked.
    """

    parallel: bool
    watched: bool
    prepare: Lognormal
    handover: Lognormal | None
    effort: float
    asks: float


class Assumptions(Frozen):
    """The people and their work, the same whichever way they work."""

    regions: tuple[tuple[str, float], ...] = (
        ("East China", 0.30),
        ("North China", 0.15),
        ("South China", 0.15),
        ("Southwest China", 0.10),
        ("EMEA", 0.12),
        ("APAC", 0.09),
        ("Americas", 0.09),
    )
    months: tuple[float, ...] = (0.9, 0.7, 1.2, 1.0, 0.95, 1.2, 0.9, 0.85, 1.2, 0.95, 1.05, 1.1)
    supply_chain: Lognormal = Lognormal(median=0.4, sigma=0.6)
    finance: Lognormal = Lognormal(median=0.5, sigma=0.6)
    legal: Lognormal = Lognormal(median=0.6, sigma=0.7)
    # Interruptions per working hour, and how long each takes.
    interruptions: float = 0.6
    interruption_hours: float = 0.42
    notices: Lognormal = Lognormal(median=0.8, sigma=1.4)
    notices_urgent: Lognormal = Lognormal(median=0.3, sigma=0.8)
    answers: Lognormal = Lognormal(median=1.5, sigma=1.0)
    # Without the hub: until an out-of-office note leads to a colleague, and until somebody asks after a silence.
    finds_stand_in_hours: float = 3.0
    chases_hours: float = 8.0
    leave_days: int = 15
    sick_days: int = 5
    # The part of reviewers' time that the pre-reviews may take; the departments are staffed for it.
    load: float = 0.3
    within: timedelta = timedelta(hours=8)

    @property
    def work(self) -> dict[Department, Lognormal]:
        """How long a review itself takes, in the order in which departments follow one another."""
        return {
            Department.SUPPLY_CHAIN: self.supply_chain,
            Department.FINANCE: self.finance,
            Department.LEGAL: self.legal,
        }


WITH_HUB = Way(
    parallel=True, watched=True, prepare=Lognormal(median=0.05, sigma=0.5), handover=None, effort=1.0, asks=0.15
)
HUB_IN_SEQUENCE = WITH_HUB.model_copy(update={"parallel": False})
WITHOUT_HUB = Way(
    parallel=False,
    watched=False,
    prepare=Lognormal(median=3.0, sigma=0.7),
    handover=Lognormal(median=0.8, sigma=1.4),
    effort=1.6,
    asks=0.35,
)
WAYS = {"with_hub": WITH_HUB, "hub_in_sequence": HUB_IN_SEQUENCE, "without_hub": WITHOUT_HUB}
