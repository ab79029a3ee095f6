"""The typed data of each section on paper."""

from collections.abc import Callable
from typing import Any

from reportlab.platypus import Flowable, Spacer

from core.domain.claims import Section
from core.domain.packages import ApprovalView, StockView
from core.domain.views.history import HistoryView
from core.domain.views.market import MarketView
from core.domain.views.people import InfluenceMap
from core.domain.views.proposals import Offer, ProposalsView, Recommendation, RecommendationKind
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView
from hub.rendering.pdf.claims import Sentences
from hub.rendering.pdf.drawings import influence_drawing, stage_bars, stage_history

Flowables = list[Flowable]


def _proposals(says: Sentences, view: ProposalsView) -> Flowables:
    outline, sheet, labels = says.outline, says.sheet, says.outline.labels
    found: Flowables = []
    if RecommendationKind.GOAL not in outline.plan:
        found.append(sheet.paragraph(sheet.markup(view.goal)))
    for kind, given in outline.plan.items():
        found.append(sheet.paragraph(sheet.markup(labels.name(kind)), "h3"))
        found += sheet.bullets(_recommendation(says, each) for each in given)
        if kind is RecommendationKind.OFFER:
            found += _offers(says, view.offers)
    if RecommendationKind.OFFER not in outline.plan:
        found += _offers(says, view.offers)
    return found


def _recommendation(says: Sentences, given: Recommendation) -> str:
    sheet, labels = says.sheet, says.outline.labels
    before = f"{sheet.strong(labels('minutes', count=given.minutes))} " if given.minutes else ""
    name = says.outline.person(given.person) if given.person else ""
    if name:
        before += sheet.strong(labels.pair(name, ""))
    return before + says.by_id(given.claim, given.text)


def _offers(says: Sentences, offers: tuple[Offer, ...]) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    money, number = labels.filters["money"], labels.filters["number"]
    head = [labels(f"col_{name}") for name in ("product", "quantity", "list", "offer", "total", "approval")]
    rows = (
        (
            sheet.markup(offer.product),
            sheet.markup(number(offer.quantity)),
            sheet.markup(money(offer.list_price)),
            sheet.strong(money(offer.unit_price)),
            sheet.markup(money(offer.total)),
            sheet.markup(labels("needs_approval" if offer.needs_approval else "within_policy")),
        )
        for offer in offers
    )
    return sheet.table(head, rows, (1, 2, 3, 4))


def _risks(says: Sentences, view: RisksView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    found: Flowables = []
    for risk in view.risks:
        named = sheet.strong(labels.pair(labels.name(risk.severity), ""))
        found.append(sheet.paragraph(named + says.by_id(risk.claim, risk.text), "item", "•"))
        clears = labels.pair(labels("clears_when"), risk.clears_when)
        found.append(sheet.paragraph(sheet.markup(clears), "quote"))
    if not view.risks:
        found.append(sheet.paragraph(sheet.markup(labels("no_risks"))))
    checked = labels("rules_checked", checked=len(view.checked), unchecked=len(view.not_checked))
    return [*found, sheet.paragraph(sheet.markup(checked), "soft")]


def _people(says: Sentences, view: InfluenceMap) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    if not view.people:
        return [sheet.paragraph(sheet.markup(labels("nothing_found")), "soft")]
    percent, date = labels.filters["percent"], labels.filters["date"]
    head = [labels(f"col_{name}") for name in ("name", "role", "stance", "influence", "last_seen")]
    rows = []
    for person in view.people:
        name = sheet.strong(person.name)
        if person.title:
            name += f"<br/>{sheet.soft(person.title)}"
        if not person.active:
            name += sheet.soft(labels.aside(labels("left_company")))
        share = labels("influence_range", low=person.influence_low, high=person.influence_high)
        rows.append(
            (
                name,
                sheet.markup(labels.name(person.main_role) if person.main_role else "–"),
                sheet.markup(labels.name(person.stance)),
                f"{sheet.strong(percent(person.influence, 0))}<br/>{sheet.soft(share)}",
                sheet.markup(date(person.last_seen) if person.last_seen else "–"),
            )
        )
    note = sheet.paragraph(sheet.markup(labels("interval_note")), "soft")
    found: Flowables = [influence_drawing(view, labels, sheet), note, *sheet.table(head, rows, (3,))]
    if view.missing_roles:
        missing = labels("missing_roles", roles=[labels.name(role) for role in view.missing_roles])
        found.append(sheet.paragraph(sheet.markup(missing)))
    return found


def _stage(says: Sentences, view: StageView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    found: Flowables = [stage_bars(view, says.outline.distribution, labels, sheet), Spacer(1, 4)]
    sure = f"{labels('confidence', share=view.confidence)} · {labels('urgency', share=view.urgency)}"
    found.append(sheet.paragraph(sheet.markup(sure), "soft"))
    history = stage_history(view, labels, sheet)
    if history is not None:
        found += [sheet.paragraph(sheet.markup(labels("stage_history")), "h3"), history]
    return found


def _stock(says: Sentences, view: StockView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    number, date, money, percent = (labels.filters[name] for name in ("number", "date", "money", "percent"))
    head = [labels(f"col_{name}") for name in ("product", "needed", "available", "incoming", "short", "ready")]
    covers = [
        (
            sheet.markup(cover.product),
            sheet.markup(number(cover.needed)),
            sheet.markup(number(cover.available)),
            sheet.markup(
                labels("incoming_on", count=cover.incoming, day=cover.incoming_on)
                if cover.incoming_on
                else number(cover.incoming)
            ),
            (sheet.strong if cover.short_by > 0 else sheet.markup)(number(cover.short_by)),
            sheet.markup(date(cover.ready_on) if cover.ready_on else labels("not_known")),
        )
        for cover in view.covers
    ]
    names = ("product", "quantity", "list", "floor_rep", "floor_approved", "asked", "play")
    quotes = [
        (
            sheet.markup(quote.product),
            sheet.markup(number(quote.quantity)),
            sheet.markup(money(quote.unit_price)),
            f"{sheet.markup(money(quote.floor_rep))}<br/>{sheet.soft('−' + percent(quote.max_discount_rep))}",
            f"{sheet.markup(money(quote.floor_approved))}<br/>{sheet.soft('−' + percent(quote.max_discount_approved))}",
            sheet.markup("–" if quote.asked_discount is None else percent(quote.asked_discount)),
            sheet.markup(quote.play or "–"),
        )
        for quote in view.quotes
    ]
    found: Flowables = []
    if covers:
        found += [sheet.paragraph(sheet.markup(labels("stock")), "h3"), *sheet.table(head, covers, (1, 2, 3, 4))]
    if quotes:
        found.append(sheet.paragraph(sheet.markup(labels("prices")), "h3"))
        found += sheet.table([labels(f"col_{name}") for name in names], quotes, (1, 2, 3, 4, 5))
    return found


def _approval(says: Sentences, view: ApprovalView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    money, date = labels.filters["money"], labels.filters["date"]
    found: Flowables = []
    for place, steps in says.outline.steps:
        for step, claim in steps:
            who = sheet.strong(step.approver) + sheet.markup(labels.aside(labels.name(step.department)))
            why = sheet.markup(labels.pair("", step.reason)) + (says.marks(claim) if claim else "")
            found.append(sheet.paragraph(who + why, "item", f"{place}."))
    if not found:
        found.append(sheet.paragraph(sheet.markup(labels("no_approval"))))
    rows = [
        (
            sheet.markup(term.title + (labels.aside(term.number) if term.number else "")),
            sheet.markup(money(term.value) if term.value else "–"),
            sheet.markup(date(term.ends_on) if term.ends_on else labels("open_ended")),
        )
        for term in view.contracts
    ]
    if rows:
        found.append(sheet.paragraph(sheet.markup(labels("contracts")), "h3"))
    return [*found, *sheet.table([labels(f"col_{name}") for name in ("contract", "value", "ends")], rows, (1,))]


def _competitors(says: Sentences, view: MarketView) -> Flowables:
    if not view.active:
        return []
    return [says.sheet.paragraph(says.sheet.markup(says.outline.labels("active_competitors", names=view.active)))]


def _resources(says: Sentences, view: ResourcesView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    items = [
        sheet.strong(labels.pair(expert.name, "")) + sheet.markup(labels.chain((*expert.reasons, *expert.conflicts)))
        for expert in says.outline.uncited(Section.RESOURCES, view.experts)
    ]
    for case in says.outline.uncited(Section.RESOURCES, view.references):
        shown = labels.aside(labels("may_show" if case.show_to_customer else "may_not_show"))
        told = labels.pair("", labels.chain((*case.reasons, case.terms)))
        items.append(sheet.strong(case.customer) + sheet.markup(shown + told))
    return sheet.bullets(items)


def _history(says: Sentences, view: HistoryView) -> Flowables:
    sheet, labels = says.sheet, says.outline.labels
    found: Flowables = []
    if view.total and view.first_at and view.last_at:
        told = labels("exchanges", total=view.total, first=view.first_at, last=view.last_at)
        found.append(sheet.paragraph(sheet.markup(told), "soft"))
    for moment in says.outline.uncited(Section.HISTORY, view.moments):
        when = f"{labels.filters['date'](moment.at)} · {labels.name(moment.form)}"
        found += [sheet.paragraph(sheet.markup(when), "soft"), sheet.paragraph(sheet.markup(moment.quote), "quote")]
    return found


SECTIONS: dict[Section, Callable[[Sentences, Any], Flowables]] = {
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
