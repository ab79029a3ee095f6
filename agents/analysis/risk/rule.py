"""The shape of a risk rule, and the case it looks at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from agents.analysis.quoting import quoted
from agents.analysis.risk.thresholds import DEAD_AFTER_DAYS
from agents.spec import Source
from core.domain.accounts import Account
from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.deals import PipelineStage
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.views.market import MarketView
from core.domain.views.operations import DealView, OperationsView
from core.domain.views.people import InfluenceMap
from core.domain.views.risks import Severity
from core.domain.views.stage import StageView

LATE = (PipelineStage.PROPOSAL, PipelineStage.NEGOTIATION)
NAMES_SHOWN = 3


class Input(StrEnum):
    """What a rule cannot do without."""

    INTERACTIONS = "interactions"
    STAGE = "stage"
    PEOPLE = "people"
    OPERATIONS = "operations"
    STOCK = "stock"
    QUOTES = "quotes"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of ours that has a name in each language, such as a pipeline stage: phrase `group_key`."""

    group: str
    key: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired: how grave, on what evidence, from when its newest evidence is, and the facts for its phrases.

    `facts` holds what phrases `code` and `code_clears` may use; a `Term` is put into words by the agent.
    """

    severity: Severity
    sources: tuple[Source, ...]
    facts: Mapping[str, object]
    on: date | None = None


@dataclass(frozen=True)
class Case:
    """One account as the rules see it. None means that the source could not be read."""

    account: Account
    today: date
    interactions: tuple[Interaction, ...] = ()
    stage: StageView | None = None
    people: InfluenceMap | None = None
    operations: OperationsView | None = None
    market: MarketView | None = None

    @cached_property
    def past(self) -> tuple[Interaction, ...]:
        """Interactions up to today, oldest first."""
        known = (one for one in self.interactions if one.at.date() <= self.today)
        return tuple(sorted(known, key=lambda one: (one.at, one.id)))

    @cached_property
    def open_deals(self) -> tuple[DealView, ...]:
        """Open deals, the forgotten ones included."""
        return tuple(deal for deal in self.operations.deals if deal.stage.is_open) if self.operations else ()

    @cached_property
    def live_deals(self) -> tuple[DealView, ...]:
        """Open deals that somebody still works on, nearest close date first."""
        live = (deal for deal in self.open_deals if self.days_to(deal.close_on, unknown=0) >= -DEAD_AFTER_DAYS)
        return tuple(sorted(live, key=lambda deal: (deal.close_on or date.max, deal.opportunity_id)))

    @cached_property
    def late_deals(self) -> tuple[DealView, ...]:
        """Live deals at proposal or negotiation."""
        return tuple(deal for deal in self.live_deals if deal.stage in LATE)

    @cached_property
    def available(self) -> frozenset[Input]:
        """The inputs that say something; an empty list where there should be entries counts as not read."""
        facts = {
            Input.INTERACTIONS: bool(self.past),
            Input.STAGE: self.stage is not None,
            Input.PEOPLE: self.people is not None and bool(self.people.people),
            Input.OPERATIONS: self.operations is not None,
            Input.MARKET: self.market is not None,
        }
        if self.operations is not None:
            wanted = any(deal.product_id and deal.quantity for deal in self.live_deals)
            discounted = any(deal.product_id and deal.discount for deal in self.live_deals)
            facts[Input.STOCK] = bool(self.operations.covers) or not wanted
            facts[Input.QUOTES] = bool(self.operations.quotes) or not discounted
        return frozenset(name for name, there in facts.items() if there)

    def days_to(self, day: date | None, *, unknown: int) -> int:
        """Days from today to `day`, negative when past."""
        return unknown if day is None else (day - self.today).days

    def since(self, days: int) -> date:
        """The first day of the last `days` days."""
        return self.today - timedelta(days=min(days, self.today.toordinal() - 1))

    def is_answered(self, at: datetime) -> bool | None:
        """Whether we wrote, met or called after `at`; None when the records do not tell our own messages apart."""
        if not any(one.author is Author.INTERNAL and one.form is InteractionKind.MAIL for one in self.past):
            return None
        spoken = (InteractionKind.MEETING, InteractionKind.CALL)
        return any(
            one.at > at and (one.form in spoken or (one.author is Author.INTERNAL and one.form is InteractionKind.MAIL))
            for one in self.past
        )

    def day_of(self, evidence: Iterable[str]) -> date | None:
        """The day of the newest interaction among evidence ids."""
        ids = {one.partition("#")[0] for one in evidence}
        return max((one.at.date() for one in self.past if one.evidence_id in ids), default=None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure detector with its reference text (`docs/reference/risk-rules.md`).

    `state` says whether its warnings are read off records or concluded from them.
    """

    code: str
    needs: tuple[Input, ...]
    find: Callable[[Case], Sequence[Hit]]
    departments: tuple[Department, ...] = ()
    state: ClaimState = ClaimState.INFERRED


def deal_name(deal: DealView) -> str:
    """The deal's name fit for a sentence."""
    return quoted(deal.name, 60) or deal.opportunity_id


def name_deals(deals: Sequence[DealView]) -> dict[str, object]:
    """Facts `deals` (the first names) and `more` (how many others)."""
    return {"deals": [deal_name(deal) for deal in deals[:NAMES_SHOWN]], "more": max(0, len(deals) - NAMES_SHOWN)}


def cite_deals(deals: Sequence[DealView]) -> tuple[str, ...]:
    """The evidence of the deals that `name_deals` names."""
    return tuple(deal.evidence for deal in deals[:NAMES_SHOWN])
