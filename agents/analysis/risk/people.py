"""Risks in who stands behind the deal on the customer's side."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from agents.analysis.quoting import quoted
from agents.analysis.risk.rule import Case, Hit, Input, Rule, cite_deals, name_deals
from agents.analysis.risk.sightings import sightings
from agents.analysis.risk.thresholds import (
    CHAMPION_CEILING_DAYS,
    CHAMPION_FLOOR_DAYS,
    CHAMPION_GRAVE_DAYS,
    CHAMPION_LEFT_DAYS,
    CHAMPION_RHYTHM_FACTOR,
    CHAMPION_SIGHTINGS,
    CHAMPION_UNKNOWN_RHYTHM_DAYS,
    MAIN_CONTACT_EXCHANGES,
    MAIN_CONTACT_LEAD,
    ROLE_PROBABILITY,
    SOON_DAYS,
    THREAD_SHARE,
    THREAD_SIGHTINGS,
    THREAD_WINDOW_DAYS,
)
from core.domain.deals import PipelineStage
from core.domain.views.operations import DealView
from core.domain.views.people import BuyingRole, Stakeholder
from core.domain.views.risks import Severity

_RECENT_GAPS = 6


def _name(person: Stakeholder) -> str:
    return quoted(person.name, 60) or person.id


def _is_champion(person: Stakeholder) -> bool:
    return person.roles.get(BuyingRole.CHAMPION, 0.0) >= ROLE_PROBABILITY


def _main_contact(people: Sequence[Stakeholder]) -> Stakeholder | None:
    """The person with by far the most exchanges, whether or not they are still there."""
    first, second = (*sorted(people, key=lambda person: -person.interactions)[:2], None, None)[:2]
    if first is None or first.interactions < MAIN_CONTACT_EXCHANGES:
        return None
    return first if first.interactions >= MAIN_CONTACT_LEAD * (second.interactions if second else 0) else None


def _carriers(case: Case) -> list[Stakeholder]:
    """Those who carry the deal inside: the champions, and the main contact."""
    people = case.people.people if case.people else ()
    main = _main_contact(people)
    return [person for person in people if _is_champion(person) or person is main]


def _last_seen(case: Case, person: Stakeholder, days: list[date]) -> date | None:
    seen = [day for day in (*days, person.last_seen.date() if person.last_seen and not days else None) if day]
    return max((day for day in seen if day <= case.today), default=None)


def _quiet_after(days: list[date]) -> int:
    """Days of silence from which a person with these sightings counts as quiet."""
    if len(days) < CHAMPION_SIGHTINGS:
        return CHAMPION_UNKNOWN_RHYTHM_DAYS
    gaps = [(later - earlier).days for earlier, later in pairwise(days[-_RECENT_GAPS:])]
    slow = min(CHAMPION_CEILING_DAYS, round(CHAMPION_RHYTHM_FACTOR * median(gaps)))
    return max(CHAMPION_FLOOR_DAYS, slow)


def champion_quiet(case: Case) -> list[Hit]:
    """The main contact, or every champion, has been silent for much longer than usual."""
    carriers = [person for person in _carriers(case) if person.active]
    if not case.live_deals or not carriers:
        return []
    seen = sightings(carriers, case.past)
    silent: list[tuple[Stakeholder, date]] = []
    for person in carriers:
        days = seen[person.id]
        last = _last_seen(case, person, days)
        often = max(len(days), person.interactions) >= CHAMPION_SIGHTINGS
        if last is not None and often and (case.today - last).days >= _quiet_after(days):
            silent.append((person, last))
    main = _main_contact(carriers)
    told = silent if len(silent) == len(carriers) else [one for one in silent if one[0] is main]
    return [_silence(case, person, last, seen[person.id]) for person, last in told]


def _silence(case: Case, person: Stakeholder, last: date, days: list[date]) -> Hit:
    quiet_for = (case.today - last).days
    usual = _usual(days)
    severity = Severity.HIGH if quiet_for >= CHAMPION_GRAVE_DAYS and case.late_deals else Severity.MEDIUM
    facts = {
        "name": _name(person),
        "champion": _is_champion(person),
        "last_on": last,
        "days": quiet_for,
        "usual": usual if 2 * usual <= quiet_for else 0,
    }
    return Hit(severity, (*person.evidence[-3:], *cite_deals(case.live_deals[:1])), facts, last)


def _usual(days: list[date]) -> int:
    """The usual gap in days between two sightings, 0 when unknown."""
    if len(days) < CHAMPION_SIGHTINGS:
        return 0
    return max(1, round(median((later - earlier).days for earlier, later in pairwise(days[-_RECENT_GAPS:]))))


def champion_left(case: Case) -> list[Hit]:
    """The champion, or else the main contact, has left the customer while deals are open."""
    champions = _carriers(case)
    if not case.live_deals:
        return []
    others = [person for person in champions if person.active and _is_champion(person)]
    hits = []
    for person in champions:
        last = person.last_seen.date() if person.last_seen else None
        if person.active or last is None or (case.today - last).days > CHAMPION_LEFT_DAYS:
            continue
        facts = {
            "name": _name(person),
            "champion": _is_champion(person),
            "title": quoted(person.title or "", 60),
            "last_on": last,
            "successor": _name(others[0]) if others else "",
            **name_deals(case.live_deals),
        }
        severity = Severity.MEDIUM if others else Severity.HIGH
        hits.append(Hit(severity, (*person.evidence[-3:], *cite_deals(case.live_deals[:1])), facts, last))
    return hits


def _advanced(case: Case) -> list[DealView]:
    """Live deals at needs analysis or later."""
    return [deal for deal in case.live_deals if deal in case.late_deals or deal.stage is PipelineStage.NEEDS_ANALYSIS]


def no_economic_buyer(case: Case) -> list[Hit]:
    """Nobody who releases the money has been seen, and a deal has reached needs analysis."""
    known = case.people.people if case.people else ()
    if case.people is None or BuyingRole.ECONOMIC_BUYER not in case.people.missing_roles:
        return []
    deals = case.late_deals or _advanced(case)
    if not deals:
        return []
    near = any(
        deal.stage is PipelineStage.NEGOTIATION and 0 <= case.days_to(deal.close_on, unknown=-1) <= SOON_DAYS
        for deal in case.late_deals
    )
    active = [person for person in known if person.active]
    facts = {"people": [_name(person) for person in active[:3]], "known": len(active), **name_deals(deals)}
    severity = Severity.HIGH if near else Severity.MEDIUM if case.late_deals else Severity.LOW
    return [Hit(severity, cite_deals(deals), facts, case.today)]


def single_threaded(case: Case) -> list[Hit]:
    """All recent contact runs through one person."""
    people = [person for person in (case.people.people if case.people else ()) if person.active]
    deals = _advanced(case)
    start = case.since(THREAD_WINDOW_DAYS)
    recent = {
        person_id: [day for day in days if day >= start] for person_id, days in sightings(people, case.past).items()
    }
    total = sum(map(len, recent.values()))
    only = max(people, key=lambda person: len(recent[person.id]), default=None)
    if only is None or not deals or len(recent[only.id]) < THREAD_SIGHTINGS:
        return []
    if len(recent[only.id]) < THREAD_SHARE * total:
        return []
    facts = {"name": _name(only), "times": len(recent[only.id]), "total": total, "start": start, **name_deals(deals)}
    severity = Severity.MEDIUM if case.late_deals else Severity.LOW
    return [Hit(severity, (*only.evidence[-3:], *cite_deals(deals)), facts, max(recent[only.id]))]


_PEOPLE_AND_DEALS = (Input.PEOPLE, Input.OPERATIONS)
_AND_INTERACTIONS = (*_PEOPLE_AND_DEALS, Input.INTERACTIONS)

RULES = (
    Rule("champion_quiet", _AND_INTERACTIONS, champion_quiet),
    Rule("champion_left", _PEOPLE_AND_DEALS, champion_left),
    Rule("no_economic_buyer", _AND_INTERACTIONS, no_economic_buyer),
    Rule("single_threaded", _AND_INTERACTIONS, single_threaded),
)
