"""The typed data of each section on the screen."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from console.drawer import Drawer
from console.elements import Tag, chip, note
from console.figures import show_influence, show_stage_history
from console.tables import show_contracts, show_covers, show_offers, show_quotes
from core.domain.claims import Claim, ClaimState, Section
from core.domain.packages import ApprovalView, StockView
from core.domain.views.history import HistoryView
from core.domain.views.market import MarketView
from core.domain.views.people import InfluenceMap
from core.domain.views.proposals import ProposalsView, RecommendationKind
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView
from hub.rendering.labels import Labels
from hub.rendering.outline import Outline


@dataclass(frozen=True)
class View:
    """What drawing a section needs: the outline, the drawer of sources, and the console's own words."""

    outline: Outline
    drawer: Drawer
    say: Labels

    @property
    def labels(self) -> Labels:
        """Words in the package's language."""
        return self.outline.labels

    def claims(self, claims: Iterable[Claim]) -> None:
        """A list of claims."""
        found = list(claims)
        if found:
            with Tag("ul", classes="claims"):
                for claim in found:
                    with Tag("li"):
                        self.claim(claim)

    def claim(self, claim: Claim) -> None:
        """A claim, its state where it is not plainly supported, and the mark that opens its sources."""
        labels = self.labels
        Tag("span", claim.text)
        if claim.state is ClaimState.INFERRED:
            Tag("span", labels.name(claim.state), "state")
        if claim.state is ClaimState.UNSUPPORTED:
            chip(labels.name(claim.state), claim.state)
        if claim.edited_by is not None:
            Tag("span", labels("edited_by", name=claim.edited_by), "state")
        self.mark(claim)

    def mark(self, claim: Claim) -> None:
        """The mark that opens a claim's sources; nothing when it has none."""
        if claim.evidence:
            mark = Tag("button", self.outline.numbers_of(claim), "mark")
            mark.on("click", lambda: self.drawer.show_claim(claim))
            mark.props["aria-label"] = self.labels("sources_of", count=len(claim.evidence))

    def by_id(self, claim_id: str, text: str) -> None:
        """The claim with that id, or the bare text when the package does not hold it."""
        claim = self.outline.claims.get(claim_id)
        if claim is not None:
            self.claim(claim)
        else:
            Tag("span", text)


def _proposals(view: View, plan: ProposalsView) -> None:
    if RecommendationKind.GOAL not in view.outline.plan:
        Tag("p", plan.goal, "goal")
    for kind, found in view.outline.plan.items():
        if kind is not RecommendationKind.GOAL:
            Tag("h3", view.labels.name(kind))
        for each in found:
            who = view.outline.person(each.person) if each.person else None
            if each.minutes:
                who = view.labels("minutes", count=each.minutes)
            with ui.element("div").classes("goal") if kind is RecommendationKind.GOAL else _item(who):
                view.by_id(each.claim, each.text)
        if kind is RecommendationKind.OFFER:
            show_offers(view.labels, plan.offers)
    if RecommendationKind.OFFER not in view.outline.plan:
        show_offers(view.labels, plan.offers)


def _risks(view: View, given: RisksView) -> None:
    labels = view.labels
    for risk in given.risks:
        with ui.element("div").classes(f"risk {risk.severity}"):
            with Tag("p"):
                chip(labels.name(risk.severity), risk.severity)
                view.by_id(risk.claim, risk.text)
            with Tag("p", classes="soft"):
                Tag("strong", labels("clears_when"))
                Tag("span", f" {risk.clears_when}")
    if not given.risks:
        note(labels("no_risks"))
    note(labels("rules_checked", checked=len(given.checked), unchecked=len(given.not_checked)))


def _people(view: View, given: InfluenceMap) -> None:
    labels = view.labels
    if not given.people:
        note(labels("nothing_found"))
        return

    show_influence(labels, given, view.drawer.show_person)
    if given.missing_roles:
        chip(labels("missing_roles", roles=[labels.name(role) for role in given.missing_roles]), "medium")


def _stage(view: View, given: StageView) -> None:
    labels = view.labels
    percent = labels.filters["percent"]
    with ui.element("div").classes("bars"):
        for stage, share in view.outline.distribution:
            top = "top" if stage is given.likeliest else ""
            Tag("span", labels.name(stage), top)
            with Tag("span", classes="bar").style(f"--c: var(--{stage})"):
                Tag("i").style(f"width: {share * 100:.1f}%")
            Tag("span", percent(share, 0), f"n {top}")
    note(f"{labels('confidence', share=given.confidence)} · {labels('urgency', share=given.urgency)}")
    show_stage_history(labels, given)


def _stock(view: View, given: StockView) -> None:
    show_covers(view.labels, given.covers)
    show_quotes(view.labels, given.quotes)


def _approval(view: View, given: ApprovalView) -> None:
    labels = view.labels
    if not given.steps:
        note(labels("no_approval"))
    else:
        with Tag("ol", classes="steps"):
            for place, steps in view.outline.steps:
                with Tag("li").props(f"data-step={place}"):
                    for step, claim in steps:
                        with ui.element("div"):
                            Tag("strong", step.approver)
                            chip(labels.name(step.department), "plain")
                            Tag("span", step.reason, "soft")
                            if claim is not None:
                                view.mark(claim)
    show_contracts(labels, given.contracts)


def _competitors(view: View, given: MarketView) -> None:
    if given.active:
        chip(view.labels("active_competitors", names=given.active), "medium")


def _resources(view: View, given: ResourcesView) -> None:
    labels = view.labels
    for expert in view.outline.uncited(Section.RESOURCES, given.experts):
        with _item(expert.name):
            Tag("span", labels.chain(expert.reasons))
            if expert.conflicts:
                chip(labels.chain(expert.conflicts), "stale")
    for case in view.outline.uncited(Section.RESOURCES, given.references):
        with _item(case.customer):
            shown = case.show_to_customer
            chip(labels("may_show" if shown else "may_not_show"), "" if shown else "stale")
            Tag("span", f" {labels.chain(case.reasons)} ")
            Tag("span", case.terms, "soft")


@contextmanager
def _item(lead: str | None) -> Iterator[None]:
    with ui.element("div").classes("item" if lead else "point"):
        if lead:
            Tag("strong", lead, "lead")
        with ui.element("div"):
            yield


def _history(view: View, given: HistoryView) -> None:
    labels = view.labels
    if given.total and given.first_at and given.last_at:
        note(labels("exchanges", total=given.total, first=given.first_at, last=given.last_at))
    for moment in view.outline.uncited(Section.HISTORY, given.moments):
        note(f"{labels.filters['date'](moment.at)} · {labels.name(moment.form)}")
        Tag("blockquote", moment.quote)


SECTIONS: dict[Section, Callable[[View, Any], None]] = {
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
