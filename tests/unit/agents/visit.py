"""A visit to the fictional account of `business`, with what the other agents would have found."""

from datetime import UTC, date, datetime
from typing import Any

from agents.operations import run as run_operations
from agents.proposal import ProposalInput
from core.domain.market import MoveKind
from core.domain.resources import Shareable
from core.domain.views.market import MarketView, Move
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance
from core.domain.views.resources import ExpertMatch, ReferenceMatch, ResourcesView
from core.domain.views.risks import Risk, RisksView, Severity
from core.domain.views.stage import BuyingStage, Signal, SignalKind, StageView
from core.language import Lang
from tests.unit.agents.business import ACCOUNT, TODAY, operations_input

VISIT = date(2026, 3, 16)
SAID = datetime(2026, 2, 20, 9, tzinfo=UTC)


def signal(kind: SignalKind, label: str, quote: str, number: int = 0) -> Signal:
    return Signal(kind=kind, label=label, at=SAID, quote=quote, evidence=f"memory:interaction:i-1#s{number}")


def stage(likeliest: BuyingStage, *objections: str, quote: str = "Your price is above our budget.") -> StageView:
    return StageView(
        distribution={each: 1.0 if each is likeliest else 0.0 for each in BuyingStage},
        likeliest=likeliest,
        confidence=0.8,
        needs=(signal(SignalKind.NEED, "uptime", "We cannot afford another stop in May.", 1),),
        objections=tuple(signal(SignalKind.OBJECTION, label, quote, 2) for label in objections),
    )


def person(name: str, role: BuyingRole | None, stance: Stance = Stance.NEUTRAL, **changes: Any) -> Stakeholder:
    given: dict[str, Any] = {
        "id": f"p-{name}",
        "name": name,
        "title": "Director",
        "roles": {role: 0.9} if role else {},
        "stance": stance,
        "influence": 0.7,
        "influence_low": 0.5,
        "influence_high": 0.9,
        "evidence": (f"crm:contact:{name}",),
    }
    return Stakeholder(**given | changes)


PEOPLE = InfluenceMap(
    people=(
        person("Lena Brandt", BuyingRole.ECONOMIC_BUYER),
        person("Hu Mingyi", BuyingRole.CHAMPION, Stance.SUPPORTIVE),
        person("Otto Rehm", BuyingRole.TECHNICAL_EVALUATOR, Stance.CRITICAL),
        person("Pia Lund", None, Stance.UNKNOWN, active=False),
    ),
    missing_roles=(BuyingRole.USER,),
)
MARKET = MarketView(
    moves=(
        Move(
            competitor="Kestrel Flow",
            move=MoveKind.PRICE,
            title="Kestrel cuts pump prices by a tenth",
            at=date(2026, 2, 10),
            relevance=0.8,
            why=("named",),
            evidence=("market:note:n-1",),
        ),
    ),
    active=("Kestrel Flow",),
)
RESOURCES = ResourcesView(
    experts=(
        ExpertMatch(
            expert_id="e-1",
            name="Sun Ya",
            score=0.9,
            reasons=("works on Pumps",),
            evidence="resources:expert:e-1",
        ),
    ),
    references=(
        ReferenceMatch(
            reference_id="c-0",
            customer="Secret Mill",
            score=0.95,
            reasons=(),
            shareable=Shareable.INTERNAL,
            show_to_customer=False,
            terms="Internal only.",
            evidence="resources:reference:c-0",
        ),
        ReferenceMatch(
            reference_id="c-1",
            customer="Harbour Paper",
            score=0.8,
            reasons=("same family",),
            shareable=Shareable.PUBLIC,
            show_to_customer=True,
            terms="May be shown.",
            evidence="resources:reference:c-1",
        ),
    ),
)
RISKS = RisksView(
    risks=(
        Risk(
            code="single_threaded",
            severity=Severity.HIGH,
            text="Only one contact has written since January.",
            clears_when="a second person has joined a meeting.",
            claim="c-risk",
            evidence=("crm:contact:Hu Mingyi",),
        ),
    )
)


def proposal_input(lang: Lang = Lang.EN, records: dict[str, Any] | None = None, **changes: Any) -> ProposalInput:
    """A visit for which everything is known; `records` changes what the operations view is made from."""
    given: dict[str, Any] = {
        "lang": lang,
        "today": TODAY,
        "account": ACCOUNT,
        "purpose": "Close the pump line",
        "attendees": ("Lena Brandt", "Otto Rehm"),
        "visit_on": VISIT,
        "stage": stage(BuyingStage.DECISION, "price", "delivery"),
        "people": PEOPLE,
        "operations": run_operations(operations_input(lang=lang, **records or {})).view,
        "market": MARKET,
        "resources": RESOURCES,
        "risks": RISKS,
    }
    return ProposalInput(**given | changes)
