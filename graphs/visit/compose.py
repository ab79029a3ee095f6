"""From agents' outputs to sections: each present, or explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.domain.base import Frozen
from core.domain.claims import Claim, Section, cited_in
from core.domain.packages import ApprovalView, PackageSection, Sections, SectionStatus, StockView
from core.domain.views.operations import OperationsView
from core.domain.views.proposals import ProposalsView
from core.ports.reading import Reading
from graphs.visit.ledger import Ledger
from graphs.visit.state import Draft, Source, VisitContext, VisitState
from prompts.loader import load_phrases


@dataclass(frozen=True, slots=True)
class Needs:
    """What a section stands on: its agent, the tools without which it is missing, and those that make it better."""

    agent: str
    required: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


NEEDS: dict[Section, Needs] = {
    Section.HISTORY: Needs("history", ("read_interactions",), ("recall_history", "read_opportunities", "read_orders")),
    Section.STAGE: Needs("intent", ("read_interactions",)),
    Section.COMPETITORS: Needs("market", ("read_market_notes",), ("read_interactions", "read_opportunities")),
    Section.STOCK: Needs(
        "operations",
        ("read_opportunities", "read_stock"),
        ("read_products", "read_prices", "read_pricing_rules"),
    ),
    Section.APPROVAL_PATH: Needs("operations", ("read_opportunities", "read_approval_rules"), ("read_contracts",)),
    Section.PROPOSALS: Needs(
        "proposal",
        (),
        ("read_interactions", "read_contacts", "read_opportunities", "read_stock", "read_prices", "read_pricing_rules"),
    ),
    Section.INFLUENCE_MAP: Needs("stakeholders", ("read_contacts",), ("read_interactions", "read_sales_people")),
    Section.RISKS: Needs(
        "risk",
        (),
        (
            "read_interactions",
            "read_contacts",
            "read_opportunities",
            "read_stock",
            "read_contracts",
            "read_market_notes",
        ),
    ),
    Section.RESOURCES: Needs("resources", ("read_experts", "read_references"), ("read_pricing_rules",)),
}

# These show what the systems hold today, also in the package of a past visit.
_AS_OF_TODAY = {Section.STOCK, Section.APPROVAL_PATH}


def _gap(source: Source) -> str | None:
    """What is wrong with a source. An empty answer is a fact, not a gap, once records of the kind have arrived."""
    if source.problem is not None:
        return source.problem
    never = isinstance(source.answer, Reading) and not source.answer.records and source.as_of is None
    return "never" if never else None


class _Reasons:
    """Words for what keeps a section from being complete."""

    def __init__(self, context: VisitContext) -> None:
        self._context = context
        self._phrases = load_phrases("visit")

    def say(self, kind: str, **params: object) -> str:
        return self._phrases.render(kind, self._context.request.lang, **params)

    def gap(self, tool: str, source: Source, problem: str) -> str:
        name = self.say(f"system_{source.system}")
        if problem == "never":
            return self.say("source_never", system=name, records=self.say(f"records_{tool.removeprefix('read_')}"))
        day = source.as_of.date() if source.as_of else None
        # A connector's own code for a problem has no words here; that nothing usable came is true of each.
        kind = f"source_{problem}" if f"source_{problem}" in self._phrases.kinds else "source_malformed"
        return self.say(kind, system=name, last_good=day)


def _view_of(section: Section, view: Frozen) -> Frozen:
    if section is Section.STOCK and isinstance(view, OperationsView):
        return StockView(covers=view.covers, quotes=view.quotes)
    if section is Section.APPROVAL_PATH and isinstance(view, OperationsView):
        return ApprovalView(steps=view.approval_path, contracts=view.contracts)
    return view


def _section(
    section: Section, state: VisitState, context: VisitContext, claims: Iterable[Claim], reasons: _Reasons
) -> PackageSection[Any]:
    needs = NEEDS[section]
    sources = {tool: state["sources"][tool] for tool in (*needs.required, *needs.wanted) if tool in state["sources"]}
    gaps = {tool: problem for tool, source in sources.items() if (problem := _gap(source))}
    known = [source.as_of for source in sources.values() if source.as_of is not None]
    as_of = min(known, default=None)
    texts = [reasons.gap(tool, sources[tool], problem) for tool, problem in gaps.items()]
    output = state["outputs"].get(needs.agent)
    if output is None:
        texts.append(reasons.say("agent_failed", agent=needs.agent))
    if output is None or any(tool in gaps for tool in needs.required):
        return PackageSection(status=SectionStatus.MISSING, reason=" ".join(dict.fromkeys(texts)), as_of=as_of)
    days = (context.now - as_of).days if as_of else 0
    if days > context.stale_after_days:
        texts.append(reasons.say("source_old", days=days))
    past_day = context.tools.past_day
    if past_day is not None and section in _AS_OF_TODAY:
        texts.append(reasons.say("as_known_today", day=past_day))
    return PackageSection(
        status=SectionStatus.STALE if texts else SectionStatus.OK,
        reason=" ".join(dict.fromkeys(texts)) or None,
        as_of=as_of,
        claims=tuple(claim.id for claim in claims),
        data=_view_of(section, output.view),
    )


def _summary(claims: dict[Section, list[Claim]], shown: Sections) -> tuple[str, ...]:
    wanted = {Section.PROPOSALS: 1, Section.STAGE: 1, Section.RISKS: 3, Section.STOCK: 1, Section.INFLUENCE_MAP: 1}
    return tuple(
        claim.id for section, count in wanted.items() if shown.of(section).claims for claim in claims[section][:count]
    )


def compose(state: VisitState, context: VisitContext) -> Draft:
    """Sections, checked claims and evidence; what could not be read or reached is named with its reason."""
    ledger = Ledger(context.account, state["sources"].values(), context)
    reasons = _Reasons(context)
    claims: dict[Section, list[Claim]] = {section: [] for section in Section}
    for output in state["outputs"].values():
        for claim in output.claims:
            claims[claim.section].append(ledger.check(claim))
    sections = Sections(
        **{section.value: _section(section, state, context, claims[section], reasons) for section in Section}
    )
    shown = [claim for section in Section for claim in claims[section] if sections.of(section).claims]
    cited = [evidence_id for claim in shown for evidence_id in claim.evidence]
    for section in Section:
        data = sections.of(section).data
        if data is not None:
            cited += cited_in(data)
    proposal = sections.proposals.data
    return Draft(
        sections=sections,
        claims=tuple(shown),
        evidence=ledger.collect(cited),
        summary=_summary(claims, sections),
        recommendations=proposal.recommendations if isinstance(proposal, ProposalsView) else (),
        prompts=tuple(load_phrases(agent).label for agent in state["outputs"]),
    )
