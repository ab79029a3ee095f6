"""What each agent is told, put together from the records read and from earlier agents' views.

The visit graph and the answers in chat ask the same agents, so both assemble their inputs here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict

from agents.history import HistoryInput, Recalled
from agents.intent import IntentInput
from agents.market import MarketInput
from agents.operations import OperationsInput
from agents.proposal import ProposalInput
from agents.resources import ResourcesInput
from agents.risk import RiskInput
from agents.spec import AgentInput
from agents.stakeholders import StakeholdersInput
from core.domain.accounts import Account, SalesPerson
from core.domain.base import System
from core.domain.deals import Opportunity
from core.language import Lang


class Told(TypedDict):
    """The fields every agent input has, and the account."""

    lang: Lang
    today: date
    as_of: dict[System, datetime]
    account: Account


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of one account when its agents are asked.

    `records` holds what each read tool brought back, by its name: None (or nothing) when it failed or was not asked.
    `views` holds the views of the agents that have spoken, by their names.
    """

    account: Account
    lang: Lang
    today: date
    as_of: dict[System, datetime]
    visit_on: date
    purpose: str = ""
    attendees: tuple[str, ...] = ()
    records: Mapping[str, tuple[Any, ...] | None] = field(default_factory=dict)
    recalled: tuple[Recalled, ...] = ()
    views: Mapping[str, Any] = field(default_factory=dict)

    def read(self, tool: str) -> tuple[Any, ...] | None:
        """The records that a tool brought back; None when it failed or was not asked."""
        return self.records.get(tool)

    @property
    def told(self) -> Told:
        """The fields every agent input has."""
        return Told(lang=self.lang, today=self.today, as_of=self.as_of, account=self.account)


def open_products(opportunities: tuple[Opportunity, ...] | None) -> tuple[str, ...]:
    """Products of the open opportunities, once each."""
    wanted = {deal.product_id: None for deal in opportunities or () if deal.stage.is_open and deal.product_id}
    return tuple(wanted)


def build_input(agent: str, gathered: Gathered) -> AgentInput:
    """The input of the agent of that name."""
    return _INPUTS[agent](gathered)


def _colleagues(gathered: Gathered) -> tuple[SalesPerson, ...]:
    """Our own people, experts included: they appear in mail and meetings, but not on the customer's side."""
    sellers: tuple[SalesPerson, ...] = gathered.read("read_sales_people") or ()
    experts = gathered.read("read_experts") or ()
    deals = gathered.read("read_opportunities") or ()
    owners = {name for name in (gathered.account.owner, *(deal.owner for deal in deals)) if name and name.strip()}
    return (
        *sellers,
        *(SalesPerson(id=expert.id, name=expert.name, email=expert.email) for expert in experts),
        *(SalesPerson(id=f"owner:{name}", name=name) for name in sorted(owners)),
    )


def _history(gathered: Gathered) -> AgentInput:
    return HistoryInput(
        **gathered.told,
        interactions=gathered.read("read_interactions") or (),
        recalled=gathered.recalled,
        purpose=gathered.purpose,
        contacts=gathered.read("read_contacts"),
    )


def _intent(gathered: Gathered) -> AgentInput:
    named = [note.competitor for note in gathered.read("read_market_notes") or ()]
    named += [deal.competitor for deal in gathered.read("read_opportunities") or () if deal.competitor]
    return IntentInput(
        **gathered.told,
        interactions=gathered.read("read_interactions") or (),
        competitors=tuple(sorted(set(named))),
        contacts=gathered.read("read_contacts"),
        colleagues=_colleagues(gathered),
    )


def _stakeholders(gathered: Gathered) -> AgentInput:
    return StakeholdersInput(
        **gathered.told,
        contacts=gathered.read("read_contacts"),
        interactions=gathered.read("read_interactions") or (),
        colleagues=_colleagues(gathered),
    )


def _operations(gathered: Gathered) -> AgentInput:
    return OperationsInput(
        **gathered.told,
        opportunities=gathered.read("read_opportunities"),
        orders=gathered.read("read_orders"),
        products=gathered.read("read_products"),
        stock=gathered.read("read_stock"),
        prices=gathered.read("read_prices"),
        pricing_rules=gathered.read("read_pricing_rules"),
        contracts=gathered.read("read_contracts"),
        approval_rules=gathered.read("read_approval_rules"),
    )


def _market(gathered: Gathered) -> AgentInput:
    return MarketInput(
        **gathered.told,
        opportunities=gathered.read("read_opportunities"),
        notes=gathered.read("read_market_notes"),
        interactions=gathered.read("read_interactions") or (),
    )


def _resources(gathered: Gathered) -> AgentInput:
    products = gathered.read("read_products")
    wanted = set(open_products(gathered.read("read_opportunities")))
    families = {product.family for product in products or () if product.id in wanted and product.family}
    stage, operations = gathered.views.get("intent"), gathered.views.get("operations")
    return ResourcesInput(
        **gathered.told,
        purpose=gathered.purpose,
        families=tuple(sorted(families)),
        topics=tuple(dict.fromkeys(need.label for need in stage.needs)) if stage else (),
        visit_on=gathered.visit_on,
        experts=gathered.read("read_experts"),
        references=gathered.read("read_references"),
        pricing_rules=gathered.read("read_pricing_rules"),
        products=products,
        deals=operations.deals if operations else (),
        interactions=gathered.read("read_interactions") or (),
    )


def _risk(gathered: Gathered) -> AgentInput:
    return RiskInput(
        **gathered.told,
        interactions=gathered.read("read_interactions") or (),
        stage=gathered.views.get("intent"),
        people=gathered.views.get("stakeholders"),
        operations=gathered.views.get("operations"),
        market=gathered.views.get("market"),
    )


def _proposal(gathered: Gathered) -> AgentInput:
    return ProposalInput(
        **gathered.told,
        purpose=gathered.purpose,
        attendees=gathered.attendees,
        visit_on=gathered.visit_on,
        stage=gathered.views.get("intent"),
        people=gathered.views.get("stakeholders"),
        operations=gathered.views.get("operations"),
        market=gathered.views.get("market"),
        resources=gathered.views.get("resources"),
        risks=gathered.views.get("risk"),
    )


_INPUTS: dict[str, Callable[[Gathered], AgentInput]] = {
    "history": _history,
    "intent": _intent,
    "stakeholders": _stakeholders,
    "operations": _operations,
    "market": _market,
    "resources": _resources,
    "risk": _risk,
    "proposal": _proposal,
}

INFORMED = tuple(_INPUTS)
"""The agents whose inputs are built here."""
