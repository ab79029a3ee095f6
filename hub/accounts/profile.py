"""All that is known of one customer, read now with the reader's rights, and what the specialists make of it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import AwareDatetime, Field

from agents.answers.desk import Desk
from agents.answers.spec import Asking
from agents.answers.specialists import Outputs, consult
from agents.spec import AgentInput, Notebook
from core.domain.accounts import Account, Contact
from core.domain.base import Evidence, Frozen, Record, System
from core.domain.claims import Claim, Section, cited_in
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, Order
from core.domain.interactions import Interaction
from core.domain.products import Price
from core.domain.views.people import InfluenceMap
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView
from core.identity import Caller
from core.language import Lang
from graphs.chat.reading import TurnReader
from hub.installation import Platform
from tools.registry import TOOLS
from tools.spec import ToolContext

_BELIEVED = ("intent", "stakeholders", "operations", "market", "history")
_ALSO = ("read_contacts", "read_orders", "read_contracts", "read_opportunities", "read_interactions")


class Belief(Frozen):
    """A sentence that holds of the customer, who concludes it, and for how long.

    `said_at` is when the newest exchange it rests on took place, `as_of` when the records were last good;
    `valid_from` and `valid_to` are the ends of what it rests on, a contract's for example.
    """

    claim: Claim
    agent: str
    said_at: AwareDatetime | None = None
    as_of: AwareDatetime | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Gap(Frozen):
    """What is not shown: a system that did not answer, with the time it was last good if it ever was; or, where it is
    `forbidden`, records of it that the reader's role may not read."""

    system: System
    forbidden: bool = False
    last_good: AwareDatetime | None = None


class Profile(Frozen):
    """One customer. Records are None where their system did not answer, interactions come newest first.

    `stale` are systems that answered with records older than the installation's limit.
    """

    account: Account
    interactions: tuple[Interaction, ...] | None
    contacts: tuple[Contact, ...] | None
    deals: tuple[Opportunity, ...] | None
    orders: tuple[Order, ...] | None
    contracts: tuple[Contract, ...] | None
    stage: StageView | None = None
    people: InfluenceMap | None = None
    risks: RisksView | None = None
    beliefs: tuple[Belief, ...] = ()
    warnings: dict[str, Claim] = Field(default_factory=dict)
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    stale: dict[System, AwareDatetime] = Field(default_factory=dict)


async def look_up(platform: Platform, caller: Caller, account: Account, lang: Lang) -> Profile:
    """The profile of an account that the caller may see; systems are asked side by side and may keep silent."""
    now = platform.clock.now()
    context = ToolContext(caller=caller, systems=platform.systems, memory=platform.memory, until=now)
    reader = TurnReader(context, platform.settings.gather_timeout_s)
    given = AgentInput(lang=lang, today=now.date())
    desk = Desk(Asking(caller, now, given, reader), Notebook("hub", given), Section.HISTORY)
    try:
        outputs, found = await consult(desk, account, *_BELIEVED, "risk", also=_ALSO)
    finally:
        await reader.close()
    as_of = desk.note.given.as_of
    limit = now - platform.settings.stale_after
    evidence = _evidence(desk, outputs)
    deals, interactions = found["read_opportunities"], found["read_interactions"]
    return Profile(
        account=account,
        interactions=None if interactions is None else tuple(reversed(interactions)),
        contacts=found["read_contacts"],
        deals=None if deals is None else tuple(deal for deal in deals if deal.stage.is_open),
        orders=found["read_orders"],
        contracts=found["read_contracts"],
        stage=_view(outputs, "intent"),
        people=_view(outputs, "stakeholders"),
        risks=_view(outputs, "risk"),
        beliefs=tuple(_beliefs(outputs, evidence, _terms(found))),
        warnings={claim.id: claim for claim in outputs["risk"].claims} if "risk" in outputs else {},
        evidence=evidence,
        gaps=await asyncio.to_thread(_gaps, platform, caller, desk),
        stale={system: at for system, at in as_of.items() if at < limit and system in _shown(found)},
    )


def _evidence(desk: Desk, outputs: Outputs) -> dict[str, Evidence]:
    """Every source that a sentence or a view cites, of those that were read here."""
    for output in outputs.values():
        desk.adopt(output, output.claims)
        desk.note.cite(desk.sources(cited_in(output.view)))
    return desk.note.evidence


def _view(outputs: Outputs, agent: str) -> Any:
    return outputs[agent].view if agent in outputs else None


def _beliefs(
    outputs: Outputs, evidence: Mapping[str, Evidence], terms: Mapping[str, tuple[date | None, date | None]]
) -> Iterable[Belief]:
    for agent in _BELIEVED:
        for claim in outputs[agent].claims if agent in outputs else ():
            cited = [evidence[id_] for id_ in claim.evidence if id_ in evidence]
            said = [each.as_of for each in cited if each.source is System.MEMORY]
            read = [each.as_of for each in cited if each.source is not System.MEMORY]
            bound = [terms[each.id] for each in cited if each.id in terms]
            yield Belief(
                claim=claim,
                agent=agent,
                said_at=max(said, default=None),
                as_of=min(read, default=None),
                valid_from=max((first for first, _last in bound if first), default=None),
                valid_to=min((last for _first, last in bound if last), default=None),
            )


def _terms(found: Mapping[str, Any]) -> dict[str, tuple[date | None, date | None]]:
    """From when until when a record holds, by evidence id, for those that say so."""
    contracts: Sequence[Contract] = found["read_contracts"] or ()
    contacts: Sequence[Contact] = found["read_contacts"] or ()
    prices: Sequence[Price] = found.get("read_prices") or ()
    terms = {each.evidence_id: (each.starts_on or each.signed_on, each.ends_on) for each in contracts}
    terms |= {each.evidence_id: (each.valid_from, each.valid_to) for each in prices}
    return terms | {each.evidence_id: (None, each.left_on) for each in contacts if each.left_on}


def _gaps(platform: Platform, caller: Caller, desk: Desk) -> tuple[Gap, ...]:
    with platform.store.read() as unit:
        good = {system: unit.records.last_good(caller.tenant, system) for system in desk.silent}
    silent = [Gap(system=system, last_good=at) for system, at in sorted(good.items())]
    forbidden = {TOOLS[tool].system for tool in desk.forbidden} - desk.silent
    return (*silent, *(Gap(system=system, forbidden=True) for system in sorted(forbidden)))


def _shown(found: Mapping[str, tuple[Record, ...] | None]) -> set[System]:
    return {TOOLS[tool].system for tool, records in found.items() if records}
