"""The dispatcher: what is due in the outbox goes to its system, and is proven to be there.

No transaction is open while a system is asked. Each step is recorded under the lease's number, so that a worker which
was given up cannot record anything; and each write carries its key, so that it cannot write twice.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

import structlog

from core.domain.base import System
from core.domain.effects import Change, DeliveryStatus, Effect, Receipt
from core.errors import RefusedError, SourceError
from core.ports.effects import EffectTarget
from db.outbox import Lease
from hub.effects.results import record_confirmed, record_dead, record_invalid, record_sent, record_undone
from hub.effects.validity import InvalidEffectError, valid_effect
from hub.installation import Platform

log = structlog.get_logger()
T = TypeVar("T")

AT_ONCE = 16
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=15)
# Three answers at most are waited for under one lease; the rest is for our own transactions.
_LEASE_TIMEOUTS = 5


def dispatch_due(platform: Platform, worker: str, *, limit: int = AT_ONCE) -> int:
    """One round: lease what is due, at most `limit` of each system, send all of it side by side; how many it was."""
    leases = _claim(platform, worker, limit)
    if leases:
        asyncio.run(_deliver_all(platform, leases))
    return len(leases)


def release_leases(platform: Platform, worker: str) -> int:
    """Free what a worker of this name held before it died; for its successor, at its start."""
    with platform.store.write() as unit:
        return unit.outbox.release(worker)


async def _deliver_all(platform: Platform, leases: Sequence[tuple[System, Lease]]) -> None:
    await asyncio.gather(*(_deliver(platform, system, lease) for system, lease in leases))


def _claim(platform: Platform, worker: str, limit: int) -> list[tuple[System, Lease]]:
    now = platform.clock.now()
    until = now + timedelta(seconds=_LEASE_TIMEOUTS * platform.settings.effect_timeout_s)
    rooms = {system: platform.breaker.room(system, now, limit) for system in platform.targets}
    # Looked at first: where nothing is due, nobody's turn to write is taken.
    with platform.store.read() as unit:
        if not unit.outbox.is_due([system for system, room in rooms.items() if room], now):
            return []
    with platform.store.write() as unit:
        return [
            (system, lease)
            for system, room in rooms.items()
            if room > 0
            for lease in unit.outbox.claim(system, worker, now=now, until=until, limit=room)
        ]


async def _deliver(platform: Platform, system: System, lease: Lease) -> None:
    """Bring one leased row as far as it goes; what cannot even be recorded is tried again when the lease is over."""
    try:
        await _attempt(platform, system, lease)
    except Exception:
        log.exception("effect_not_recorded", effect=lease.effect_id, system=system)


async def _attempt(platform: Platform, system: System, lease: Lease) -> None:
    try:
        effect = await asyncio.to_thread(valid_effect, platform, lease)
        await (_undo if lease.undo else _send)(platform, lease, effect)
    except InvalidEffectError as error:
        await asyncio.to_thread(record_invalid, platform, lease, error)
    except RefusedError as error:
        platform.breaker.note_answer(system)
        # What was sent under an earlier lease may still arrive there: of a group it is taken back as well.
        earlier = lease.number > 1
        await asyncio.to_thread(record_dead, platform, lease, error.reason, error.detail, written=earlier)
    except SourceError as error:
        platform.breaker.note_failure(system, platform.clock.now(), error.retry_after)
        await asyncio.to_thread(_try_again, platform, lease, error.reason, error.detail, error.retry_after)
    except Exception as error:
        log.exception("effect_failed", effect=lease.effect_id, system=system)
        await asyncio.to_thread(_try_again, platform, lease, "error", type(error).__name__)
    else:
        platform.breaker.note_answer(system)


async def _send(platform: Platform, lease: Lease, effect: Effect) -> None:
    target, tenant, key, payload = platform.targets[effect.system], lease.tenant, effect.key, effect.payload
    if lease.receipt is not None:
        await _check(platform, lease, effect, lease.receipt)
        return
    receipt = await _within(platform, effect.system, lambda: target.find(tenant, key))
    if receipt is None:
        receipt = await _within(platform, effect.system, lambda: target.apply(tenant, key, payload))
    if await asyncio.to_thread(record_sent, platform, lease, receipt):
        await _check(platform, lease, effect, receipt)


async def _check(platform: Platform, lease: Lease, effect: Effect, receipt: Receipt) -> None:
    """Read back what was written: it is confirmed, or looked at again later."""
    target = platform.targets[effect.system]
    found = await _within(platform, effect.system, lambda: target.read_back(lease.tenant, receipt, effect.payload))
    if found:
        await asyncio.to_thread(_try_again, platform, lease, "mismatch", _said(found))
    else:
        await asyncio.to_thread(record_confirmed, platform, lease, receipt)


async def _undo(platform: Platform, lease: Lease, effect: Effect) -> None:
    target: EffectTarget = platform.targets[effect.system]
    receipt = await _within(platform, effect.system, lambda: target.undo(lease.tenant, effect.key, effect.payload))
    await asyncio.to_thread(record_undone, platform, lease, receipt)


async def _within(platform: Platform, system: System, ask: Callable[[], Awaitable[T]]) -> T:
    """The answer of a system, or SourceError when it takes too long."""
    try:
        async with asyncio.timeout(platform.settings.effect_timeout_s):
            return await ask()
    except TimeoutError as error:
        raise SourceError(system, "timeout") from error


def _try_again(platform: Platform, lease: Lease, error: str, detail: str, retry_after: float | None = None) -> None:
    """Give the row back to be tried later, or up when it was tried often or long enough."""
    now, settings = platform.clock.now(), platform.settings
    if lease.attempts >= settings.effect_attempts or now - lease.queued_at >= settings.effect_give_up_after:
        record_dead(platform, lease, error, detail, written=True)
        return
    due_at = now + max(_wait(lease), timedelta(seconds=retry_after or 0))
    with platform.store.write() as unit:
        unit.outbox.settle(lease, DeliveryStatus.WAITING, now=now, due_at=due_at, error=error, detail=detail)


def _wait(lease: Lease) -> timedelta:
    """Twice as long each time, less up to a half, so that effects which failed together do not come back together."""
    longest = min(_FIRST_WAIT * (1 << min(lease.attempts - 1, 20)), _LONGEST_WAIT)
    spread = hashlib.sha256(f"{lease.effect_id}:{lease.attempts}".encode()).digest()[0] / 255
    return longest * (1 - spread / 2)


def _said(differences: Sequence[Change]) -> str:
    return "; ".join(f"{change.field}: {change.old} instead of {change.new}" for change in differences)[:500]
