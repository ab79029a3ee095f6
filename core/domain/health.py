"""How an installation is doing: its systems of record, its workers, its models."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.domain.base import Frozen, System
from core.domain.boards import Fed
from core.domain.workers import Worker
from core.model_settings import ModelRole


class Health(StrEnum):
    """Whether a system answers with what is fresh enough; `empty` never held anything."""

    OK = "ok"
    STALE = "stale"
    DOWN = "down"
    EMPTY = "empty"


class SystemHealth(Frozen):
    """A system of record, asked at `checked_at` unless it is the hub's own; it answered in `ms`.

    `last_good_at` is when anything last came in from it, `reason` why it is down, as `SourceError` says it, `detail`
    what the system said. `resting` says that writes to it are held back for a while after failures.
    """

    system: System
    health: Health
    checked_at: datetime
    ms: int | None = None
    last_good_at: datetime | None = None
    records: int = 0
    kinds: tuple[Fed, ...] = ()
    reason: str | None = None
    detail: str = ""
    writable: bool = False
    resting: bool = False


class WorkState(Frozen):
    """What is being done by whom. `alive` names the workers that showed a sign of life within their lease.

    Jobs and `outbox` (writes to outside systems by their state) are those of the whole installation.
    """

    at: datetime
    workers: tuple[Worker, ...]
    alive: frozenset[str]
    queued: int
    running: int
    outbox: dict[str, int]


class ModelOfRole(Frozen):
    """A language model as set for a role: the first, or the one that answers when the first does not.

    `host` is where it is, without keys. Limits are those of one run, prices per million tokens.
    """

    role: ModelRole
    name: str
    host: str
    is_fallback: bool = False
    calls: int | None = None
    tokens: int | None = None
    seconds: float | None = None
    money: Decimal | None = None
    price_in: Decimal | None = None
    price_out: Decimal | None = None


class BudgetSpan(StrEnum):
    """For how long a company's budget is, in UTC."""

    DAY = "day"
    MONTH = "month"


class BudgetState(Frozen):
    """What of a company's budget is spent, in the currency of the prices; `limit` None is no budget."""

    span: BudgetSpan
    spent: Decimal
    limit: Decimal | None = None


class Region(Frozen):
    """A region or team: how many customers are in it, and who may enter it."""

    name: str
    customers: int
    people: tuple[str, ...] = ()
