"""A target and a store in whose hands the process may end, at a chosen point of one write."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from core.domain.effects import Change, Receipt
from core.domain.payloads import Payload
from core.ports.effects import EffectTarget
from db.store import Session, Store

DIED = 77


class Point(StrEnum):
    """Where a worker dies. The commits are those that record the reply and that confirm it."""

    BEFORE_SEND = "before_send"
    AFTER_ACCEPT = "after_accept"
    AFTER_REPLY = "after_reply"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BEFORE_CONFIRMING = "before_confirming"
    AFTER_CONFIRMING = "after_confirming"


_COMMITS = {
    Point.BEFORE_COMMIT: (1, False),
    Point.AFTER_COMMIT: (1, True),
    Point.BEFORE_CONFIRMING: (2, False),
    Point.AFTER_CONFIRMING: (2, True),
}


@dataclass(slots=True)
class Death:
    """Ends this process at a point of one write; `replied` once the system has answered, then commits are counted."""

    point: Point
    replied: bool = False
    commits: int = 0

    def at(self, point: Point) -> None:
        """Die if this is the point."""
        if self.point is point:
            os._exit(DIED)


@dataclass(frozen=True, slots=True)
class DyingTarget:
    """A target during whose writes the process may end."""

    inner: EffectTarget
    death: Death

    async def find(self, tenant: str, key: str) -> Receipt | None:
        """As the target does."""
        return await self.inner.find(tenant, key)

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """As the target does, unless the process ends."""
        self.death.at(Point.BEFORE_SEND)
        receipt = await self.inner.apply(tenant, key, payload)
        self.death.at(Point.AFTER_ACCEPT)
        self.death.replied = True
        return receipt

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        """As the target does."""
        return await self.inner.read_back(tenant, receipt, payload)

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """As the target does, unless the process ends."""
        self.death.at(Point.BEFORE_SEND)
        receipt = await self.inner.undo(tenant, key, payload)
        self.death.at(Point.AFTER_ACCEPT)
        self.death.replied = True
        return receipt


class DyingStore(Store):
    """A store around whose commits, once the target has replied, the process may end."""

    def __init__(self, store: Store, key: bytes, death: Death) -> None:
        super().__init__(store.engine, key)
        self._death = death

    @contextmanager
    def write(self) -> Iterator[Session]:
        """As the store does, unless the process ends."""
        if not self._death.replied:
            with super().write() as unit:
                yield unit
            return
        self._death.at(Point.AFTER_REPLY)
        self._death.commits += 1
        with super().write() as unit:
            yield unit
            self._end_at(after=False)
        self._end_at(after=True)

    def _end_at(self, *, after: bool) -> None:
        if _COMMITS.get(self._death.point) == (self._death.commits, after):
            os._exit(DIED)
