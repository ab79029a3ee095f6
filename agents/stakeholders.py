"""Who takes part in the purchase, who carries weight, where they stand, and who is missing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agents.analysis import network
from agents.analysis.attitudes import latest, roles_of, stance_of
from agents.analysis.committee import Committee, Presence, gather
from agents.analysis.quotes import shortened
from agents.analysis.titles import Standing, read_title
from agents.analysis.voices import Line
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook, Source
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance

NEEDED_ROLES = (BuyingRole.ECONOMIC_BUYER, BuyingRole.CHAMPION, BuyingRole.TECHNICAL_EVALUATOR, BuyingRole.USER)
"""Who must be known before a deal is safe."""

_FILLED = 0.5
_RECENT = timedelta(days=180)
_SINGLE = 3
_SHOWN = 3
_CITED = 3


class StakeholdersInput(AgentInput):
    """`contacts` None: the CRM could not be read. `colleagues` are our own people, left off the map."""

    account: Account
    contacts: tuple[Contact, ...] | None = None
    interactions: tuple[Interaction, ...] | None = None
    colleagues: tuple[SalesPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class Someone:
    """A stakeholder with what they were judged by."""

    shown: Stakeholder
    presence: Presence

    @property
    def sources(self) -> list[Source]:
        """The CRM record, if any, and the newest exchanges."""
        contact = self.presence.person.contact
        return [*([contact] if contact else []), *reversed(self.presence.exchanges[-_CITED:])]


def run(given: StakeholdersInput) -> AgentOutput[InfluenceMap]:
    """Find the people, judge each, and write who matters, who is missing and who left."""
    committee = gather(given.account, given.contacts or (), given.interactions or (), given.colleagues, given.today)
    people = _judge(committee, given.today)
    active = [someone for someone in people if someone.shown.active]
    missing = tuple(
        role for role in NEEDED_ROLES if not any(someone.shown.roles[role] >= _FILLED for someone in active)
    )
    view = InfluenceMap(
        people=tuple(someone.shown for someone in people),
        ties=committee.ties(),
        missing_roles=missing if given.contacts is not None else (),
    )
    notebook = Notebook("stakeholders", given)
    if given.contacts is not None or given.interactions is not None:
        _write_people(notebook, given, active)
        _write_gaps(notebook, given, people, view)
        _write_departures(notebook, people)
    return notebook.output(view)


def _judge(committee: Committee, today: date) -> list[Someone]:
    ids = sorted(committee.presences)
    edges: dict[tuple[str, str], float] = {}
    for (source, target, kind), weight in sorted(committee.weights.items()):
        edges[source, target] = edges.get((source, target), 0.0) + weight
        if kind.value == "meets":
            edges[target, source] = edges.get((target, source), 0.0) + weight
    ranks = network.pagerank(ids, {pair: math.log1p(weight) for pair, weight in edges.items()})
    exchanges = network.count_exchanges(committee.groups)
    people = [_someone(committee.presences[who], ranks[who], len(ids), exchanges.get(who, 0), today) for who in ids]
    return sorted(people, key=lambda someone: (-someone.shown.influence, someone.shown.name, someone.shown.id))


def _someone(presence: Presence, rank: float, people: int, exchanges: int, today: date) -> Someone:
    contact, attitude = presence.person.contact, presence.attitude
    parts = [part for part in (contact.title, contact.department) if part] if contact else []
    standing = read_title(*parts) if parts else Standing()
    influence = network.blend(rank, people, exchanges, standing.seniority)
    quotes = (line for line in (latest(attitude.positive), latest(attitude.negative), presence.leaving) if line)
    cited = [contact.evidence_id] if contact else []
    cited += [line.source.evidence_id for line in quotes]
    cited += [interaction.evidence_id for interaction in presence.exchanges[-_CITED:]]
    return Someone(
        Stakeholder(
            id=presence.person.id,
            name=presence.person.name,
            title=contact.title if contact else None,
            contact_id=contact.id if contact else None,
            addresses=tuple(sorted(presence.person.addresses)),
            active=_is_active(presence, today),
            roles=roles_of(attitude, standing.roles),
            stance=stance_of(attitude),
            influence=influence.mean,
            influence_low=influence.low,
            influence_high=influence.high,
            last_seen=presence.last_seen,
            interactions=len(presence.exchanges),
            evidence=tuple(dict.fromkeys(cited)),
        ),
        presence,
    )


def _is_active(presence: Presence, today: date) -> bool:
    contact, leaving = presence.person.contact, presence.leaving
    if contact and (not contact.active or (contact.left_on and contact.left_on <= today)):
        return False
    wrote_since = leaving and presence.wrote and presence.wrote[-1].at > leaving.interaction.at
    return leaving is None or bool(wrote_since)


def _write_people(notebook: Notebook, given: StakeholdersInput, active: Sequence[Someone]) -> None:
    if not active:
        notebook.claim(
            Section.INFLUENCE_MAP, "nobody", given.account, state=ClaimState.INFERRED, account=given.account.name
        )
        return
    deciders = [one for one in active if one.shown.roles[BuyingRole.ECONOMIC_BUYER] >= _FILLED]
    for one in deciders[:2]:
        _weight(notebook, "decides", one, last=one.shown.last_seen and one.shown.last_seen.date())
    if active[0] not in deciders and active[0].sources:
        _weight(notebook, "carries_weight", active[0])
    for one in [one for one in active if one.shown.roles[BuyingRole.TECHNICAL_EVALUATOR] >= _FILLED][:1]:
        seen = one.shown.last_seen
        notebook.claim(
            Section.INFLUENCE_MAP,
            "evaluates",
            *one.sources,
            state=ClaimState.INFERRED,
            name=one.shown.name,
            title=one.shown.title,
            last=seen and seen.date(),
        )
    for one in [one for one in active if one.shown.stance is Stance.SUPPORTIVE][:_SHOWN]:
        attitude = one.presence.attitude
        _attitude(notebook, "supports", one, latest(attitude.signs.get(BuyingRole.CHAMPION, ()) or attitude.positive))
    for one in [one for one in active if one.shown.stance is Stance.CRITICAL][:_SHOWN]:
        attitude = one.presence.attitude
        _attitude(notebook, "blocks", one, latest(attitude.signs.get(BuyingRole.BLOCKER, ()) or attitude.negative))


def _weight(notebook: Notebook, kind: str, one: Someone, **params: Any) -> None:
    notebook.claim(
        Section.INFLUENCE_MAP,
        kind,
        *one.sources,
        state=ClaimState.INFERRED,
        name=one.shown.name,
        title=one.shown.title,
        influence=one.shown.influence,
        low=one.shown.influence_low,
        high=one.shown.influence_high,
        **params,
    )


def _attitude(notebook: Notebook, kind: str, one: Someone, line: Line | None) -> None:
    if line is None:
        return
    notebook.claim(
        Section.INFLUENCE_MAP,
        kind,
        line.source,
        state=ClaimState.INFERRED,
        name=one.shown.name,
        title=one.shown.title,
        quote=shortened(line.words),
        at=line.interaction.at.date(),
    )


def _write_gaps(notebook: Notebook, given: StakeholdersInput, people: Sequence[Someone], view: InfluenceMap) -> None:
    account, records = given.account, [one.presence.person.contact for one in people if one.presence.person.contact]
    for role in view.missing_roles if people else ():
        notebook.claim(
            Section.INFLUENCE_MAP,
            "missing",
            account,
            *records,
            state=ClaimState.INFERRED,
            role=notebook.phrase(f"role_{role}"),
            people=len(people),
            account=account.name,
        )
    strangers = [one for one in people if given.contacts is not None and one.shown.contact_id is None][:_SHOWN]
    if strangers:
        newest = [one.presence.exchanges[-1] for one in strangers if one.presence.exchanges]
        notebook.claim(
            Section.INFLUENCE_MAP,
            "not_in_crm",
            *newest,
            names=[one.shown.name for one in strangers],
            count=len(strangers),
        )
    start = given.today - _RECENT
    recent = [(one, [i for i in one.presence.exchanges if i.at.date() >= start]) for one in people]
    busy = [(one, exchanges) for one, exchanges in recent if exchanges]
    if len(busy) == 1 and len(busy[0][1]) >= _SINGLE:
        one, exchanges = busy[0]
        notebook.claim(
            Section.INFLUENCE_MAP,
            "single_thread",
            *exchanges,
            since=exchanges[0].at.date(),
            count=len(exchanges),
            account=account.name,
            name=one.shown.name,
        )


def _write_departures(notebook: Notebook, people: Sequence[Someone]) -> None:
    for one in people:
        contact, line = one.presence.person.contact, one.presence.leaving
        if one.shown.active:
            continue
        if contact and (not contact.active or contact.left_on):
            notebook.claim(
                Section.INFLUENCE_MAP,
                "departed",
                contact,
                name=contact.name,
                title=contact.title,
                on=contact.left_on,
            )
        elif line:
            _attitude(notebook, "leaving", one, line)


SPEC = AgentSpec(
    name="stakeholders",
    purpose="Map the people of the account: buying roles, stance, influence with its uncertainty, and who is missing.",
    input_model=StakeholdersInput,
    output_model=AgentOutput[InfluenceMap],
    run=run,
)
