"""What the other agents found, picked out for planning one visit."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agents.analysis.quoting import quoted
from agents.analysis.visit_deadline import Deadline, find_deadline, refuses_parts
from core.domain.accounts import Account
from core.domain.views.market import MarketView
from core.domain.views.operations import ContractTerm, Cover, DealView, OperationsView, Quote
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import BuyingStage, Signal, StageView
from core.text import normalise_name

_ENDING_DAYS = 120


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """The views of the other agents; those that failed are empty (`stage` is None)."""

    account: Account
    purpose: str
    today: date
    visit_on: date
    attendees: tuple[str, ...] = ()
    stage: StageView | None = None
    people: InfluenceMap = field(default_factory=InfluenceMap)
    operations: OperationsView = field(default_factory=OperationsView)
    market: MarketView = field(default_factory=MarketView)
    resources: ResourcesView = field(default_factory=ResourcesView)
    risks: RisksView = field(default_factory=RisksView)

    @property
    def buying_stage(self) -> BuyingStage | None:
        """Where the buyer most likely stands."""
        return self.stage.likeliest if self.stage else None

    @property
    def deal(self) -> DealView | None:
        """The leading deal."""
        return next(iter(self.operations.deals), None)

    @property
    def needs(self) -> tuple[Signal, ...]:
        """The latest need of each kind; the customer's own words go before reported ones."""
        return _once_each(self.stage.needs) if self.stage else ()

    @property
    def objections(self) -> tuple[Signal, ...]:
        """The latest objection of each kind; the customer's own words go before reported ones."""
        return _once_each(self.stage.objections) if self.stage else ()

    @property
    def _signals(self) -> tuple[Signal, ...]:
        stage = self.stage
        return (*stage.urgency_signals, *stage.needs, *stage.objections) if stage else ()

    @property
    def deadline(self) -> Deadline | None:
        """The day by which the customer needs the goods."""
        return find_deadline(self._signals, self.today)

    @property
    def cover(self) -> Cover | None:
        """The stock behind the leading deal."""
        covers = self.operations.covers
        return next((each for each in covers if self.deal and each.product_id == self.deal.product_id), None)

    @property
    def parts_help(self) -> bool:
        """Whether a part delivery may be proposed: the customer has not ruled it out."""
        return not refuses_parts(self._signals)

    @property
    def ending(self) -> ContractTerm | None:
        """The contract in force that ends soon."""
        terms = self.operations.contracts
        return next(
            (term for term in terms if term.days_left is not None and 0 <= term.days_left <= _ENDING_DAYS), None
        )

    @property
    def short(self) -> Cover | None:
        """The product whose stock falls short the most."""
        short = [cover for cover in self.operations.covers if cover.short_by > 0]
        return max(short, key=lambda cover: cover.short_by, default=None)

    @property
    def main_quote(self) -> Quote | None:
        """The quote of the leading deal, else the first."""
        quotes = self.operations.quotes
        own = [quote for quote in quotes if self.deal and quote.product_id == self.deal.product_id]
        return next(iter(own or quotes), None)

    def person_in(self, role: BuyingRole) -> Stakeholder | None:
        """The most influential active person with this main role."""
        return next((person for person in self.people.people if person.active and person.main_role is role), None)

    def words(self) -> dict[str, Any]:
        """What phrases may say of the visit as a whole; None where unknown. Text of others is cut and quotable."""
        deal, ending, short = self.deal, self.ending, self.short
        buyer, champion = self.person_in(BuyingRole.ECONOMIC_BUYER), self.person_in(BuyingRole.CHAMPION)
        quote = self.main_quote
        reference = next((case for case in self.resources.references if case.show_to_customer), None)
        expert = next((expert for expert in self.resources.experts if not expert.conflicts), None)
        return {
            "account": quoted(self.account.name, 80),
            "purpose": quoted(self.purpose, 120),
            "visit_on": self.visit_on,
            "deal": quoted(short_name(deal.name, self.account), 80) if deal else None,
            "amount": deal.amount if deal else None,
            "close_on": deal.close_on if deal and deal.close_on and deal.close_on >= self.visit_on else None,
            "buyer": quoted(buyer.name, 60) if buyer else None,
            "champion": quoted(champion.name, 60) if champion else None,
            "contract": ending.title if ending else None,
            "ends_on": ending.ends_on if ending else None,
            "short_product": short.product if short else None,
            "short_by": short.short_by if short else None,
            "ready_on": short.ready_on if short else None,
            "parts": self.parts_help,
            "product": quote.product if quote else None,
            "rival": quoted(self.market.active[0], 60) if self.market.active else None,
            "reference": quoted(reference.customer, 80) if reference else None,
            "expert": quoted(expert.name, 60) if expert else None,
            "owner": quoted(self.account.owner, 60) if self.account.owner else None,
        }


def short_name(deal: str, account: Account) -> str:
    """The deal's name without the account's own name before a dash, which a reader of its visit knows already."""
    head, dash, rest = deal.partition(" - ")
    known = {normalise_name(name) for name in (account.name, *account.aliases)}
    known.add(normalise_name(account.name.split()[0]) if account.name.split() else "")
    return rest.strip() if dash and rest.strip() and normalise_name(head) in known else deal


def shift(day: date, days: int) -> date:
    """`day` moved by `days`, kept inside the calendar."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def working_day_before(visit_on: date, today: date, days: int) -> date:
    """`days` before the visit, moved back from a weekend, but never before today."""
    day = shift(visit_on, -days)
    while day.weekday() >= 5 and day > date.min:
        day -= timedelta(days=1)
    return max(day, today)


def _once_each(signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    latest: dict[str, Signal] = {}
    for signal in sorted(signals, key=lambda signal: (not signal.reported, signal.at), reverse=True):
        latest.setdefault(signal.label, signal)
    return tuple(latest.values())
