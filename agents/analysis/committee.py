"""The people of an account with their exchanges, gathered from contacts, mail and meetings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from agents.analysis.attitudes import Attitude, load_phrases_of_people, note_line, note_report
from agents.analysis.identity import Directory, Person
from agents.analysis.journey import in_order
from agents.analysis.voices import Line, lines_of
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.views.people import Tie, TieKind

_HALF_LIFE = 365.0
_REPORTS = 2.0
_CITED = 3
_MOST_AT_ONCE = 30


@dataclass(slots=True)
class Presence:
    """One person's exchanges (oldest first) and attitude; `leaving` is the sentence that says they go."""

    person: Person
    exchanges: list[Interaction] = field(default_factory=list)
    wrote: list[Interaction] = field(default_factory=list)
    seen: list[Interaction] = field(default_factory=list)
    attitude: Attitude = field(default_factory=Attitude)
    leaving: Line | None = None

    @property
    def last_seen(self) -> datetime | None:
        """When they last wrote, spoke or attended; what others wrote to them does not show them."""
        return self.seen[-1].at if self.seen else None


@dataclass(slots=True)
class Committee:
    """Everyone found, and what connects them."""

    presences: dict[str, Presence] = field(default_factory=dict)
    weights: dict[tuple[str, str, TieKind], float] = field(default_factory=dict)
    sources: dict[tuple[str, str, TieKind], list[str]] = field(default_factory=dict)
    groups: list[frozenset[str]] = field(default_factory=list)

    def ties(self) -> tuple[Tie, ...]:
        """All ties, strongest first; each cites its newest sources."""
        ranked = sorted(self.weights, key=lambda key: (-self.weights[key], key))
        return tuple(
            Tie(
                source=source,
                target=target,
                kind=kind,
                weight=round(self.weights[source, target, kind], 4),
                evidence=tuple(self.sources[source, target, kind][-_CITED:]),
            )
            for source, target, kind in ranked
        )

    def connect(self, source: str, target: str, kind: TieKind, weight: float, evidence: str) -> None:
        """Strengthen one tie."""
        key = (source, target, kind)
        self.weights[key] = self.weights.get(key, 0.0) + weight
        self.sources.setdefault(key, []).append(evidence)


def gather(
    account: Account,
    contacts: Sequence[Contact],
    interactions: Sequence[Interaction],
    colleagues: Sequence[SalesPerson],
    today: date,
) -> Committee:
    """Read contacts, then interactions in order."""
    directory = Directory(account, contacts, colleagues)
    directory.exclude(account.owner)
    for interaction in interactions:
        if interaction.author is Author.INTERNAL and interaction.form is InteractionKind.MAIL:
            directory.exclude(interaction.sender)
    committee = Committee()
    for interaction in in_order(interactions):
        _read(committee, directory, interaction, today)
    for person in directory.people.values():
        committee.presences.setdefault(person.id, Presence(person))
    for contact in contacts:
        if contact.reports_to in committee.presences and contact.reports_to != contact.id:
            committee.connect(contact.id, str(contact.reports_to), TieKind.REPORTS_TO, _REPORTS, contact.evidence_id)
    return committee


def _read(committee: Committee, directory: Directory, interaction: Interaction, today: date) -> None:
    sender = directory.resolve(interaction.sender)
    others = [directory.resolve(name) for name in interaction.recipients[:_MOST_AT_ONCE]]
    speakers = [directory.resolve(turn.speaker) for turn in {turn.speaker: turn for turn in interaction.turns}.values()]
    present = {person.id: person for person in (sender, *others, *speakers[:_MOST_AT_ONCE]) if person}
    for person in present.values():
        committee.presences.setdefault(person.id, Presence(person)).exchanges.append(interaction)
    attended = interaction.form in (InteractionKind.MEETING, InteractionKind.CALL)
    heard = {person.id for person in (sender, *speakers) if person and interaction.form is not InteractionKind.POST}
    for who in present if attended else heard & present.keys():
        committee.presences[who].seen.append(interaction)
    if sender:
        committee.presences[sender.id].wrote.append(interaction)
    _connect(committee, interaction, sender, sorted(present), today)
    _listen(committee, directory, interaction, sender, today)


def _connect(
    committee: Committee, interaction: Interaction, sender: Person | None, present: Sequence[str], today: date
) -> None:
    if len(present) < 2:
        return
    committee.groups.append(frozenset(present))
    age = max((today - interaction.at.date()).days, 0)
    weight = math.exp2(-age / _HALF_LIFE) / (len(present) - 1)
    if interaction.form in (InteractionKind.MEETING, InteractionKind.CALL):
        for index, one in enumerate(present):
            for other in present[index + 1 :]:
                committee.connect(one, other, TieKind.MEETS, weight, interaction.evidence_id)
    elif sender:
        for other in present:
            if other != sender.id:
                committee.connect(sender.id, other, TieKind.WRITES_TO, weight, interaction.evidence_id)


def _listen(
    committee: Committee, directory: Directory, interaction: Interaction, sender: Person | None, today: date
) -> None:
    phrases = load_phrases_of_people()
    for line in lines_of(interaction):
        words = line.words.lower()
        speaker = directory.find(line.speaker) if line.speaker else sender
        presence = committee.presences.get(speaker.id) if speaker else None
        if presence:
            note_line(presence.attitude, line, today)
            if interaction.author is not Author.EXTERNAL and phrases.leaves_self.search(words):
                presence.leaving = line
        reported = phrases.backs_us.search(words) or phrases.against_us.search(words)
        subject = _named(directory, line.words, presence) if reported else None
        if subject:
            note_report(committee.presences.setdefault(subject.id, Presence(subject)).attitude, line, today)
        if interaction.author is not Author.EXTERNAL and phrases.leaves_other.search(words):
            gone = _named(directory, line.words, presence)
            if gone:
                committee.presences.setdefault(gone.id, Presence(gone)).leaving = line


def _named(directory: Directory, words: str, speaker: Presence | None) -> Person | None:
    """The one person other than the speaker whom `words` names."""
    named = [person for person in directory.named_in(words) if speaker is None or person is not speaker.person]
    return named[0] if len(named) == 1 else None
