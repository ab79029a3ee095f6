"""The resources agent: whom and what to bring along, each with its reasons."""

from datetime import date

from agents.analysis.experts import ExpertFit, named_experts, rank_experts
from agents.analysis.fit import Need, rank_families
from agents.analysis.lexicon import has_han
from agents.analysis.places import country_name
from agents.analysis.pricing_play import Play, find_play
from agents.analysis.quoting import quoted
from agents.analysis.references import ReferenceFit, rank_references
from agents.analysis.voices import customer_lines, our_names
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.products import PricingRule, Product
from core.domain.resources import Expert, ReferenceCase, Shareable
from core.domain.views.operations import DealView
from core.domain.views.resources import ExpertMatch, PricingPlay, ReferenceMatch, ResourcesView
from core.language import Lang

EXPERTS_SHOWN = 3
REFERENCES_SHOWN = 3
_ASKED_DAYS = 365
_MOST_PIECES = 10**9
_NAMED_LANGUAGES = frozenset({"zh", "en", "de", "fr", "it", "es", "pt", "nl", "pl", "ja", "ko", "tr", "vi", "th", "ar"})


class ResourcesInput(AgentInput):
    """What the visit is about, and our experts, references and pricing rules; None means not readable."""

    account: Account
    purpose: str = ""
    families: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    visit_on: date
    experts: tuple[Expert, ...] | None = None
    references: tuple[ReferenceCase, ...] | None = None
    pricing_rules: tuple[PricingRule, ...] | None = None
    products: tuple[Product, ...] | None = None
    deals: tuple[DealView, ...] = ()
    interactions: tuple[Interaction, ...] = ()


def _marked(words: str, lang: Lang) -> str:
    """A label of our data, between quotation marks where it is not in the language of the sentence."""
    foreign = has_han(words) if lang is Lang.EN else not has_han(words)
    return f"“{quoted(words, 60)}”" if foreign else words


def _expert_reasons(notebook: Notebook, fit: ExpertFit) -> tuple[str, ...]:
    reasons = []
    if fit.asked:
        reasons.append(notebook.phrase("asked_for", at=fit.asked.interaction.at.date()))
    if fit.families:
        families = [_marked(name, notebook.given.lang) for name in fit.families[:3]]
        reasons.append(notebook.phrase("knows_family", families=families))
    if fit.skills:
        reasons.append(
            notebook.phrase("has_skill", skills=[_marked(one, notebook.given.lang) for one in fit.skills[:3]])
        )
    lacks = notebook.phrase(f"language_{fit.lacks}") if fit.lacks in _NAMED_LANGUAGES else ""
    if fit.language in _NAMED_LANGUAGES:
        reasons.append(notebook.phrase("speaks", language=notebook.phrase(f"language_{fit.language}"), lacks=lacks))
    elif lacks:
        reasons.append(notebook.phrase("speaks_not", lacks=lacks))
    if fit.near:
        place = quoted(fit.expert.based_in or "", 40) or None
        reasons.append(notebook.phrase("is_near", place=place))
    return tuple(reasons)


def _expert(notebook: Notebook, fit: ExpertFit, best: ExpertFit, day: date) -> ExpertMatch:
    expert = fit.expert
    name = quoted(expert.name, 60) or expert.id
    reasons = _expert_reasons(notebook, fit)
    conflicts: tuple[str, ...] = ()
    if fit.busy is not None:
        first, last = sorted((fit.busy.first, fit.busy.last))
        conflicts = (notebook.phrase("busy", first=first, last=last, day=day, free_on=fit.free_on),)
    kind = "expert_best" if fit is best else "expert_other"
    sources = (expert, fit.asked.source) if fit.asked else (expert,)
    notebook.claim(Section.RESOURCES, kind, *sources, name=name, reasons=reasons, day=day, conflicts=conflicts)
    return ExpertMatch(
        expert_id=expert.id,
        name=expert.name,
        score=fit.score,
        reasons=reasons,
        conflicts=conflicts,
        evidence=expert.evidence_id,
    )


def _reference(notebook: Notebook, fit: ReferenceFit, account: Account) -> ReferenceMatch:
    case = fit.case
    reasons = []
    if fit.family:
        reasons.append(notebook.phrase("same_family", family=_marked(fit.family, notebook.given.lang)))
    if fit.industry:
        reasons.append(notebook.phrase("same_industry", industry=_marked(case.industry or "", notebook.given.lang)))
    if fit.country:
        reasons.append(notebook.phrase("same_country", country=country_name(case.country or "", notebook.given.lang)))
    if fit.may_compete:
        reasons.append(notebook.phrase("may_compete", name=account.name))
    terms = notebook.phrase(f"terms_{case.shareable}")
    in_chinese = notebook.given.lang is Lang.ZH and case.summary_zh
    notebook.claim(
        Section.RESOURCES,
        "reference",
        case,
        customer=quoted(case.customer, 80) or case.id,
        year=case.year,
        summary=quoted(case.summary_zh or "" if in_chinese else case.summary, 200).rstrip(".。"),
        result=quoted(case.result or "", 120).rstrip(".。"),
        reasons=reasons,
        terms=terms,
    )
    return ReferenceMatch(
        reference_id=case.id,
        customer=case.customer,
        score=fit.score,
        reasons=tuple(reasons),
        shareable=case.shareable,
        # Nobody here knows whether a confidentiality agreement is in force, so those cases stay back, with their terms.
        show_to_customer=case.shareable is Shareable.PUBLIC,
        terms=terms,
        evidence=case.evidence_id,
    )


def _pricing_play(notebook: Notebook, play: Play, given: ResourcesInput) -> PricingPlay:
    rule, deal = play.rule, play.deal
    names = (rule.play_zh, rule.play) if given.lang is Lang.ZH else (rule.play, rule.play_zh)
    name = quoted(next(one for one in names if one and one.strip()), 200).rstrip(".。")
    reasons = []
    if rule.family:
        reasons.append(notebook.phrase("play_family", family=_marked(rule.family, notebook.given.lang)))
    if rule.customer_class:
        reasons.append(notebook.phrase("play_class", customer_class=rule.customer_class))
    if 1 < rule.min_quantity <= _MOST_PIECES and deal is not None:
        reasons.append(
            notebook.phrase("play_quantity", quantity=min(deal.quantity or 1, _MOST_PIECES), minimum=rule.min_quantity)
        )
    if not reasons:
        reasons.append(notebook.phrase("play_any"))
    sources: list[PricingRule | Account | str] = [rule]
    sources += [given.account] if rule.customer_class else []
    sources += [deal.evidence] if deal is not None else []
    deal_name = (quoted(deal.name, 60) or deal.opportunity_id) if deal is not None else None
    notebook.claim(Section.RESOURCES, "play", *sources, name=name, reasons=reasons, deal=deal_name)
    product = deal.product_id if deal is not None else None
    return PricingPlay(name=name, product_id=product, reasons=tuple(reasons), evidence=notebook.cite(sources))


def run(given: ResourcesInput) -> AgentOutput[ResourcesView]:
    """Experts, references and the pricing play for the visit, best first."""
    notebook = Notebook("resources", given)
    families = rank_families(given.families, given.deals, given.products or ())
    need = Need(given.account, families, given.topics, given.purpose, given.visit_on)
    recent = [one for one in given.interactions if 0 <= (given.today - one.at.date()).days <= _ASKED_DAYS]
    said = [line for one in recent for line in customer_lines(one, our_names(recent)) if not line.reported]
    asked = named_experts(given.experts or (), said)
    fits = rank_experts(given.experts or (), need, EXPERTS_SHOWN, asked)
    experts = tuple(_expert(notebook, fit, fits[0], given.visit_on) for fit in fits)
    cases = rank_references(given.references or (), need, REFERENCES_SHOWN)
    references = tuple(_reference(notebook, fit, given.account) for fit in cases)
    missing = {"no_expert": (given.experts, experts), "no_reference": (given.references, references)}
    for kind, (source, found) in missing.items():
        if source is not None and not found:
            inferred = ClaimState.INFERRED
            notebook.claim(Section.RESOURCES, kind, given.account, state=inferred, count=len(source))
    play = find_play(given.pricing_rules or (), given.account, given.deals, given.products or (), given.families)
    chosen = _pricing_play(notebook, play, given) if play is not None else None
    return notebook.output(ResourcesView(experts=experts, references=references, pricing_play=chosen))


SPEC = AgentSpec(
    name="resources",
    purpose="The expert, the references and the pricing play to bring along, with reasons",
    input_model=ResourcesInput,
    output_model=AgentOutput[ResourcesView],
    run=run,
)
