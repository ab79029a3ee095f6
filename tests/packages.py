"""A realistic package made by hand, in both languages, for tests of what people see."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from core.domain.base import Evidence
from core.domain.claims import Claim, ClaimState, Section
from core.domain.contracts import Department
from core.domain.interactions import InteractionKind
from core.domain.market import MoveKind
from core.domain.money import Money
from core.domain.packages import ApprovalView, Package, PackageSection, Sections, SectionStatus, StockView
from core.domain.resources import Shareable
from core.domain.reviews import Review
from core.domain.views.history import HistoryView, Moment
from core.domain.views.market import MarketView, Move
from core.domain.views.operations import ApprovalStep, ContractTerm, Cover, Quote
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance, Tie, TieKind
from core.domain.views.proposals import Offer, ProposalsView, Recommendation, RecommendationKind
from core.domain.views.resources import ExpertMatch, PricingPlay, ReferenceMatch, ResourcesView
from core.domain.views.risks import Risk, RisksView, Severity
from core.domain.views.stage import BuyingStage, Signal, SignalKind, StagePoint, StageView
from core.domain.visits import RunStatus
from core.language import Lang

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

_WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
_EVIDENCE: list[dict[str, Any]] = _WORDS["evidence"]
_CLAIMS: dict[str, dict[str, Any]] = _WORDS["claims"]


def build_package(lang: Lang = Lang.EN, account: str | None = None, run_id: str = "run-fixture") -> Package:
    """The package of one visit: every section filled, competitors stale; claims of all three states."""
    say = _speaker(lang)
    claims = tuple(_claim(name, lang) for name in _CLAIMS)
    evidence = {
        each["id"]: Evidence(
            id=each["id"], source=each["system"], record=each["record"], as_of=_seen(index), quote=each[lang.value]
        )
        for index, each in enumerate(_EVIDENCE)
    }
    return Package(
        run_id=run_id,
        account=account or say("Harbour Glass Works", "海港玻璃"),
        account_id="a-17",
        lang=lang,
        purpose=say("Close the compressors for line 3 before the year ends", "年底前签下三号线空压机"),
        visit_on=date(2026, 12, 1),
        attendees=(say("Chen Guang", "陈光"), say("Lin Wei", "林薇")),
        status=RunStatus.COMPLETE,
        created_at=NOW,
        elapsed_ms=1840,
        summary=("goal", "short", "rival", "path"),
        sections=_sections(say),
        claims=claims,
        evidence=evidence,
        reviews=(
            _review(run_id, Department.LEGAL, "expiry", "path"),
            _review(run_id, Department.SUPPLY_CHAIN, "short", "cover"),
            _review(run_id, Department.FINANCE, "offer", "path"),
        ),
        model="embedded",
    )


def without(package: Package, section: Section, reason: str) -> Package:
    """The package with one section missing for `reason`."""
    gone: PackageSection[object] = PackageSection(status=SectionStatus.MISSING, reason=reason)
    sections = package.sections.model_copy(update={section.value: gone})
    return package.model_copy(update={"sections": sections, "status": RunStatus.PARTIAL})


Say = Callable[[str, str], str]


def _speaker(lang: Lang) -> Say:
    return lambda en, zh: zh if lang is Lang.ZH else en


def _claim(name: str, lang: Lang) -> Claim:
    words = _CLAIMS[name]
    return Claim(
        id=name,
        section=Section(words["section"]),
        kind=f"demo.{name}",
        text=words[lang.value],
        plain=words[lang.value],
        state=ClaimState(words["state"]),
        evidence=tuple(_EVIDENCE[index]["id"] for index in words["cites"]),
    )


def _seen(index: int) -> datetime:
    return NOW - timedelta(days=_EVIDENCE[index]["days"])


def _said(say: Say, words: dict[str, Any]) -> str:
    return say(words["en"], words["zh"])


def _review(run_id: str, department: Department, *claims: str) -> Review:
    due = NOW + timedelta(hours=8)
    return Review(id=f"{run_id}-{department}", run_id=run_id, department=department, due_at=due, claims=claims)


def _cny(amount: str) -> Money:
    return Money(amount=Decimal(amount))


def _sections(say: Say) -> Sections:
    def part(section: Section, data: object, **state: object) -> dict[str, object]:
        ids = tuple(name for name, claim in _CLAIMS.items() if claim["section"] == section)
        return {"status": SectionStatus.OK, "as_of": NOW, "claims": ids, "data": data, **state}

    old = say("The data behind this is 41 days old.", "此处依据的数据距今已有 41 天。")
    return Sections.model_validate(
        {
            "history": part(Section.HISTORY, _history(say)),
            "stage": part(Section.STAGE, _stage(say)),
            "competitors": part(Section.COMPETITORS, _market(say), status=SectionStatus.STALE, reason=old),
            "stock": part(Section.STOCK, _stock()),
            "approval_path": part(Section.APPROVAL_PATH, _approval(say)),
            "proposals": part(Section.PROPOSALS, _proposals(say)),
            "influence_map": part(Section.INFLUENCE_MAP, _people(say)),
            "risks": part(Section.RISKS, _risks(say)),
            "resources": part(Section.RESOURCES, _resources(say)),
        }
    )


def _history(say: Say) -> HistoryView:
    moments = tuple(
        Moment(
            interaction=_EVIDENCE[index]["record"],
            form=form,
            at=_seen(index),
            subject=say("Line 3", "三号线"),
            quote=_said(say, _EVIDENCE[index]),
            why=say("recent", "近期"),
            evidence=_EVIDENCE[index]["id"],
        )
        for index, form in enumerate((InteractionKind.MAIL, InteractionKind.CALL, InteractionKind.MEETING))
    )
    return HistoryView(total=63, first_at=NOW - timedelta(days=800), last_at=NOW - timedelta(days=4), moments=moments)


def _stage(say: Say) -> StageView:
    def at(week: int) -> dict[BuyingStage, float]:
        late = week / 12
        shares = (0.22 * (1 - late), 0.3 * (1 - late), 0.38 - 0.1 * late, 0.08 + 0.42 * late, 0.02 + 0.2 * late, 0.0)
        return dict(zip(BuyingStage, (share / sum(shares) for share in shares), strict=True))

    def signal(kind: SignalKind, label: str, index: int) -> Signal:
        seen = _seen(index)
        return Signal(
            kind=kind, label=label, at=seen, quote=_said(say, _EVIDENCE[index]), evidence=_EVIDENCE[index]["id"]
        )

    history = tuple(
        StagePoint(at=NOW - timedelta(weeks=13 - week), interaction=f"m-{week}", distribution=at(week))
        for week in range(13)
    )
    return StageView(
        distribution=at(12),
        likeliest=BuyingStage.DECISION,
        confidence=0.71,
        history=history,
        needs=(signal(SignalKind.NEED, "delivery", 0),),
        objections=(signal(SignalKind.OBJECTION, "price", 1),),
        competitors=(signal(SignalKind.COMPETITOR, "Nordwind", 1),),
        urgency=0.8,
        urgency_signals=(signal(SignalKind.URGENCY, "deadline", 0),),
    )


def _market(say: Say) -> MarketView:
    title = say("Nordwind cuts list prices of its 90 kW series by 8 %", "诺德将 90 kW 系列目录价下调 8%")
    why = (say("they are named in the open deal", "在跟商机里登记为竞争对手"),)
    move = Move(
        competitor=say("Nordwind", "诺德"), move=MoveKind.PRICE, title=title, at=date(2026, 11, 17), relevance=0.9,
        why=why, evidence=("market:note:n-5",),
    )  # fmt: skip
    return MarketView(moves=(move,), active=(say("Nordwind", "诺德"),))


def _stock() -> StockView:
    cover = Cover(
        product_id="p-12", product="AX-90", needed=6, available=4, incoming=6, incoming_on=date(2026, 12, 28),
        lead_time_days=35, short_by=2, ready_on=date(2026, 12, 28), evidence=("erp:stock:s-12",),
    )  # fmt: skip
    spare = Cover(
        product_id="p-31", product="AX dryer set", needed=6, available=40, incoming=0, incoming_on=None,
        lead_time_days=14, short_by=0, ready_on=NOW.date(),
    )  # fmt: skip
    quote = Quote(
        product_id="p-12", product="AX-90", quantity=6, unit_price=_cny("390000"), max_discount_rep=Decimal("0.05"),
        max_discount_approved=Decimal("0.12"), floor_rep=_cny("370500"), floor_approved=_cny("343200"),
        asked_discount=Decimal("0.09"), play="volume", evidence=("erp:price:p-12",),
    )  # fmt: skip
    return StockView(covers=(cover, spare), quotes=(quote,))


def _approval(say: Say) -> ApprovalView:
    steps = (
        (1, Department.SALES, say("Regional head", "大区总监"), say("discount above 5 %", "折扣超过 5%")),
        (2, Department.FINANCE, say("Finance", "财务部"), say("deal above CNY 2,000,000", "金额超过 2,000,000 元")),
        (2, Department.LEGAL, say("Legal", "法务部"), say("frame agreement about to end", "框架协议即将到期")),
    )
    term = ContractTerm(
        contract_id="k-7", title=say("Frame agreement 2024", "2024年框架协议"), number="FA-2024-017",
        value=_cny("6000000"), ends_on=date(2026, 12, 31), days_left=38, clauses={}, evidence="contracts:contract:k-7",
    )  # fmt: skip
    path = tuple(
        ApprovalStep(order=order, department=department, approver=approver, rule="r-3", reason=reason)
        for order, department, approver, reason in steps
    )
    return ApprovalView(steps=path, contracts=(term,))


def _proposals(say: Say) -> ProposalsView:
    kind = RecommendationKind
    plan = (
        ("goal", kind.GOAL, None, None), ("open", kind.AGENDA, None, 15), ("energy", kind.AGENDA, None, 30),
        ("message", kind.MESSAGE, say("Chen Guang", "陈光"), None), ("offer", kind.OFFER, None, None),
        ("next", kind.NEXT_STEP, None, None),
    )  # fmt: skip
    recommendations = tuple(
        Recommendation(
            id=f"rec-{name}", kind=kind, text=_said(say, _CLAIMS[name]), claim=name, person=who, minutes=long
        )
        for name, kind, who, long in plan
    )
    offer = Offer(
        product_id="p-12", product="AX-90", quantity=6, list_price=_cny("390000"), unit_price=_cny("358800"),
        total=_cny("2152800"), needs_approval=True, claim="offer",
    )  # fmt: skip
    return ProposalsView(goal=_said(say, _CLAIMS["goal"]), recommendations=recommendations, offers=(offer,))


def _people(say: Say) -> InfluenceMap:
    given = (
        ("p1", say("Chen Guang", "陈光"), say("Finance chief", "财务总监"), BuyingRole.ECONOMIC_BUYER,
         Stance.NEUTRAL, 0.86),
        ("p2", say("Lin Wei", "林薇"), say("Plant manager", "厂长"), BuyingRole.CHAMPION, Stance.SUPPORTIVE, 0.71),
        ("p3", say("Zhao Min", "赵敏"), say("Head of maintenance", "设备部经理"), BuyingRole.TECHNICAL_EVALUATOR,
         Stance.SUPPORTIVE, 0.52),
        ("p4", say("Sun Tao", "孙涛"), say("Purchasing", "采购主管"), BuyingRole.GATEKEEPER, Stance.CRITICAL, 0.44),
        ("p5", say("He Jing", "何静"), say("Shift lead", "班组长"), BuyingRole.USER, Stance.UNKNOWN, 0.2),
    )  # fmt: skip
    people = tuple(
        Stakeholder(
            id=id_, name=name, title=title, contact_id=f"c-{id_}", roles={role: 0.8}, stance=stance, influence=score,
            influence_low=max(0.0, score - 0.12), influence_high=min(1.0, score + 0.1),
            last_seen=NOW - timedelta(days=33 if id_ == "p2" else 4), interactions=7, evidence=(_EVIDENCE[0]["id"],),
        )
        for id_, name, title, role, stance, score in given
    )  # fmt: skip
    ties = (("p2", "p1", TieKind.REPORTS_TO), ("p3", "p2", TieKind.REPORTS_TO), ("p4", "p1", TieKind.WRITES_TO),
            ("p5", "p3", TieKind.MEETS), ("p4", "p3", TieKind.MEETS))  # fmt: skip
    links = tuple(Tie(source=source, target=target, kind=kind, weight=1.0) for source, target, kind in ties)
    return InfluenceMap(people=people, ties=links, missing_roles=(BuyingRole.BLOCKER,))


def _risks(say: Say) -> RisksView:
    clears = {
        "short": (Severity.HIGH, say("Supply chain confirms the delivery of 28 December.", "供应链确认12月28日到货。")),
        "expiry": (Severity.MEDIUM, say("A renewal is signed.", "续签协议。")),
        "quiet": (Severity.LOW, say("Lin Wei replies.", "林薇回复。")),
    }
    risks = tuple(
        Risk(code=name, severity=severity, text=_said(say, _CLAIMS[name]), clears_when=when, claim=name, evidence=())
        for name, (severity, when) in clears.items()
    )
    return RisksView(risks=risks, checked=(*clears, "no_economic_buyer"), not_checked=("single_threaded",))


def _resources(say: Say) -> ResourcesView:
    expert = ExpertMatch(
        expert_id="x-2", name=say("Jonas Brandt", "卓然"), score=0.88, evidence="resources:expert:x-2",
        reasons=(say("energy audits", "擅长能耗审计"), say("free on the day", "当天有空")),
    )  # fmt: skip
    case = ReferenceMatch(
        reference_id="ref-4", customer=say("Hartwell Glass", "恒威玻璃"), score=0.8, shareable=Shareable.PUBLIC,
        reasons=(say("same industry", "同行业"),), show_to_customer=True,
        terms=say("may be named freely", "可以公开提及"), evidence="resources:reference:ref-4",
    )  # fmt: skip
    play = PricingPlay(name=say("volume", "量价"), product_id="p-12", reasons=(), evidence=("erp:price:p-12",))
    return ResourcesView(experts=(expert,), references=(case,), pricing_play=play)
