"""A composed package from hand-made readings and agent outputs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.spec import AgentOutput
from core.domain.accounts import Contact
from core.domain.base import Record, System
from core.domain.claims import Claim, ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.views.history import HistoryView
from core.domain.views.market import MarketView
from core.domain.views.operations import OperationsView
from core.domain.views.people import InfluenceMap
from core.domain.views.proposals import ProposalsView
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import BuyingStage, StageView
from core.domain.visits import VisitRequest
from core.identity import Caller
from core.language import Lang
from core.ports.reading import Reading
from graphs.visit.compose import NEEDS
from graphs.visit.state import Source, VisitContext, VisitState
from tests.samples import account, interaction, rep
from tools.registry import TOOLS
from tools.spec import ToolContext

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
SAID = interaction("i1", at=NOW - timedelta(days=2), text="We need ten pumps. The budget is approved.")
ADA = Contact(id="c1", account_id="a1", name="Ada Frost")
_VIEWS = {
    "history": HistoryView(),
    "intent": StageView(distribution={}, likeliest=BuyingStage.EVALUATION, confidence=0.5),
    "market": MarketView(),
    "operations": OperationsView(),
    "stakeholders": InfluenceMap(),
    "proposal": ProposalsView(goal="Renew"),
    "risk": RisksView(),
    "resources": ResourcesView(),
}


def context(caller: Caller | None = None, lang: Lang = Lang.EN) -> VisitContext:
    """A run for account `a1`; nothing is read through it."""
    unused: Any = None
    return VisitContext(
        run_id="r1",
        account=account("a1"),
        request=VisitRequest(account="Account a1", purpose="Renew", lang=lang),
        tools=ToolContext(caller=caller or rep(), systems=unused, memory=unused),
        now=NOW,
        gather_timeout_s=1,
        stale_after_days=30,
        last_good=lambda _system: None,
        progress=lambda _step, _status, _detail: None,
    )


def source(tool: str, *records: Record, as_of: datetime | None = NOW, problem: str | None = None) -> Source:
    """What `tool` brought back, or its problem."""
    answer = None if problem else Reading(records, as_of)
    return Source(TOOLS[tool].system, answer, problem, as_of)


def claim(section: Section, *evidence: str, state: ClaimState = ClaimState.SUPPORTED) -> Claim:
    """A claim of a section's agent that cites `evidence`."""
    told = {"kind": f"{NEEDS[section].agent}.x", "text": "Said.", "plain": "Said.", "state": state}
    return Claim(id=f"c-{section}", section=section, evidence=evidence, **told)


def state(*claims: Claim, failed: str | None = None, sources: Mapping[str, Source] | None = None) -> VisitState:
    """All tools answered and all agents but `failed` ran; `sources` replaces what single tools brought back."""
    records: dict[str, tuple[Record, ...]] = {"read_interactions": (SAID,), "read_contacts": (ADA,)}
    tools = {tool for needs in NEEDS.values() for tool in (*needs.required, *needs.wanted)} - {"recall_history"}
    filler = account("a2")
    answers = {tool: source(tool, *records.get(tool, (filler,))) for tool in tools}
    outputs: dict[str, AgentOutput[Any]] = {
        agent: AgentOutput(view=view, claims=tuple(c for c in claims if NEEDS[c.section].agent == agent))
        for agent, view in _VIEWS.items()
        if agent != failed
    }
    return {"sources": answers | dict(sources or {}), "outputs": outputs}


def sources_of(*records: Record) -> list[Source]:
    """The records, each from its own system."""
    systems: dict[System, list[Record]] = {}
    for record in records:
        systems.setdefault(System.MEMORY if isinstance(record, Interaction) else record.system, []).append(record)
    return [Source(system, Reading(tuple(found), NOW), None, NOW) for system, found in systems.items()]
