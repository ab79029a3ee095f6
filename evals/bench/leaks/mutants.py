"""The same product with one check taken out at a time.

A mutant is made by patching, since a second copy of the product would soon be another product. That is what a bench of
mutants is for, and done nowhere else. Each must be noticed by the trial, which knows who may know what by itself.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from core.domain.access import EVERY_SCOPE
from core.identity import Caller, local_owner
from db import rights
from db.chat_tables import threads
from db.effect_tables import effects
from evals.bench.leaks.company import TENANTS
from evals.bench.leaks.patching import (
    EVERY_REGION,
    EVERY_ROLE,
    EVERYTHING,
    Change,
    Cut,
    Mutant,
    always,
    unchanged,
    with_rights,
)
from evals.bench.leaks.running import operate
from evals.bench.leaks.trial import planted
from evals.bench.report import Figures
from hub.access.entering import Entry, Way

# Within which each has to be noticed; most are within some dozens.
MOST_OPERATIONS = 4000


def _any_company(_found: Any) -> Any:
    return lambda caller, table: rights._in_region(caller, table) & rights._in_audience(caller, table)


def _any_row(_found: Any) -> Any:
    return lambda caller, table: table.c.tenant == caller.tenant


def _any_of(table: Any) -> Change:
    return lambda _found: lambda caller: table.c.tenant == caller.tenant


def _by_prefix(found: Any) -> Any:
    def in_region(caller: Caller, table: Any) -> Any:
        condition = found(caller, table)
        for region in sorted(caller.regions or ()):
            condition |= table.c.region.startswith(region)
        return condition

    return in_region


def _of_the_row(_found: Any) -> Any:
    return lambda record: (record.region, record.audience)


def _as_owner(found: Any) -> Any:
    def enter(*args: Any, **kwargs: Any) -> Any:
        return found(*args, **kwargs) or Entry(local_owner(TENANTS[0]), EVERY_SCOPE, Way.OWNER_KEY)

    return enter


def _of_first(found: Any) -> Any:
    return lambda self, _tenant, **kwargs: found(self, TENANTS[0], **kwargs)


def _cut(name: str, place: str, change: Change) -> Mutant:
    return Mutant(name, (Cut(place, change),))


MUTANTS: tuple[Mutant, ...] = (
    _cut("records of every company", "db.records:visible", _any_company),
    _cut("records of every region", "db.records:visible", with_rights(**EVERY_REGION)),
    _cut("records for every audience", "db.records:visible", with_rights(**EVERY_ROLE)),
    _cut("records of hidden accounts", "db.records:account_not_hidden", with_rights(**EVERYTHING)),
    _cut("regions by how their names begin", "db.rights:_in_region", _by_prefix),
    _cut("fields for everybody", "db.records:as_read_by", unchanged(1)),
    _cut("evidence whatever fields it tells of", "core.domain.claims:rights_told", _of_the_row),
    _cut("a system that leaves out what it is asked for", "connectors.sandbox.source:may_read", always(True)),
    _cut("a connector that asks as its owner", "connectors.sandbox.source:Source._load", with_rights(**EVERYTHING)),
    _cut("interactions of every region", "db.interactions:visible", with_rights(**EVERY_REGION)),
    _cut("interactions for every audience", "db.interactions:visible", with_rights(**EVERY_ROLE)),
    _cut("recall without rights", "db.passages:visible", _any_row),
    _cut("recall of hidden accounts", "db.passages:account_not_hidden", with_rights(**EVERYTHING)),
    _cut("runs of every account", "db.visits:account_visible", _any_row),
    _cut("effects of every account", "db.effects:effect_visible", _any_of(effects)),
    _cut("effects whatever they tell of", "db.effects:visible", _any_row),
    _cut("messages of every account", "db.inbound:account_visible", _any_row),
    _cut("messages whose text is hidden", "db.inbound:visible", _any_row),
    _cut("drafts with all they rest on", "hub.inbound.answering:_as_seen_by", unchanged(1)),
    _cut("packages with all they rest on", "hub.visits:visible_to", unchanged(0)),
    _cut("whole packages for reviewers", "hub.visits:sees_whole", always(True)),
    _cut("parts of every department", "hub.reviews.reading:require_sight", always(None)),
    _cut("reviews decided by anybody", "hub.reviews.decisions:require_decider", always(None)),
    _cut("reviews of hidden accounts changed", "db.visits:Visits.get", with_rights(**EVERYTHING)),
    _cut("notices of every account", "db.notifications:account_visible", with_rights(**EVERYTHING)),
    _cut("threads of everybody", "db.threads:_own", _any_of(threads)),
    _cut("links for whoever holds them", "core.domain.shares:Share.is_for", always(True)),
    _cut("links that never end", "core.domain.shares:Share.ended_at", always(None)),
    _cut("links ended by anybody who reads", "hub.sharing:LEADERS", lambda _found: frozenset(EVERY_ROLE["roles"])),
    _cut("keys for everything", "api.guard:_out_of_scope", always(None)),
    _cut("revoked keys", "core.domain.access:ApiKey.is_valid", always(True)),
    _cut("nobody let in as the owner", "api.guard:enter", _as_owner),
    _cut("requests from other sites", "api.origins:Origins.refusal", always(None)),
    _cut("a seat filled by any role", "hub.effects.decisions:may_fill", always(True)),
    _cut("who asked decides", "hub.effects.decisions:_barred", lambda _found: lambda *_args: frozenset()),
    _cut("an effect withdrawn by anybody", "hub.effects.endings:may", always(True)),
    _cut("an import by anybody", "api.routes.imports:require", always(None)),
    _cut("boards for everybody", "hub.boards.measures:require", always(None)),
    _cut("metrics for everybody", "api.app:require", always(None)),
    Mutant(
        "proposals by who only reads",
        tuple(Cut(f"hub.effects.{module}:require", always(None)) for module in ("proposing", "ledger")),
    ),
    _cut("the same request of another region", "hub.visits:_require_seen", always(None)),
    _cut("rights given that one has not", "hub.people:require_of_regions", always(None)),
    _cut("keys for people of other regions", "hub.access.keys:require_of_regions", always(None)),
    _cut("a company's log for the others", "db.audit:Audit.records", _of_first),
)


def measure_mutants(seed: int, *, most: int = MOST_OPERATIONS, names: Sequence[str] = ()) -> Figures:
    """Which mutants the trial noticed, after how many operations; each begins with the same companies."""
    caught: dict[str, int | None] = {}
    with planted() as template:
        for mutant in MUTANTS:
            if names and mutant.name not in names:
                continue
            with template.copy(seed) as trial, mutant.in_place():
                done = asyncio.run(operate(trial, most, until_breach=True))
                caught[mutant.name] = done if trial.breaches else None
    return {
        "mutants": len(caught),
        "caught": sum(done is not None for done in caught.values()),
        "operations_until_caught": caught,
    }
