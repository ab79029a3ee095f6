"""Systems that answer badly: what can go wrong with one call to a system that is written to."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from core.domain.effects import Change, Receipt
from core.domain.payloads import Payload
from core.errors import RefusedError, SourceError
from core.ports.effects import EffectTarget

T = TypeVar("T")
Call: TypeAlias = Callable[[], Awaitable[Any]]
Misbehaviour: TypeAlias = Callable[[str, Call], Awaitable[Any]]

_HANGS_S = 3600.0
_SYSTEM = "trial"


@dataclass(slots=True)
class Mood:
    """How a system behaves: badly in a `share` of the calls while `bad`."""

    misbehaviour: Misbehaviour
    chance: random.Random
    share: float = 0.4
    bad: bool = True
    struck: int = 0

    async def answer(self, method: str, call: Call) -> Any:
        """The answer to one call."""
        if not self.bad or self.chance.random() >= self.share:
            return await call()
        self.struck += 1
        return await self.misbehaviour(method, call)


@dataclass(frozen=True, slots=True)
class MoodyTarget:
    """A target between which and us something goes wrong."""

    inner: EffectTarget
    mood: Mood

    async def find(self, tenant: str, key: str) -> Receipt | None:
        """As the target, or badly."""
        found: Receipt | None = await self.mood.answer("find", lambda: self.inner.find(tenant, key))
        return found

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """As the target, or badly."""
        receipt: Receipt = await self.mood.answer("apply", lambda: self.inner.apply(tenant, key, payload))
        return receipt

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        """As the target, or badly."""
        changes: Sequence[Change] = await self.mood.answer(
            "read_back", lambda: self.inner.read_back(tenant, receipt, payload)
        )
        return changes

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """As the target, or badly."""
        receipt: Receipt | None = await self.mood.answer("undo", lambda: self.inner.undo(tenant, key, payload))
        return receipt


def _fails(reason: str, *, after: bool = False, retry_after: float | None = None) -> Misbehaviour:
    async def misbehave(_method: str, call: Call) -> Any:
        if after:
            await call()
        raise SourceError(_SYSTEM, reason, retry_after=retry_after)

    return misbehave


def _breaks(error: Exception, *, after: bool) -> Misbehaviour:
    """An error that nobody foresaw."""

    async def misbehave(_method: str, call: Call) -> Any:
        if after:
            await call()
        raise error

    return misbehave


def _hangs(*, after: bool) -> Misbehaviour:
    async def misbehave(_method: str, call: Call) -> Any:
        if after:
            await call()
        await asyncio.sleep(_HANGS_S)

    return misbehave


async def _slow(_method: str, call: Call) -> Any:
    await asyncio.sleep(0.02)
    return await call()


async def _sent_twice(_method: str, call: Call) -> Any:
    await call()
    return await call()


async def _sent_twice_at_once(_method: str, call: Call) -> Any:
    return (await asyncio.gather(call(), call()))[0]


async def _finds_nothing(method: str, call: Call) -> Any:
    return None if method == "find" else await call()


async def _reads_old(method: str, call: Call) -> Any:
    return [Change(field="subject", old="before", new="after")] if method == "read_back" else await call()


async def _refuses(method: str, call: Call) -> Any:
    if method != "apply":
        return await call()
    raise RefusedError(_SYSTEM, "forbidden", "closed for stock-taking")


MISBEHAVIOURS: Mapping[str, Misbehaviour] = {
    "throttled_429": _fails("throttled", retry_after=2.0),
    "server_error_5xx": _fails("down"),
    "server_error_after_accept": _fails("down", after=True),
    "timeout_before_accept": _hangs(after=False),
    "timeout_after_accept": _hangs(after=True),
    "slow": _slow,
    "malformed_reply": _fails("malformed", after=True),
    "unparsable_reply": _breaks(ValueError("Expecting value"), after=True),
    "connection_refused": _breaks(ConnectionRefusedError(), after=False),
    "connection_reset_before": _breaks(ConnectionResetError(), after=False),
    "connection_reset_after": _breaks(ConnectionResetError(), after=True),
    "login_refused": _fails("forbidden"),
    "request_sent_twice": _sent_twice,
    "request_sent_twice_at_once": _sent_twice_at_once,
    "lookup_lags_behind": _finds_nothing,
    "read_back_lags_behind": _reads_old,
    "refused": _refuses,
}
