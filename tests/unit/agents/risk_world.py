"""A healthy account, and what is changed in it so that each risk rule fires, or just fails to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from agents.risk import RiskInput
from core.domain.accounts import Account
from core.domain.contracts import Department
from core.domain.deals import PipelineStage
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.market import MoveKind
from core.domain.money import Money
from core.domain.views.market import MarketView, Move
from core.domain.views.operations import ApprovalStep, ContractTerm, Cover, DealView, OperationsView, Quote
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance
from core.domain.views.stage import BuyingStage, Signal, SignalKind, StageView
from core.language import Lang

TODAY = date(2026, 5, 20)
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


def mail(
    days: int,
    sender: str = "Marta Lindqvist",
    text: str = "Thank you.",
    *,
    ours: bool = False,
    subject: str | None = None,
    form: InteractionKind = InteractionKind.MAIL,
) -> Interaction:
    author = Author.INTERNAL if ours else Author.CUSTOMER
    at, name = NOON - timedelta(days=days), f"{sender}-{days}".replace(" ", "")
    return Interaction(
        id=name,
        account_id="a1",
        form=form,
        at=at,
        sender=sender,
        subject=subject,
        text=text,
        lang=Lang.EN,
        author=author,
    )


def person(name: str, days: int = 2, *, active: bool = True, **roles: float) -> Stakeholder:
    return Stakeholder(
        id=f"p-{name}",
        name=name,
        title="Plant manager",
        active=active,
        roles={BuyingRole(role): probability for role, probability in roles.items()},
        stance=Stance.SUPPORTIVE,
        influence=0.7,
        influence_low=0.5,
        influence_high=0.9,
        last_seen=NOON - timedelta(days=days),
        interactions=5,
        evidence=(f"crm:contact:{name}",),
    )


def signal(
    kind: SignalKind, label: str, days: int, quote: str = "It is 9% above the others.", sender: str = ""
) -> Signal:
    at = NOON - timedelta(days=days)
    evidence = f"memory:interaction:{sender or 'MartaLindqvist'}-{days}#s0"
    return Signal(kind=kind, label=label, at=at, quote=quote, evidence=evidence)


DEAL = DealView(
    opportunity_id="o1",
    name="Pumps for unit 4",
    stage=PipelineStage.PROPOSAL,
    amount=Money(amount=Decimal(900000)),
    close_on=TODAY + timedelta(days=50),
    product_id="CP-80",
    quantity=10,
    discount=Decimal("0.04"),
    next_step="Technical meeting on 27 May",
    evidence="crm:opportunity:o1",
)
COVER = Cover(
    product_id="CP-80",
    product="CP-80 pump",
    needed=10,
    available=12,
    incoming=0,
    incoming_on=None,
    lead_time_days=28,
    short_by=0,
    ready_on=TODAY,
    evidence=("erp:stock:s1",),
)
QUOTE = Quote(
    product_id="CP-80",
    product="CP-80 pump",
    quantity=10,
    unit_price=Money(amount=Decimal(90000)),
    max_discount_rep=Decimal("0.05"),
    max_discount_approved=Decimal("0.12"),
    floor_rep=Money(amount=Decimal(85500)),
    floor_approved=Money(amount=Decimal(79200)),
    asked_discount=Decimal("0.04"),
    evidence=("erp:price:p1",),
)
CONTRACT = ContractTerm(
    contract_id="c1",
    title="Frame agreement",
    number="FA-17",
    value=None,
    ends_on=TODAY + timedelta(days=300),
    days_left=300,
    clauses={},
    evidence="contracts:contract:c1",
)
STEP = ApprovalStep(
    order=1,
    department=Department.FINANCE,
    approver="Head of finance",
    rule="r1",
    reason="above 500,000",
    opportunity_id="o1",
    evidence=("contracts:approval_rule:r1",),
)
MOVE = Move(
    competitor="Corvex",
    move=MoveKind.PRICE,
    title="Corvex cuts pump prices",
    at=TODAY - timedelta(days=20),
    relevance=0.6,
    why=("it names this account",),
    evidence=("market:note:n1",),
)
MAILS = tuple(
    one
    for days in (1, 9, 17, 25, 33, 42, 50)
    for one in (mail(days), mail(days, "Jonas Hartwig"), mail(days, "Iris Bakker"), mail(days, "We", ours=True))
)


@dataclass(frozen=True)
class World:
    """The parts of a `RiskInput`, easy to change one by one."""

    deals: tuple[DealView, ...] = (DEAL,)
    covers: tuple[Cover, ...] = (COVER,)
    quotes: tuple[Quote, ...] = (QUOTE,)
    contracts: tuple[ContractTerm, ...] = (CONTRACT,)
    path: tuple[ApprovalStep, ...] = (STEP,)
    people: tuple[Stakeholder, ...] = (
        person("Marta Lindqvist", champion=0.8),
        person("Jonas Hartwig", economic_buyer=0.8),
        person("Iris Bakker", technical_evaluator=0.8),
    )
    missing: tuple[BuyingRole, ...] = ()
    mails: tuple[Interaction, ...] = MAILS
    moves: tuple[Move, ...] = ()
    active: tuple[tuple[str, str], ...] = ()
    likeliest: BuyingStage = BuyingStage.EVALUATION
    confidence: float = 0.8
    objections: tuple[Signal, ...] = ()
    rivals: tuple[Signal, ...] = ()
    urgent: tuple[Signal, ...] = ()

    def input(self, lang: Lang = Lang.EN) -> RiskInput:
        """The input these parts make."""
        others = (1 - 0.75) / (len(BuyingStage) - 1)
        return RiskInput(
            lang=lang,
            today=TODAY,
            account=Account(id="a1", name="Nordhafen Chemie GmbH"),
            interactions=self.mails,
            stage=StageView(
                distribution={one: 0.75 if one is self.likeliest else others for one in BuyingStage},
                likeliest=self.likeliest,
                confidence=self.confidence,
                objections=self.objections,
                competitors=self.rivals,
                urgency_signals=self.urgent,
            ),
            people=InfluenceMap(people=self.people, missing_roles=self.missing),
            operations=OperationsView(
                deals=self.deals,
                covers=self.covers,
                quotes=self.quotes,
                contracts=self.contracts,
                approval_path=self.path,
            ),
            market=MarketView(
                moves=self.moves,
                active=tuple(name for name, _ in self.active),
                active_evidence={name: (evidence,) for name, evidence in self.active},
            ),
        )


HEALTHY = World()

Change = Callable[[World], World]


def having(**changes: Any) -> Change:
    """Replace whole parts."""
    return lambda world: replace(world, **changes)


def deal(**changes: Any) -> Change:
    """Change the one deal."""
    return having(deals=(DEAL.model_copy(update=changes),))


def after(days: int) -> date:
    """That many days from today; negative is past."""
    return TODAY + timedelta(days=days)


def both(*changes: Change) -> Change:
    """One change after the other."""

    def apply(world: World) -> World:
        for change in changes:
            world = change(world)
        return world

    return apply
