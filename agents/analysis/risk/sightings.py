"""On which days each person of the account spoke, wrote or attended."""

import re
from collections.abc import Iterable
from datetime import date

from core.domain.interactions import Interaction, InteractionKind
from core.domain.views.people import Stakeholder
from core.text import normalise_name

_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_WORD = re.compile(r"[^\W\d_]+")


def _keys(person: Stakeholder) -> frozenset[str]:
    """Everything under which the person may appear: id, name, addresses, and the usual local parts of an address."""
    words = _WORD.findall(normalise_name(person.name))
    keys = {normalise_name(one) for one in (person.id, person.name, *person.addresses)}
    if len(words) >= 2:
        first, last = words[0], words[-1]
        keys |= {f"{first}.{last}", f"{first}_{last}", f"{first[0]}.{last}", f"{first[0]}{last}", f"{last}.{first}"}
    return frozenset(key for key in keys if key)


def _names_in(label: str) -> set[str]:
    """The names a sender or speaker label stands for: the label, its address, its local part, its display name."""
    folded = normalise_name(label)
    found = {folded}
    for address in _ADDRESS.findall(folded):
        found |= {address, address.partition("@")[0]}
    display = _ADDRESS.sub("", folded).strip(" <>()\"'")
    return found | {display} - {""}


def sightings(people: Iterable[Stakeholder], interactions: Iterable[Interaction]) -> dict[str, list[date]]:
    """Days on which each person (by `Stakeholder.id`) wrote, spoke or attended, in order. Posts do not count.

    A person none of whose names appears gets an empty list: that proves nothing about them.
    """
    owner: dict[str, str] = {}
    days: dict[str, list[date]] = {}
    for person in people:
        days[person.id] = []
        for key in _keys(person):
            owner.setdefault(key, person.id)
    for one in interactions:
        if one.form is InteractionKind.POST:
            continue
        labels = {turn.speaker for turn in one.turns} | {one.sender or ""}
        if one.form in (InteractionKind.MEETING, InteractionKind.CALL):
            labels |= set(one.recipients)
        seen = {owner[name] for label in labels for name in _names_in(label) if name in owner}
        for person_id in seen:
            if one.at.date() not in days[person_id]:
                days[person_id].append(one.at.date())
    return {person_id: sorted(found) for person_id, found in days.items()}
