"""What language models cost the company, and the money that all its runs share."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from core.domain.spending import Spend, SpendBy, SpendRow
from core.identity import Caller
from core.policy.permissions import Action, may
from db.store import Session

if TYPE_CHECKING:
    from hub.installation import Platform

_MICROS = 1_000_000


def spend_by(platform: "Platform", caller: Caller, since: date, by: SpendBy = SpendBy.USER) -> tuple[SpendRow, ...]:
    """What was spent on models since that day (UTC), added up by user, model, day, role or run.

    Who may not see the company's spending sees their own.
    """
    user = None if may(caller, Action.READ_SPENDING) else caller.user
    with platform.store.read() as unit:
        return unit.spending.by(caller.tenant, since, by, user)


def record_spending(unit: Session, caller: Caller, run: str, spends: Sequence[Spend], at: datetime) -> None:
    """Put on record what a run or thread of the caller spent, with what came of it in one transaction."""
    unit.spending.add(caller.tenant, caller.user, run, spends, at)


class Ledger:
    """What runs of this process hold, and have spent without a record yet, by tenant. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[str, int] = {}

    def take(self, tenant: str, micros: int, room: int | None = None) -> bool:
        """Add `micros`, which may be negative; False, and nothing changes, when that would be more than `room`."""
        with self._lock:
            after = self._open.get(tenant, 0) + micros
            if room is not None and after > room:
                return False
            self._open[tenant] = after
            return True


class TenantPurse:
    """One run's share in what its company may spend (`graphs.budget.Purse`).

    Other runs of this process count as they go, those of other processes once they are on record. Close it when what
    the run spent is on record, or will never be.
    """

    def __init__(self, ledger: Ledger, tenant: str, room: int) -> None:
        self._ledger = ledger
        self._tenant = tenant
        self._room = room
        self._spent = 0

    def hold(self, micros: int) -> bool:
        """Set money aside, if it is there."""
        return self._ledger.take(self._tenant, micros, self._room)

    def settle(self, held: int, spent: int) -> None:
        """Give back what was held and keep what was spent."""
        self._ledger.take(self._tenant, spent - held)
        self._spent += spent

    def close(self) -> None:
        """What the run spent is on record: it no longer counts as open."""
        self._ledger.take(self._tenant, -self._spent)
        self._spent = 0


def open_purse(platform: "Platform", tenant: str) -> TenantPurse | None:
    """What a run of the tenant may spend of the budgets of day and month (UTC); None when there are none."""
    settings = platform.settings
    today = platform.clock.now().astimezone(UTC).date()
    limits = ((settings.model_budget_day, today), (settings.model_budget_month, today.replace(day=1)))
    with platform.store.read() as unit:
        rooms = [
            int(limit * _MICROS) - unit.spending.micros_since(tenant, since)
            for limit, since in limits
            if limit is not None
        ]
    return TenantPurse(platform.ledger, tenant, min(rooms)) if rooms else None
