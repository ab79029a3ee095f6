"""Readers with fewer rights, and records that not everybody may see, so that there is something to hide."""

from datetime import datetime

from core.domain.accounts import Account
from core.domain.base import Record
from core.domain.contracts import Contract
from core.domain.interactions import Interaction
from core.domain.market import MarketNote
from core.identity import Caller, Role, local_owner
from hub.installation import Platform
from memory.passages import split_passages

_RESTRICTED: tuple[tuple[type[Record], int, frozenset[Role]], ...] = (
    (Contract, 2, frozenset({Role.LEGAL, Role.FINANCE})),
    (MarketNote, 3, frozenset({Role.ANALYST})),
)
_EVERY_NTH_INTERACTION = 4
_TALKS = frozenset({Role.MANAGER})


def restrict_records(platform: Platform, tenant: str) -> int:
    """Restrict every second contract, third market note and fourth interaction to some roles; how many that were."""
    owner, now = local_owner(tenant), platform.clock.now()
    with platform.store.write() as unit:
        records: list[Record] = []
        for kind, nth, audience in _RESTRICTED:
            found = unit.records.find(owner, kind)[::nth]
            records += [record.model_copy(update={"audience": audience}) for record in found]
        unit.records.upsert(tenant, records, ["bench"] * len(records), at=now)
    return len(records) + _restrict_talks(platform, owner, now)


def _restrict_talks(platform: Platform, owner: Caller, now: datetime) -> int:
    talks: list[Interaction] = []
    with platform.store.write() as unit:
        for account in unit.records.find(owner, Account):
            found = unit.interactions.for_account(owner, account.id)[::_EVERY_NTH_INTERACTION]
            talks += [talk.model_copy(update={"audience": _TALKS}) for talk in found]
        unit.interactions.upsert(owner.tenant, talks, ["bench"] * len(talks), at=now)
        unit.passages.replace_many(owner.tenant, {talk.id: split_passages(talk) for talk in talks})
    return len(talks)


def reader_of(number: int, account: Account, tenant: str) -> Caller:
    """Who asks for the `number`-th package: mostly the owner, else someone of the account's region or of one role."""
    region = frozenset({account.region}) if account.region else None
    readers = (
        local_owner(tenant),
        Caller(tenant=tenant, user="regional manager", roles=frozenset({Role.MANAGER}), regions=region),
        Caller(tenant=tenant, user="regional rep", roles=frozenset({Role.REP}), regions=region),
        Caller(tenant=tenant, user="lawyer", roles=frozenset({Role.LEGAL})),
    )
    return readers[number % len(readers)]
