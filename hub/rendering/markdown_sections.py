"""The typed data of each section as Markdown lines."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from core.domain.claims import Claim, ClaimState, Section
from core.domain.views.proposals import Offer, Recommendation, RecommendationKind
from hub.rendering.marked import bullets, escape, table
from hub.rendering.outline import Outline

Lines = list[str]
_ROWS = 12
_FEW_ROWS = 8


def mark(outline: Outline, claim: Claim) -> str:
    """A claim with its state and the footnote marks of its sources."""
    name = outline.labels.name(claim.state)
    flag = {
        ClaimState.SUPPORTED: "",
        ClaimState.INFERRED: f" *{outline.labels.aside(name).strip()}*",
        ClaimState.UNSUPPORTED: f" **⚠ {name}**",
    }
    return f"{escape(claim.text)}{flag[claim.state]}{edited(outline, claim)}{notes(outline, claim)}"


def edited(outline: Outline, claim: Claim) -> str:
    """Who put their own words in place of the hub's; empty for most claims."""
    if claim.edited_by is None:
        return ""
    return f" *{outline.labels.aside(outline.labels('edited_by', name=escape(claim.edited_by))).strip()}*"


def notes(outline: Outline, claim: Claim) -> str:
    """The footnote marks of a claim's sources, after a space."""
    marks = "".join(f"[^{outline.numbers[id_]}]" for id_ in claim.evidence)
    return f" {marks}" if marks else ""


def _by_id(outline: Outline, claim_id: str, text: str) -> str:
    claim = outline.claims.get(claim_id)
    return mark(outline, claim) if claim is not None else escape(text)


def _proposals(outline: Outline) -> Lines:
    view, labels = outline.package.sections.proposals.data, outline.labels
    if view is None:
        return []
    lines: Lines = []
    if RecommendationKind.GOAL not in outline.plan:
        lines += [labels.pair(f"**{labels.name(RecommendationKind.GOAL)}**", escape(view.goal)), ""]
    for kind, found in outline.plan.items():
        lines += [f"**{labels.name(kind)}**", *bullets(_recommendation(outline, each) for each in found)]
        if kind is RecommendationKind.OFFER:
            lines += _offers(outline, view.offers)
    if RecommendationKind.OFFER not in outline.plan:
        lines += _offers(outline, view.offers)
    return lines


def _recommendation(outline: Outline, given: Recommendation) -> str:
    before = f"**{outline.labels('minutes', count=given.minutes)}** " if given.minutes else ""
    text = _by_id(outline, given.claim, given.text)
    name = escape(outline.person(given.person)) if given.person else ""
    return before + (outline.labels.pair(f"**{name}**", text) if name else text)


def _offers(outline: Outline, offers: tuple[Offer, ...]) -> Lines:
    labels, money = outline.labels, outline.labels.filters["money"]
    number = labels.filters["number"]
    head = [labels(f"col_{name}") for name in ("product", "quantity", "list", "offer", "total", "approval")]
    rows = [
        (
            escape(offer.product),
            number(offer.quantity),
            money(offer.list_price),
            money(offer.unit_price),
            money(offer.total),
            labels("needs_approval" if offer.needs_approval else "within_policy"),
        )
        for offer in offers
    ]
    return table(head, rows, right=(1, 2, 3, 4)) if rows else []


def _risks(outline: Outline) -> Lines:
    view, labels = outline.package.sections.risks.data, outline.labels
    if view is None:
        return []
    lines = bullets(
        f"{labels.pair(f'**{labels.name(risk.severity)}**', _by_id(outline, risk.claim, risk.text))}"
        f" *{labels.pair(labels('clears_when'), escape(risk.clears_when))}*"
        for risk in view.risks
    )
    if not lines:
        lines = [labels("no_risks"), ""]
    return [*lines, labels("rules_checked", checked=len(view.checked), unchecked=len(view.not_checked)), ""]


def _people(outline: Outline, rows_shown: int = _ROWS) -> Lines:
    view, labels = outline.package.sections.influence_map.data, outline.labels
    if view is None:
        return []
    percent, date = labels.filters["percent"], labels.filters["date"]
    head = [labels(f"col_{name}") for name in ("name", "role", "stance", "influence", "last_seen")]
    rows = []
    for person in view.people[:rows_shown]:
        name = labels.apposition(*(escape(part) for part in (person.name, person.title) if part))
        left = "" if person.active else labels.aside(labels("left_company"))
        role = labels.name(person.main_role) if person.main_role else "–"
        share = labels("influence_range", low=person.influence_low, high=person.influence_high)
        seen = date(person.last_seen) if person.last_seen else "–"
        rows.append(
            (name + left, role, labels.name(person.stance), percent(person.influence, 0) + labels.aside(share), seen)
        )
    lines = table(head, rows, right=(3,)) if rows else [labels("nothing_found"), ""]
    if view.missing_roles:
        lines += [labels("missing_roles", roles=[labels.name(role) for role in view.missing_roles]), ""]
    return lines


def _stage(outline: Outline) -> Lines:
    view, labels = outline.package.sections.stage.data, outline.labels
    if view is None:
        return []
    percent = labels.filters["percent"]
    names = [labels.name(stage) for stage, _share in outline.distribution]
    shares = [percent(share, 0) for _stage, share in outline.distribution]
    facts = [labels("confidence", share=view.confidence), labels("urgency", share=view.urgency)]
    return [*table(names, [shares], right=range(len(names))), " · ".join(facts), ""]


def _stock(outline: Outline) -> Lines:
    view, labels = outline.package.sections.stock.data, outline.labels
    if view is None:
        return []
    number, date, money = (labels.filters[name] for name in ("number", "date", "money"))
    percent: Callable[[Decimal], str] = labels.filters["percent"]
    unknown = labels("not_known")
    covers = [
        (
            escape(cover.product),
            number(cover.needed),
            number(cover.available),
            labels("incoming_on", count=cover.incoming, day=cover.incoming_on)
            if cover.incoming_on
            else number(cover.incoming),
            f"**{number(cover.short_by)}**" if cover.short_by > 0 else "0",
            date(cover.ready_on) if cover.ready_on else unknown,
        )
        for cover in view.covers
    ]
    quotes = [
        (
            escape(quote.product),
            number(quote.quantity),
            money(quote.unit_price),
            money(quote.floor_rep) + labels.aside(f"−{percent(quote.max_discount_rep)}"),
            money(quote.floor_approved) + labels.aside(f"−{percent(quote.max_discount_approved)}"),
            percent(quote.asked_discount) if quote.asked_discount is not None else "–",
            escape(quote.play or "–"),
        )
        for quote in view.quotes
    ]
    stock_head = [labels(f"col_{name}") for name in ("product", "needed", "available", "incoming", "short", "ready")]
    price_head = [
        labels(f"col_{name}")
        for name in ("product", "quantity", "list", "floor_rep", "floor_approved", "asked", "play")
    ]
    return [
        *(table(stock_head, covers, right=(1, 2, 3, 4)) if covers else []),
        *(table(price_head, quotes, right=(1, 2, 3, 4, 5)) if quotes else []),
    ]


def _approval(outline: Outline) -> Lines:
    view, labels = outline.package.sections.approval_path.data, outline.labels
    if view is None:
        return []
    money, date = labels.filters["money"], labels.filters["date"]
    lines: Lines = []
    for place, steps in outline.steps:
        side_by_side = [
            labels.pair(
                f"**{escape(step.approver)}**{labels.aside(labels.name(step.department))}",
                escape(step.reason) + (notes(outline, claim) if claim else ""),
            )
            for step, claim in steps
        ]
        # Written out, since readers of Markdown count numbered lists anew and steps may be left out.
        lines += [f"- **{labels('step', number=place)}** · {labels.chain(side_by_side)}"]
    lines = [*lines, ""] if lines else [labels("no_approval"), ""]
    head = [labels(f"col_{name}") for name in ("contract", "value", "ends")]
    rows = [
        (
            escape(term.title) + (labels.aside(escape(term.number)) if term.number else ""),
            money(term.value) if term.value else "–",
            date(term.ends_on) if term.ends_on else labels("open_ended"),
        )
        for term in view.contracts
    ]
    return [*lines, *(table(head, rows, right=(1,)) if rows else [])]


def _competitors(outline: Outline) -> Lines:
    view, labels = outline.package.sections.competitors.data, outline.labels
    if view is None or not view.active:
        return []
    return [labels("active_competitors", names=[escape(name) for name in view.active]), ""]


def _resources(outline: Outline) -> Lines:
    view, labels = outline.package.sections.resources.data, outline.labels
    if view is None:
        return []
    experts = (
        labels.pair(f"**{escape(expert.name)}**", escape(labels.chain((*expert.reasons, *expert.conflicts))))
        for expert in outline.uncited(Section.RESOURCES, view.experts)
    )
    references = (
        labels.pair(
            f"**{escape(case.customer)}**"
            + labels.aside(labels("may_show" if case.show_to_customer else "may_not_show")),
            escape(labels.chain((*case.reasons, case.terms))),
        )
        for case in outline.uncited(Section.RESOURCES, view.references)
    )
    return [*bullets(experts), *bullets(references)]


def _history(outline: Outline) -> Lines:
    view, labels = outline.package.sections.history.data, outline.labels
    if view is None or not view.total or view.first_at is None or view.last_at is None:
        return []
    date = labels.filters["date"]
    moments = (
        labels.pair(
            labels.apposition(date(moment.at), labels.name(moment.form)), labels("quoted", text=escape(moment.quote))
        )
        for moment in outline.uncited(Section.HISTORY, view.moments)
    )
    return [
        labels("exchanges", total=view.total, first=view.first_at, last=view.last_at),
        *bullets(moments),
    ]


SECTIONS: dict[Section, Callable[[Outline], Lines]] = {
    Section.HISTORY: _history,
    Section.STAGE: _stage,
    Section.COMPETITORS: _competitors,
    Section.STOCK: _stock,
    Section.APPROVAL_PATH: _approval,
    Section.PROPOSALS: _proposals,
    Section.INFLUENCE_MAP: _people,
    Section.RISKS: _risks,
    Section.RESOURCES: _resources,
}

BRIEF_SECTIONS: dict[Section, Callable[[Outline], Lines]] = {
    Section.PROPOSALS: _proposals,
    Section.RISKS: _risks,
    Section.INFLUENCE_MAP: partial(_people, rows_shown=_FEW_ROWS),
    Section.STAGE: _stage,
    Section.STOCK: _stock,
    Section.APPROVAL_PATH: _approval,
}
