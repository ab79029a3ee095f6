"""A small company to put questions to: records in memory behind the sandbox systems, and who asks."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from agents.answers.registry import ANSWERS
from agents.answers.spec import Asking, Told
from agents.spec import AgentInput, AgentOutput, Notebook
from connectors.sandbox import Faults, build_sandbox
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record, System
from core.domain.contracts import ApprovalRule, Clause, ClauseKind, Contract, Department
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.interactions import Author, Interaction, InteractionKind, Turn
from core.domain.market import MarketNote, MoveKind
from core.domain.money import Money
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Busy, Expert, ReferenceCase, Shareable
from core.identity import Caller, Role
from core.language import Lang
from graphs.chat.reading import TurnReader
from tests.unit.agents.answers.given_memory import GivenMemory
from tests.unit.tools.world import GivenRecords
from tools.spec import ToolArgs, ToolContext

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REP = Caller(tenant="t", user="mia", roles=frozenset({Role.REP}), regions=frozenset({"East"}))
MANAGER = Caller(tenant="t", user="boss", roles=frozenset({Role.MANAGER}))


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def mail(id_: str, at: str, sender: str, text: str, **more: Any) -> Interaction:
    """A mail of the customer to our seller, unless told otherwise."""
    fields: dict[str, Any] = {
        "id": id_,
        "account_id": "a1",
        "form": InteractionKind.MAIL,
        "at": datetime.fromisoformat(f"{at}T08:00:00+00:00"),
        "sender": sender,
        "recipients": ("Mia Sand <mia@vendor.example>",),
        "subject": "Pump line",
        "text": text,
        "lang": Lang.EN,
        "author": Author.CUSTOMER,
        "region": "East",
    }
    return Interaction(**fields | more)


ADA, BEN, EVA = "Ada Frost <ada@nlp.example>", "Ben Holm <ben@nlp.example>", "Eva Moe <eva@nlp.example>"

PEOPLE: tuple[Record, ...] = (
    Account(
        id="a1",
        name="Nordlicht Papier",
        country="Germany",
        industry="Paper",
        customer_class="A",
        region="East",
        owner="Mia Sand",
        employees=1200,
    ),
    Account(id="a2", name="华锦精密", country="China", customer_class="C", region="East/Key", owner="Tom Reed"),
    Account(id="a3", name="Westfalen Guss", region="West", owner="Mia Sand"),
    Contact(
        id="c1",
        account_id="a1",
        name="Ada Frost",
        title="CFO",
        department="Finance",
        email="ada@nlp.example",
        phone="+00 555 01",
        region="East",
    ),
    Contact(
        id="c2", account_id="a1", name="Ben Holm", title="Process Engineer", email="ben@nlp.example", region="East"
    ),
    Contact(id="c3", account_id="a1", name="Cem Aydin", active=False, left_on=date(2025, 1, 1), region="East"),
    Contact(id="c9", account_id="a3", name="Wim West", title="CEO", region="West"),
    SalesPerson(id="s1", name="Mia Sand", email="mia@vendor.example"),
    SalesPerson(id="s2", name="Tom Reed", email="tom@vendor.example"),
)
DEALS: tuple[Record, ...] = (
    Opportunity(
        id="o1",
        account_id="a1",
        name="Pump line",
        stage=PipelineStage.NEGOTIATION,
        amount=cny("1000000"),
        close_on=date(2026, 4, 30),
        product_id="P-100",
        quantity=40,
        discount=Decimal("0.08"),
        competitor="Kestrel",
        owner="Mia Sand",
        next_step="Send the revised offer",
        region="East",
    ),
    Opportunity(
        id="o2",
        account_id="a1",
        name="Spare valves",
        stage=PipelineStage.PROPOSAL,
        amount=cny("9000"),
        close_on=date(2026, 2, 1),
        owner="Tom Reed",
        region="East",
    ),
    Opportunity(
        id="o3",
        account_id="a1",
        name="Old line",
        stage=PipelineStage.LOST,
        close_on=date(2025, 5, 1),
        loss_reason="Delivery too late",
        region="East",
    ),
    Opportunity(
        id="o9", account_id="a3", name="West line", stage=PipelineStage.PROPOSAL, owner="Mia Sand", region="West"
    ),
    Order(
        id="SO-1",
        account_id="a1",
        product_id="P-100",
        quantity=4,
        amount=cny("100000"),
        ordered_on=date(2026, 1, 10),
        delivery_on=date(2026, 3, 20),
        status="confirmed",
        region="East",
    ),
    Order(id="SO-0", account_id="a1", product_id="V-7", ordered_on=date(2025, 6, 1), region="East"),
    Contract(
        id="k1",
        account_id="a1",
        title="Frame agreement",
        number="FA-1",
        value=cny("500000"),
        ends_on=date(2026, 12, 31),
        clauses=(
            Clause(kind=ClauseKind.PAYMENT, heading="Payment", text="Payable within 30 days."),
            Clause(kind=ClauseKind.DELIVERY, heading="Delivery", text="DAP the customer's site."),
        ),
        region="East",
    ),
    Contract(id="k0", account_id="a1", title="Old agreement", ends_on=date(2025, 12, 31), region="East"),
)
GOODS: tuple[Record, ...] = (
    Product(id="P-100", name="Pulse pump", name_zh="脉冲泵", family="Pumps", list_price=cny("26000")),
    Product(id="V-7", name="Valve", name_zh="阀门", family="Valves"),
    Price(id="p1", product_id="P-100", unit_price=cny("25000"), valid_to=date(2026, 12, 31)),
    Price(id="p2", product_id="P-100", unit_price=cny("24000"), min_quantity=50, valid_to=date(2026, 12, 31)),
    PricingRule(id="R1", family="Pumps", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.15")),
    StockLine(id="w1", product_id="P-100", warehouse="North", on_hand=10, reserved=4, lead_time_days=60),
    StockLine(id="w2", product_id="P-100", warehouse="South", on_hand=4, incoming=50, incoming_on=date(2026, 3, 20)),
    ApprovalRule(
        id="A1",
        order=1,
        department=Department.SALES,
        approver="Sales Director",
        min_discount=Decimal("0.05"),
        reason="Discounts from 5% are beyond a rep",
        reason_zh="5% 以上超出销售权限",
    ),
    ApprovalRule(
        id="A2",
        order=2,
        department=Department.FINANCE,
        approver="Controller",
        min_amount=Decimal(500000),
        reason="Large deals are checked by finance",
        reason_zh="大额商机由财务审核",
    ),
)
OUTSIDE: tuple[Record, ...] = (
    MarketNote(
        id="n1",
        competitor="Kestrel",
        title="Kestrel offers Nordlicht 10 % less",
        text="",
        move=MoveKind.PRICE,
        at=date(2026, 2, 10),
        account_id="a1",
    ),
    MarketNote(id="n2", competitor="Orion", title="Orion moves house", text="", at=date(2026, 2, 1)),
    Expert(
        id="e1",
        name="Kai Stern",
        families=("Pumps",),
        languages=("German", "English"),
        busy=(Busy(first=date(2026, 3, 9), last=date(2026, 3, 11)),),
    ),
    Expert(id="e2", name="Lin Hua", families=("Pumps",), languages=("Chinese",)),
    Expert(id="e3", name="Una Ross", families=("Robots",), languages=("English",)),
    ReferenceCase(
        id="r1",
        customer="Harbour Mill",
        industry="Paper",
        family="Pumps",
        year=2024,
        summary="Twelve pumps without a stop",
        summary_zh="12 台泵不停产更换",
        result="No stop in a year",
        shareable=Shareable.PUBLIC,
    ),
    ReferenceCase(id="r2", customer="Secret Mill", family="Pumps", summary="Six pumps", shareable=Shareable.NDA),
)
TALKS: tuple[Interaction, ...] = (
    mail("i1", "2025-11-03", BEN, "We tested the pump and need fewer stops on line 2."),
    mail("i2", "2026-01-15", ADA, "I decide on the budget in March. Your price is too high."),
    mail("i3", "2026-02-10", BEN, "Kestrel offers a shorter delivery time. We need the pumps by May, it is urgent."),
    Interaction(
        id="i4",
        account_id="a1",
        form=InteractionKind.MEETING,
        at=datetime(2026, 2, 20, 9, tzinfo=UTC),
        subject="Review",
        text="Ben Holm: I will recommend you to the board.\nMia Sand: Thank you.",
        turns=(
            Turn(speaker="Ben Holm", text="I will recommend you to the board."),
            Turn(speaker="Mia Sand", text="Thank you."),
        ),
        lang=Lang.EN,
        author=Author.CUSTOMER,
        region="East",
    ),
    mail("i8", "2026-01-20", "Wim West", "We look forward to it.", account_id="a3", region="West"),
)
RECORDS = (*PEOPLE, *DEALS, *GOODS, *OUTSIDE, *TALKS)


def ask(
    name: str,
    lang: Lang = Lang.EN,
    *,
    caller: Caller = REP,
    records: Sequence[Record] = RECORDS,
    down: Iterable[System] = (),
    reason: str = "down",
    reads: list[str] | None = None,
    **args: Any,
) -> AgentOutput[Told]:
    """What the question is answered with; `down` systems answer nothing, for `reason`. `reads` is told what is read."""
    broken = {system: {reason: True} for system in down}
    given = GivenRecords(records)
    memory = GivenMemory(given, NOW, reason if System.MEMORY in broken else None)
    systems = build_sandbox(given, Faults.model_validate(broken))
    spec, told = ANSWERS[name], AgentInput(lang=lang, today=NOW.date())

    async def answer() -> AgentOutput[Told]:
        reader = TurnReader(ToolContext(caller=caller, systems=systems, memory=memory, until=NOW), timeout_s=20)

        async def read(tool: str, args: ToolArgs) -> Any:
            if reads is not None:
                reads.append(tool)
            return await reader(tool, args)

        try:
            asking = Asking(caller=caller, now=NOW, given=told, read=read)
            return await spec.run(asking, spec.args_model.model_validate(args), Notebook(spec.agent, told))
        finally:
            await reader.close()

    return asyncio.run(answer())


def texts(name: str, lang: Lang = Lang.EN, **given: Any) -> list[str]:
    """The sentences of the answer, in order."""
    return [claim.text for claim in ask(name, lang, **given).claims]


def without(*ids: str) -> list[Record]:
    """The company without the records of these ids."""
    return [record for record in RECORDS if record.id not in ids]
