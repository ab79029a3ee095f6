"""What each agent is told, put together from the sources and from earlier agents' views."""

from collections.abc import Callable
from datetime import datetime
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
from core.domain.accounts import SalesPerson
from core.domain.base import System
from core.domain.views.operations import OperationsView
from core.domain.views.stage import StageView
from core.language import Lang
from core.ports.memory import Recollection
from graphs.visit.gather import open_products, records
from graphs.visit.state import VisitContext, VisitState


class Told(TypedDict):
    """The fields every agent input has, and the account."""

    lang: Lang
    today: Any
    as_of: dict[System, datetime]
    account: Any


def _told(state: VisitState, context: VisitContext) -> Told:
    sources = state["sources"].values()
    as_of = {source.system: source.as_of for source in sources if source.as_of is not None}
    return Told(lang=context.request.lang, today=context.today, as_of=as_of, account=context.account)


def _view(state: VisitState, agent: str) -> Any:
    output = state["outputs"].get(agent)
    return output.view if output is not None else None


def _colleagues(state: VisitState, context: VisitContext) -> tuple[SalesPerson, ...]:
    """Our own people, experts included: they appear in mail and meetings, but not on the customer's side."""
    sellers: tuple[SalesPerson, ...] = records(state, "read_sales_people") or ()
    experts = records(state, "read_experts") or ()
    deals = records(state, "read_opportunities") or ()
    owners = {name for name in (context.account.owner, *(deal.owner for deal in deals)) if name and name.strip()}
    return (
        *sellers,
        *(SalesPerson(id=expert.id, name=expert.name, email=expert.email) for expert in experts),
        *(SalesPerson(id=f"owner:{name}", name=name) for name in sorted(owners)),
    )


def _history(state: VisitState, context: VisitContext) -> AgentInput:
    found = state["sources"]["recall_history"].answer
    hits = found.hits if isinstance(found, Recollection) else ()
    return HistoryInput(
        **_told(state, context),
        interactions=records(state, "read_interactions") or (),
        recalled=tuple(Recalled(interaction_id=hit.interaction, quote=hit.quote, score=hit.score) for hit in hits),
        purpose=context.request.purpose,
        contacts=records(state, "read_contacts"),
    )


def _intent(state: VisitState, context: VisitContext) -> AgentInput:
    named = [note.competitor for note in records(state, "read_market_notes") or ()]
    named += [deal.competitor for deal in records(state, "read_opportunities") or () if deal.competitor]
    return IntentInput(
        **_told(state, context),
        interactions=records(state, "read_interactions") or (),
        competitors=tuple(sorted(set(named))),
        contacts=records(state, "read_contacts"),
        colleagues=_colleagues(state, context),
    )


def _stakeholders(state: VisitState, context: VisitContext) -> AgentInput:
    return StakeholdersInput(
        **_told(state, context),
        contacts=records(state, "read_contacts"),
        interactions=records(state, "read_interactions") or (),
        colleagues=_colleagues(state, context),
    )


def _operations(state: VisitState, context: VisitContext) -> AgentInput:
    return OperationsInput(
        **_told(state, context),
        opportunities=records(state, "read_opportunities"),
        orders=records(state, "read_orders"),
        products=records(state, "read_products"),
        stock=records(state, "read_stock"),
        prices=records(state, "read_prices"),
        pricing_rules=records(state, "read_pricing_rules"),
        contracts=records(state, "read_contracts"),
        approval_rules=records(state, "read_approval_rules"),
    )


def _market(state: VisitState, context: VisitContext) -> AgentInput:
    return MarketInput(
        **_told(state, context),
        opportunities=records(state, "read_opportunities"),
        notes=records(state, "read_market_notes"),
        interactions=records(state, "read_interactions") or (),
    )


def _resources(state: VisitState, context: VisitContext) -> AgentInput:
    products = records(state, "read_products")
    wanted = set(open_products(records(state, "read_opportunities")))
    families = {product.family for product in products or () if product.id in wanted and product.family}
    stage: StageView | None = _view(state, "intent")
    operations: OperationsView | None = _view(state, "operations")
    return ResourcesInput(
        **_told(state, context),
        purpose=context.request.purpose,
        families=tuple(sorted(families)),
        topics=tuple(dict.fromkeys(need.label for need in stage.needs)) if stage else (),
        visit_on=context.visit_on,
        experts=records(state, "read_experts"),
        references=records(state, "read_references"),
        pricing_rules=records(state, "read_pricing_rules"),
        products=products,
        deals=operations.deals if operations else (),
        interactions=records(state, "read_interactions") or (),
    )


def _risk(state: VisitState, context: VisitContext) -> AgentInput:
    return RiskInput(
        **_told(state, context),
        interactions=records(state, "read_interactions") or (),
        stage=_view(state, "intent"),
        people=_view(state, "stakeholders"),
        operations=_view(state, "operations"),
        market=_view(state, "market"),
    )


def _proposal(state: VisitState, context: VisitContext) -> AgentInput:
    return ProposalInput(
        **_told(state, context),
        purpose=context.request.purpose,
        attendees=context.request.attendees,
        visit_on=context.visit_on,
        stage=_view(state, "intent"),
        people=_view(state, "stakeholders"),
        operations=_view(state, "operations"),
        market=_view(state, "market"),
        resources=_view(state, "resources"),
        risks=_view(state, "risk"),
    )


INPUTS: dict[str, Callable[[VisitState, VisitContext], AgentInput]] = {
    "history": _history,
    "intent": _intent,
    "stakeholders": _stakeholders,
    "operations": _operations,
    "market": _market,
    "resources": _resources,
    "risk": _risk,
    "proposal": _proposal,
}
