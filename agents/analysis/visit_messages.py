"""What to tell whom: a message per person, answers to objections, a line against the competitor."""

from agents.analysis.advice import Advice
from agents.analysis.quoting import quoted
from agents.analysis.visit_facts import VisitFacts
from core.domain.contracts import Department
from core.domain.views.people import BuyingRole, Stakeholder
from core.domain.views.proposals import RecommendationKind
from core.domain.views.stage import Signal
from core.text import normalise_name

_MESSAGE = RecommendationKind.MESSAGE
_MOST_PEOPLE = 4
_TOP_PEOPLE = 3
_SILENT_DAYS = 42
_MOST_ANSWERS = 2


def plan_messages(advice: Advice, facts: VisitFacts) -> None:
    """One message per attendee, or per most influential person when nobody is named."""
    by_name = {normalise_name(person.name): person for person in reversed(facts.people.people)}
    named = [name for name in dict.fromkeys(facts.attendees) if name.strip()]
    found = [(name, by_name.get(normalise_name(name))) for name in named[:_MOST_PEOPLE]]
    if not named:
        found = [(person.name, person) for person in _leading(facts.people.people)]
    for name, person in found:
        if person is None:
            advice.add(_MESSAGE, "message_unknown", [], name=quoted(name, 60))
        elif not person.active:
            advice.add(_MESSAGE, "message_left", person.evidence, person=person.id, name=quoted(person.name, 60))
        else:
            _message(advice, facts, person)


def _message(advice: Advice, facts: VisitFacts, person: Stakeholder) -> None:
    role = person.main_role
    needs = [signal for signal in facts.needs if advice.knows(f"need_{signal.label}")]
    advice.add(
        _MESSAGE,
        f"message_{role}" if role else "message_any",
        [*person.evidence[:3], *(signal.evidence for signal in needs[:1])],
        person=person.id,
        name=quoted(person.name, 60),
        title=quoted(person.title, 60) if person.title else None,
        need=advice.say(f"need_{needs[0].label}") if needs else None,
        stance=advice.say(f"stance_{person.stance}"),
        seen=_seen(advice, facts, person),
    )


def _leading(people: tuple[Stakeholder, ...]) -> list[Stakeholder]:
    """The most influential active person of each buying role."""
    by_role: dict[BuyingRole | None, Stakeholder] = {}
    for person in people:
        if person.active:
            by_role.setdefault(person.main_role, person)
    return list(by_role.values())[:_TOP_PEOPLE]


def _seen(advice: Advice, facts: VisitFacts, person: Stakeholder) -> str | None:
    """When we last heard from the person, if that is known."""
    if person.last_seen is None or person.last_seen.date() > facts.today:
        return None
    days = (facts.today - person.last_seen.date()).days
    return advice.say("seen_long_ago" if days > _SILENT_DAYS else "seen", on=person.last_seen, days=days)


def plan_answers(advice: Advice, facts: VisitFacts) -> None:
    """Answers to the objections the customer named, from what is true on our side."""
    known = [signal for signal in facts.objections if advice.knows(f"answer_{signal.label}")]
    for signal in known[:_MOST_ANSWERS]:
        sources, departments = _grounds(facts, signal.label)
        quote = facts.main_quote
        advice.add(
            _MESSAGE,
            f"answer_{signal.label}",
            [signal.evidence, *sources],
            departments=departments,
            said=_said(advice, signal),
            play=quoted(quote.play, 160).rstrip(".。") if quote and quote.play else None,
            rep=quote.max_discount_rep if quote and quote.max_discount_rep > 0 else None,
            enough=bool(facts.operations.covers) and facts.short is None,
        )


def plan_deadline(advice: Advice, facts: VisitFacts) -> None:
    """What to say when the goods cannot be there on the day the customer named."""
    deadline, cover = facts.deadline, facts.cover
    late = deadline.days_late(cover) if deadline else None
    if deadline is None or cover is None or late is None:
        return
    advice.add(
        _MESSAGE,
        "deadline_late",
        [deadline.said.evidence, *cover.evidence[:4]],
        departments=[Department.SUPPLY_CHAIN],
        late_product=cover.product,
        needed_by=deadline.by,
        earliest=cover.ready_on,
        late=late,
        said=_said(advice, deadline.said),
    )


def _said(advice: Advice, signal: Signal) -> str:
    """The sentence with who says it: the customer, or only our records."""
    quote = quoted(signal.quote, 120).rstrip(".。;；")
    return advice.say("said_reported" if signal.reported else "said", quote=quote, said_on=signal.at)


def _grounds(facts: VisitFacts, label: str) -> tuple[list[str], list[Department]]:
    """Evidence behind an answer, and who must agree to what it promises."""
    quote, short = facts.main_quote, facts.short
    references = [case.evidence for case in facts.resources.references if case.show_to_customer][:1]
    if label == "price":
        return list(quote.evidence[:3]) if quote else [], [Department.FINANCE]
    if label == "delivery":
        covers = [short] if short else list(facts.operations.covers[:1])
        return [cited for cover in covers for cited in cover.evidence[:3]], [Department.SUPPLY_CHAIN]
    if label == "contract":
        return [term.evidence for term in facts.operations.contracts[:1]], [Department.LEGAL, Department.FINANCE]
    experts = [expert.evidence for expert in facts.resources.experts[:1]]
    return references + experts, []


def plan_rival(advice: Advice, facts: VisitFacts) -> None:
    """A talking point against the competitor that is in play."""
    active = {normalise_name(name) for name in facts.market.active}
    moves = facts.market.moves
    move = next((move for move in moves if normalise_name(move.competitor) in active), None) or next(iter(moves), None)
    if move is not None:
        advice.add(
            _MESSAGE,
            f"rival_{move.move}",
            move.evidence,
            rival=quoted(move.competitor, 60),
            news=quoted(move.title, 120),
            at=move.at,
        )
    elif facts.market.active:
        signals = facts.stage.competitors if facts.stage else ()
        cited = [signal.evidence for signal in signals if normalise_name(signal.label) in active][:2]
        advice.add(_MESSAGE, "rival_named", cited)
