"""What others change in systems of record, read again and again so that the hub knows it within seconds."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from core.domain.base import Record
from core.domain.interactions import Interaction
from core.errors import SourceError
from core.ports.changes import ChangeFeed
from db.store import Session
from hub.installation import Platform
from memory.passages import split_passages

log = structlog.get_logger()


def read_changes(platform: Platform, worker: str) -> int:
    """Ask every system that can be asked what changed, and keep it; how many records were not known as they are.

    A system that does not answer is asked again at the next round, from where it was left. Many workers may do this at
    once: what two of them read is written once.
    """
    if not platform.feeds:
        return 0
    with platform.store.read() as unit:
        tenants = unit.tenants.list()
    kept = 0
    for name, feed in platform.feeds.items():
        for tenant in tenants:
            try:
                kept += _read_feed(platform, name, feed, tenant)
            except SourceError as error:
                log.warning("changes_unread", worker=worker, system=name, reason=error.reason, detail=error.detail)
                break
    return kept


def _read_feed(platform: Platform, name: str, feed: ChangeFeed, tenant: str) -> int:
    with platform.store.read() as unit:
        before = unit.cursors.get(tenant, name)
    changed, cursor = asyncio.run(feed.changes_since(tenant, before))
    if not changed and cursor == before:
        return 0
    now = platform.clock.now()
    with platform.store.write() as unit:
        if not unit.cursors.advance(tenant, name, before, cursor, now):
            return 0
        return _keep(unit, tenant, name, [one.record for one in changed], now)


def _keep(unit: Session, tenant: str, name: str, changed: Sequence[Record], now: datetime) -> int:
    """Store records and exchanges in the transaction that moves the cursor past them; how many were not known so."""
    records = [record for record in changed if not isinstance(record, Interaction)]
    told, _ = unit.records.upsert(tenant, records, [name] * len(records), at=now)
    said = [record for record in changed if isinstance(record, Interaction)]
    contradicted = unit.interactions.contradictions(tenant, said)
    if contradicted:
        log.warning("changes_left_out", system=name, reasons=contradicted)
    said = [item for item in said if item.id not in contradicted]
    written, _ = unit.interactions.upsert(tenant, said, [name] * len(said), at=now)
    unit.passages.replace_many(tenant, {item.id: split_passages(item) for item in said if item.id in set(written)})
    return told + len(written)
