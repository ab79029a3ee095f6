"""A hub that dies while it sends: at the target or in its own database, before or after what it was doing was done."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.domain.effects import Receipt
from core.domain.payloads import Payload
from core.ports.effects import EffectTarget
from db.store import Session, Store
from hub.effects.dispatching import dispatch_due
from hub.installation import Platform


class Crash(BaseException):
    """The process ends here: nothing catches this."""


class Point(StrEnum):
    """Where the hub dies: around the write at the target, around a transaction of its own."""

    BEFORE_SEND = "before send"
    AFTER_ACCEPT = "after accept"
    AFTER_REPLY = "after reply"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"


@dataclass(frozen=True, slots=True)
class DyingTarget:
    """A target whose caller dies before what it asks reaches the system, or before it hears the answer."""

    inner: EffectTarget
    point: Point

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """Write, unless the caller is dead by then."""
        if self.point is Point.BEFORE_SEND:
            raise Crash
        receipt = await self.inner.apply(tenant, key, payload)
        if self.point is Point.AFTER_ACCEPT:
            raise Crash
        return receipt

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """Take back, unless the caller is dead by then."""
        if self.point is Point.BEFORE_SEND:
            raise Crash
        receipt = await self.inner.undo(tenant, key, payload)
        if self.point is Point.AFTER_ACCEPT:
            raise Crash
        return receipt


class DyingStore:
    """A store whose user dies at transaction number `at`, counted from 1: before it, at its commit, or after it."""

    def __init__(self, inner: Store, point: Point, at: int) -> None:
        self._inner = inner
        self._point = point
        self._left = at

    def read(self) -> AbstractContextManager[Session]:
        """Reading never dies."""
        return self._inner.read()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction, or the end."""
        self._left -= 1
        now = self._left == 0
        if now and self._point is Point.AFTER_REPLY:
            raise Crash
        with self._inner.write() as session:
            yield session
            if now and self._point is Point.BEFORE_COMMIT:
                raise Crash
        if now and self._point is Point.AFTER_COMMIT:
            raise Crash


def dispatch_dying(platform: Platform, worker: str, point: Point, at: int) -> bool:
    """One round by a process that dies at the point, if it gets there; whether it did."""
    store: Any = DyingStore(platform.store, point, at)
    targets = {system: DyingTarget(target, point) for system, target in platform.targets.items()}
    try:
        dispatch_due(replace(platform, store=store, targets=targets), worker)
    except Crash:
        return True
    return False
