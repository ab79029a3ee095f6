"""Systems of a small company to try write tools on: records in memory behind the sandbox systems."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from connectors.sandbox import Faults, build_sandbox
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record, System
from core.domain.contracts import Clause, ClauseKind, Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.effects import Proposal
from core.domain.interactions import Interaction
from core.domain.money import Money
from core.domain.payloads import Operation
from core.domain.products import Price, PricingRule, Product, StockLine
from core.identity import Caller, Role
from core.ports.memory import Recollection
from core.ports.reading import Reading
from tools.registry import WRITE_TOOLS
from tools.spec import WriteContext

R = TypeVar("R", bound=Record)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REP = Caller(tenant="t", user="rep", roles=frozenset({Role.REP}), regions=frozenset({"East"}))


def eur(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


RECORDS: tuple[Record, ...] = (
    Account(id="a1", name="Nordlicht Papier", aliases=("NLP",), country="Germany", customer_class="A", region="East"),
    Account(id="a2", name="华锦精密", country="China", customer_class="C", region="East"),
    Account(id="a3", name="Westfalen Guss", region="West"),
    Contact(id="c1", account_id="a1", name="Ada Frost", title="Buyer", email="ada@nlp.example", region="East"),
    Contact(id="c2", account_id="a1", name="Ben Frost", region="East"),
    Contact(id="c3", account_id="a1", name="Cem Aydin", active=False, left_on=date(2025, 1, 1), region="East"),
    SalesPerson(id="s1", name="Mia Sand", email="mia@vendor.example"),
    Product(id="P-100", name="Pulse pump P-100", name_zh="脉冲泵", family="Pumps", list_price=eur("1000")),
    Product(id="V-7", name="Valve V-7", family="Valves", list_price=eur("90")),
    Product(id="X-1", name="Prototype"),
    Product(id="G-2", name="Gasket"),
    Opportunity(
        id="o1",
        account_id="a1",
        name="Pump line",
        stage=PipelineStage.NEGOTIATION,
        amount=eur("40000"),
        close_on=date(2026, 4, 30),
        owner="Mia Sand",
        next_step="Send offer",
        region="East",
    ),
    Opportunity(id="o2", account_id="a1", name="Spare valves", stage=PipelineStage.PROPOSAL, region="East"),
    Opportunity(id="o3", account_id="a1", name="Old line", stage=PipelineStage.LOST, region="East"),
    Opportunity(id="o4", account_id="a2", name="三号线", stage=PipelineStage.PROPOSAL, region="East"),
    Price(id="p1", product_id="P-100", unit_price=eur("1000")),
    Price(id="p2", product_id="P-100", unit_price=eur("900"), min_quantity=50),
    Price(id="p3", product_id="G-2", unit_price=Money(amount=Decimal(700), currency="CNY")),
    PricingRule(id="R1", family="Pumps", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.15")),
    StockLine(id="w1", product_id="P-100", warehouse="North", on_hand=10, reserved=4),
    StockLine(id="w2", product_id="P-100", warehouse="South", on_hand=3, reserved=5),
    Contract(
        id="k1",
        account_id="a1",
        title="Frame agreement",
        number="FA-1",
        value=eur("500000"),
        ends_on=date(2026, 12, 31),
        clauses=(Clause(kind=ClauseKind.PAYMENT, heading="Payment", text="Payable within 30 days."),),
        region="East",
    ),
    Contract(id="k2", account_id="a1", title="Old agreement", ends_on=date(2025, 12, 31), region="East"),
    Contract(id="k3", account_id="a2", title="华锦框架协议", region="East"),
)


LINE = {"product": "脉冲泵", "quantity": 10}
# Arguments as a person gives them, one set that works for each tool; about Nordlicht.
CASES: dict[Operation, dict[str, Any]] = {
    Operation.LOG_ACTIVITY: {"form": "call", "subject": "Called Ada", "deal": "pump"},
    Operation.CREATE_TASK: {"subject": "Call back", "due_on": "2026-03-05", "assignee": "mia@vendor.example"},
    Operation.CREATE_OPPORTUNITY: {"name": "New line", "amount": 5000, "product": "P-100", "quantity": 5},
    Operation.UPDATE_OPPORTUNITY: {"deal": "o1", "amount": "45000", "stage": "negotiation"},
    Operation.SET_NEXT_STEP: {"deal": "Pump line", "next_step": "Agree on terms"},
    Operation.CREATE_CONTACT: {"name": "Dora Klein", "email": "dora@nlp.example"},
    Operation.UPDATE_CONTACT: {"contact": "ada@nlp.example", "title": "Head of purchasing"},
    Operation.RESERVE_STOCK: {"product": "p-100", "quantity": 6, "until": "2026-03-31", "deal": "o1"},
    Operation.REQUEST_SAMPLE: {"product": "Prototype", "form": "demo_unit", "needed_on": "2026-04-01"},
    Operation.DRAFT_QUOTE: {"deal": "o1", "lines": [{**LINE, "unit_price": "900"}]},
    Operation.OPEN_REVIEW: {"department": "legal", "subject": "Terms", "question": "90 days?", "due_on": "2026-03-03"},
    Operation.REQUEST_AMENDMENT: {"contract": "FA-1", "clause": "payment", "wording": "60 days.", "reason": "Asked"},
    Operation.SCHEDULE_SIGNATURE: {"contract": "frame", "on": "2026-04-01", "signatories": ["ada", "Mia Sand"]},
}


@dataclass(frozen=True, slots=True)
class GivenRecords:
    """Records in memory, seen with the caller's rights."""

    records: Sequence[Record]

    def find(
        self, caller: Caller, kind: type[R], *, account_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[R]:
        """Visible records of one kind."""
        return [
            record
            for record in self.records
            if isinstance(record, kind)
            and caller.may_see(record.region, record.audience)
            and account_id in (None, record.account)
            and (ids is None or record.id in ids)
        ]

    def last_good(self, tenant: str, system: System, kind: type[Record] | None = None) -> datetime | None:
        """Always now."""
        return NOW


class NoMemory:
    """Write tools recall nothing."""

    async def interactions(
        self, caller: Caller, account_id: str, until: datetime | None = None
    ) -> Reading[Interaction]:
        raise NotImplementedError

    async def last_exchanges(self, caller: Caller, until: datetime | None = None) -> Reading[Interaction]:
        raise NotImplementedError

    async def recall(
        self, caller: Caller, query: str, account_id: str | None, *, until: datetime | None = None, k: int = 8
    ) -> Recollection:
        raise NotImplementedError


def resolve(
    operation: Operation, caller: Caller = REP, records: Sequence[Record] = RECORDS, faults: Any = None, **args: Any
) -> Proposal:
    """What the tool proposes for arguments as a person gives them; the account is Nordlicht unless said otherwise."""
    systems = build_sandbox(GivenRecords(records), Faults.model_validate(faults or {}))
    context = WriteContext(caller=caller, systems=systems, memory=NoMemory(), now=NOW)
    tool = WRITE_TOOLS[operation]
    return asyncio.run(tool.run(context, tool.args_model.model_validate({"account": "nordlicht", **args})))
