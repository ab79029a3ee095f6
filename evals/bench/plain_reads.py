"""What the plain way's tools read: one query each, straight from the store, within the caller's rights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.inputs import open_products
from agents.spec import AgentOutput
from core.domain.accounts import Contact, SalesPerson
from core.domain.base import Record, System
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.market import MarketNote
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from db.store import Session
from graphs.visit.gather import records
from graphs.visit.state import Source, VisitContext
from tools.registry import TOOLS


@dataclass
class PlainJob:
    """One package in the making: what was read, by tool, and concluded, by agent."""

    context: VisitContext
    sources: dict[str, Source] = field(default_factory=dict)
    outputs: dict[str, AgentOutput[Any]] = field(default_factory=dict)


Query = Callable[[Session, PlainJob], Sequence[Record]]


@dataclass(frozen=True, slots=True)
class PlainRead:
    """A read of one kind of record."""

    system: System
    purpose: str
    query: Query


def _all(kind: type[Record]) -> Query:
    return lambda session, job: session.records.find(job.context.tools.caller, kind)


def _of_account(kind: type[Record]) -> Query:
    return lambda session, job: session.records.find(job.context.tools.caller, kind, account_id=job.context.account.id)


def _wanted(job: PlainJob) -> frozenset[str]:
    return frozenset(open_products(records({"sources": job.sources}, "read_opportunities")))


def _stock(session: Session, job: PlainJob) -> Sequence[Record]:
    wanted = _wanted(job)
    return [line for line in session.records.find(job.context.tools.caller, StockLine) if line.product_id in wanted]


def _prices(session: Session, job: PlainJob) -> Sequence[Record]:
    wanted = _wanted(job)
    return [price for price in session.records.find(job.context.tools.caller, Price) if price.product_id in wanted]


def _notes(session: Session, job: PlainJob) -> Sequence[Record]:
    found = session.records.find(job.context.tools.caller, MarketNote)
    return [note for note in found if note.account_id in (None, job.context.account.id)]


def _interactions(session: Session, job: PlainJob) -> Sequence[Record]:
    tools = job.context.tools
    return session.interactions.for_account(tools.caller, job.context.account.id, until=tools.until)


_QUERIES: dict[str, Query] = {
    "read_interactions": _interactions,
    "read_contacts": _of_account(Contact),
    "read_opportunities": _of_account(Opportunity),
    "read_orders": _of_account(Order),
    "read_contracts": _of_account(Contract),
    "read_products": _all(Product),
    "read_sales_people": _all(SalesPerson),
    "read_pricing_rules": _all(PricingRule),
    "read_approval_rules": _all(ApprovalRule),
    "read_experts": _all(Expert),
    "read_references": _all(ReferenceCase),
    "read_stock": _stock,
    "read_prices": _prices,
    "read_market_notes": _notes,
}

READS: dict[str, PlainRead] = {
    name: PlainRead(TOOLS[name].system, TOOLS[name].purpose, query) for name, query in _QUERIES.items()
}
