"""Whether the systems of record answer, how fresh they are, and what the installation is working at."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from core.domain.accounts import Account
from core.domain.base import System
from core.domain.boards import Fed
from core.domain.health import Health, SystemHealth, WorkState
from core.domain.workers import WorkerStatus
from core.errors import SourceError
from core.identity import Caller, local_owner
from core.policy.permissions import Action, require
from hub.installation import Platform

# Whoever looks waits for it; a system that needs longer is of no use to a visit either.
_PATIENCE_S = 5.0


async def check_systems(platform: Platform, caller: Caller) -> tuple[SystemHealth, ...]:
    """Ask every system of record something small, side by side; what it answers with is shown to nobody.

    Raises ForbiddenError for whom the installation's condition is not.
    """
    require(caller, Action.READ_METRICS)
    fed, account = await asyncio.to_thread(_known, platform, caller)
    # Rights to single kinds of records say nothing about whether a system answers.
    asks = _asks(platform, local_owner(caller.tenant), account)
    return tuple(await asyncio.gather(*(_check(platform, system, asks.get(system), fed) for system in System)))


def work_state(platform: Platform, caller: Caller) -> WorkState:
    """Workers, jobs and the outbox. Raises ForbiddenError for whom the installation's condition is not."""
    require(caller, Action.READ_METRICS)
    now = platform.clock.now()
    with platform.store.read() as unit:
        workers, outbox = unit.workers.list(), unit.outbox.count()
    jobs = platform.jobs.count()
    oldest = now - platform.settings.worker_lease
    return WorkState(
        at=now,
        workers=tuple(sorted(workers, key=lambda worker: worker.seen_at, reverse=True)),
        alive=frozenset(one.name for one in workers if one.status is WorkerStatus.ALIVE and one.seen_at >= oldest),
        queued=jobs.queued,
        running=jobs.running,
        outbox=outbox,
    )


def _known(platform: Platform, caller: Caller) -> tuple[list[Fed], str]:
    with platform.store.read() as unit:
        fed = unit.measures.fed(caller.tenant)
    accounts = platform.store.records_port().find(caller, Account)
    return fed, min((account.id for account in accounts), default="")


def _asks(platform: Platform, caller: Caller, account: str) -> Mapping[System, Callable[[], Awaitable[object]]]:
    """The smallest question to each system; the hub's own memory is the database, which has answered already."""
    systems = platform.systems
    return {
        System.CRM: lambda: systems.crm.sales_people(caller),
        System.ERP: lambda: systems.erp.pricing_rules(caller),
        System.CONTRACTS: lambda: systems.contracts.approval_rules(caller),
        System.MARKET: lambda: systems.market.notes(caller, account),
        System.RESOURCES: lambda: systems.resources.references(caller),
    }


async def _check(
    platform: Platform, system: System, ask: Callable[[], Awaitable[object]] | None, fed: Sequence[Fed]
) -> SystemHealth:
    began, reason, detail = time.perf_counter(), None, ""
    try:
        if ask is not None:
            async with asyncio.timeout(_PATIENCE_S):
                await ask()
    except SourceError as error:
        reason, detail = error.reason, error.detail
    except TimeoutError:
        reason = "timeout"
    now = platform.clock.now()
    kinds = tuple(each for each in fed if each.system == system)
    last_good = max((each.last_good_at for each in kinds), default=None)
    return SystemHealth(
        system=system,
        health=_health(platform, kinds, last_good, now, is_down=reason is not None),
        checked_at=now,
        ms=None if ask is None or reason else round((time.perf_counter() - began) * 1000),
        last_good_at=last_good,
        records=sum(each.records for each in kinds),
        kinds=kinds,
        reason=reason,
        detail=detail,
        writable=system in platform.targets,
        resting=not platform.breaker.room(system, now, 1),
    )


def _health(
    platform: Platform, kinds: Sequence[Fed], last_good: datetime | None, now: datetime, *, is_down: bool
) -> Health:
    if is_down:
        return Health.DOWN
    if last_good is None:
        return Health.EMPTY
    is_fresh = all(now - each.last_good_at <= platform.settings.stale_after for each in kinds)
    return Health.OK if is_fresh else Health.STALE
