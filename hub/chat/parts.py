"""What the questions of one process share: the graph of each tenant, and the names that each caller may say."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from agents.understanding.names import Names, build_names
from agents.understanding.understand import understand
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.deals import Opportunity
from core.domain.products import Product
from core.identity import Caller
from db.store import Session, Store

if TYPE_CHECKING:
    from graphs.chat.graph import ChatGraph

_NAMED: tuple[type[Record], ...] = (Account, Contact, Product, Opportunity, SalesPerson)
_MOST_KEPT = 64
# Two changes in one instant look like one; what is missed that way is seen after this long.
_KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    names: Names
    edition: tuple[int, datetime | None]
    until: float


class ChatParts:
    """Shared parts; safe to use from many threads."""

    def __init__(self, store: Store) -> None:
        self.understand = understand
        self._store = store
        self._lock = Lock()
        self._graphs: dict[str, ChatGraph] = {}
        self._names: dict[Caller, _Kept] = {}
        # Turns that end by themselves when nobody waits for them any more.
        self.running: set[asyncio.Task[None]] = set()

    def graph(self, tenant: str) -> "ChatGraph":
        """The compiled graph over the tenant's threads."""
        from graphs.chat.graph import build_chat_graph  # noqa: PLC0415 - slow to load

        with self._lock:
            if tenant not in self._graphs:
                self._graphs[tenant] = build_chat_graph(self._store.checkpoints_port(tenant))
            return self._graphs[tenant]

    def names(self, caller: Caller) -> Names:
        """The names of all records that the caller may see now; kept until one of them changes."""
        now = time.monotonic()
        with self._store.read() as unit:
            edition = unit.records.edition(caller.tenant, _NAMED)
            with self._lock:
                kept = self._names.get(caller)
            if kept is not None and kept.edition == edition and now < kept.until:
                return kept.names
            names = _read_names(unit, caller)
        with self._lock:
            self._names.pop(caller, None)
            while len(self._names) >= _MOST_KEPT:
                del self._names[next(iter(self._names))]
            self._names[caller] = _Kept(names, edition, now + _KEPT_S)
        return names


def _read_names(unit: Session, caller: Caller) -> Names:
    find = unit.records.find
    return build_names(
        find(caller, Account),
        find(caller, Contact),
        find(caller, Product),
        find(caller, Opportunity),
        find(caller, SalesPerson),
    )
