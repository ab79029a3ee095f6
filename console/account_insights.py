"""What the specialists make of a customer: risks, people, the buying stage, and why each sentence is believed."""

from collections.abc import Callable, Sequence

from nicegui import ui

from console.account_view import AccountView
from console.elements import Tag, chip, note
from console.figures import show_influence, show_stage_history
from core.domain.claims import ClaimState
from core.domain.views.people import InfluenceMap
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView
from hub.accounts.profile import Belief

_SIGNALS = 4


def show_risks(view: AccountView, given: RisksView) -> None:
    """Warnings, gravest first, each with what would clear it."""
    if not given.risks:
        note(view.say("no_risks"))
    for risk in given.risks:
        with ui.element("div").classes(f"risk {risk.severity}"):
            with Tag("p"):
                chip(view.names.name(risk.severity), risk.severity)
                Tag("span", risk.text)
                view.why(view.profile.warnings.get(risk.claim))
            with Tag("p", classes="soft"):
                Tag("strong", view.names.pair(view.names("clears_when"), ""))
                Tag("span", risk.clears_when)


def show_people(view: AccountView, given: InfluenceMap) -> None:
    """The influence map with the people, and which roles nobody fills."""
    if not given.people:
        note(view.say("no_people"))
        return
    show_influence(view.names, given, view.drawer.show_person)
    if given.missing_roles:
        roles = [view.names.name(role) for role in given.missing_roles]
        chip(view.names("missing_roles", roles=roles), "medium")


def show_stage(view: AccountView, given: StageView) -> None:
    """Where the buyer stands, how that changed, and the newest words that show it."""
    names = view.names
    percent = names.filters["percent"]
    with ui.element("div").classes("bars"):
        for stage, share in given.distribution.items():
            top = "top" if stage is given.likeliest else ""
            Tag("span", names.name(stage), top)
            with Tag("span", classes="bar").style(f"--c: var(--{stage})"):
                Tag("i").style(f"width: {share * 100:.1f}%")
            Tag("span", percent(share, 0), f"n {top}")
    note(" · ".join((names("confidence", share=given.confidence), names("urgency", share=given.urgency))))
    show_stage_history(names, given)
    said = [*given.urgency_signals, *given.objections, *given.competitors, *given.needs]
    if said:
        Tag("h3", view.say("signals"))
    for signal in sorted(said, key=lambda signal: signal.at, reverse=True)[:_SIGNALS]:
        with Tag("figure", classes="quoted"):
            Tag("blockquote", signal.quote)
            Tag("figcaption", " · ".join((names.name(signal.kind), names.filters["date"](signal.at))), "soft")


def show_beliefs(view: AccountView, beliefs: Sequence[Belief], name_of: Callable[[str], str]) -> None:
    """What is concluded, by specialist, with how long it holds and why it is believed."""
    note(view.say("beliefs_hint"))
    for place, agent in enumerate(dict.fromkeys(belief.agent for belief in beliefs)):
        mine = [belief for belief in beliefs if belief.agent == agent]
        with Tag("details", classes="group").props("open" if place == 0 else ""):
            with Tag("summary"):
                Tag("span", name_of(agent))
                Tag("span", str(len(mine)), "soft count")
            with Tag("ul", classes="beliefs"):
                for belief in mine:
                    _belief(view, belief)


def _belief(view: AccountView, belief: Belief) -> None:
    claim = belief.claim
    with Tag("li"):
        with ui.element("div"):
            Tag("span", claim.text)
            if claim.state is not ClaimState.SUPPORTED:
                Tag("span", view.names.name(claim.state), f"state {claim.state}")
            held = " · ".join(_held(view, belief))
            if held:
                Tag("div", held, "soft")
        view.why(claim)


def _held(view: AccountView, belief: Belief) -> list[str]:
    parts = []
    if belief.valid_from or belief.valid_to:
        parts.append(view.say("valid", text=view.term(belief.valid_from, belief.valid_to)))
    if belief.said_at:
        parts.append(view.say("said_on", day=belief.said_at))
    if belief.as_of:
        parts.append(view.say("as_of", day=belief.as_of))
    return parts
