"""The goal of a visit and its agenda, from where the buyer stands and what stands in the way."""

import re

from agents.analysis.advice import Advice
from agents.analysis.quoting import quoted
from agents.analysis.visit_facts import VisitFacts
from agents.analysis.visit_topics import Topic, find_topics, grounds_of, is_about_a_deal, readers_of
from core.domain.contracts import Department
from core.domain.views.proposals import RecommendationKind
from core.domain.views.risks import Severity

# What a manager's own words about the purpose may ask for, before the stage decides.
_PURPOSES = {
    "service": re.compile(r"complain|outage|service problem|escalat|投诉|故障|抱怨|停机|售后", re.IGNORECASE),
    "renewal": re.compile(
        r"renew|extension|extend the|frame(?:work)? agreement|框架协议|框架合同|续约|续签|到期", re.IGNORECASE
    ),
    "introduction": re.compile(r"introduc|first visit|get to know|kick.?off|初次|首次拜访|认识", re.IGNORECASE),
}


def plan_goal(advice: Advice, facts: VisitFacts) -> str:
    """Add the goal of the visit and return its sentence."""
    asked = next((kind for kind, pattern in _PURPOSES.items() if pattern.search(facts.purpose)), None)
    if asked == "renewal" and is_about_a_deal(facts.purpose):
        asked = None
    stage = facts.buying_stage
    kind = asked or (str(stage) if stage else "general")
    obstacle, sources = _obstacle(advice, facts)
    if facts.stage:
        sources += [signal.evidence for signal in facts.needs[:1]]
    if facts.deal:
        sources.append(facts.deal.evidence)
    if facts.ending and kind == "renewal":
        sources.append(facts.ending.evidence)
    need = next((advice.say(f"need_{each.label}") for each in facts.needs if advice.knows(f"need_{each.label}")), None)
    departments = [Department.LEGAL] if kind == "renewal" and facts.ending else []
    goal = advice.add(
        RecommendationKind.GOAL, f"goal_{kind}", sources, departments=departments, obstacle=obstacle, need=need
    )
    return goal.text


def plan_agenda(advice: Advice, facts: VisitFacts) -> None:
    """Add the agenda, with one point per topic of the purpose; together they take 45 to 90 minutes."""
    topics = find_topics(facts.purpose)
    agenda = RecommendationKind.AGENDA
    sources = [facts.deal.evidence] if facts.deal else []
    people = [quoted(name, 60) for name in facts.attendees[:5] if name.strip()]
    advice.add(agenda, "agenda_open", [], minutes=5 if topics else 10, people=people)
    need = next((each for each in facts.needs if not each.reported), None)
    stage = str(facts.buying_stage or "general")
    advice.add(
        agenda,
        f"agenda_{stage}",
        [*([need.evidence] if need else []), *sources],
        minutes=15 if topics else 20,
        need_quote=quoted(need.quote, 120).rstrip(".。;；") if need else None,
    )
    objections = [each for each in facts.objections if advice.knows(f"objection_{each.label}")]
    if objections:
        concerns = [advice.say(f"objection_{each.label}") for each in objections[:2]]
        cited = [each.evidence for each in objections[:2]]
        said_on = max(each.at for each in objections[:2])
        minutes = 10 if topics else 15
        advice.add(agenda, "agenda_objection", cited, minutes=minutes, topics=concerns, said_on=said_on)
    for topic in topics:
        departments = readers_of(topic)
        advice.add(agenda, f"agenda_topic_{topic}", grounds_of(topic, facts), minutes=10, departments=departments)
    if facts.operations.quotes and not {Topic.PRICE, Topic.DELIVERY} & set(topics):
        quotes = facts.operations.quotes
        short = facts.short
        departments = [Department.FINANCE, *([Department.SUPPLY_CHAIN] if short else [])]
        cited = [*quotes[0].evidence[:2], *(short.evidence[:2] if short else ())]
        advice.add(agenda, "agenda_commercial", cited, minutes=15, departments=departments)
    advice.add(agenda, "agenda_close", sources, minutes=5 if topics else 10)


def _obstacle(advice: Advice, facts: VisitFacts) -> tuple[str | None, list[str]]:
    """What stands most in the way, with its evidence.

    A day the customer named and we miss, else a named objection, else short stock, else a grave risk.
    """
    deadline, cover = facts.deadline, facts.cover
    late = deadline.days_late(cover) if deadline else None
    if deadline and cover and late:
        words = {"needed_by": deadline.by, "earliest": cover.ready_on, "late": late}
        return advice.say("obstacle_deadline", **words), [deadline.said.evidence, *cover.evidence[:2]]
    grave = [risk for risk in facts.risks.risks if risk.severity is Severity.HIGH]
    for signal in facts.objections:
        if advice.knows(f"objection_{signal.label}"):
            return advice.say(f"objection_{signal.label}"), [signal.evidence]
    if facts.short:
        return advice.say("obstacle_stock"), list(facts.short.evidence[:2])
    for risk in grave:
        if advice.knows(f"obstacle_{risk.code}"):
            return advice.say(f"obstacle_{risk.code}"), list(risk.evidence[:2])
    return None, []
