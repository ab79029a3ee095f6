"""Writing to one sandbox system, with whatever is wrong with it. Each write leaves its key in the same transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from connectors.sandbox.counts import Counts
from connectors.sandbox.faults import Fault, Faults, Trouble
from connectors.sandbox.writing import KINDS, differences, undo_record, write_record
from core.domain.base import System
from core.domain.effects import Change, Receipt
from core.domain.payloads import Payload
from core.errors import RefusedError, SourceError
from core.ports.clock import Clock
from core.ports.effects import Targets
from core.ports.keyed_writes import KeyedWrites

T = TypeVar("T")

WRITABLE = (System.CRM, System.ERP, System.CONTRACTS)
_RETRY_AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class SandboxTarget:
    """`core.ports.effects.EffectTarget` on records of the hub's own database."""

    system: System
    writes: KeyedWrites
    trouble: Trouble
    counts: Counts
    clock: Clock

    async def find(self, tenant: str, key: str) -> Receipt | None:
        """What was written under the key."""
        return await self._asked(self.trouble.strike(), lambda: self.writes.receipt(tenant, key))

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """Write once; a key that was taken back before it was used is refused."""
        at = self.clock.now()
        receipt = await self._written(
            payload.operation,
            lambda: self.writes.write_once(tenant, key, lambda writing: write_record(writing, key, payload, at), at=at),
        )
        if receipt is None:
            raise RefusedError(self.system, "forbidden", "it was taken back before it was written")
        return receipt

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        """Fields that are not as the payload has them."""
        kind = KINDS[receipt.record_kind]
        record = await self._asked(self.trouble.strike(), lambda: self.writes.record(tenant, kind, receipt.record_id))
        return tuple(differences(record, payload))

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """Void or restore, once."""
        at = self.clock.now()
        return await self._written(
            f"undo_{payload.operation}",
            lambda: self.writes.undo_once(
                tenant, key, lambda writing, receipt: undo_record(writing, receipt, payload), at=at
            ),
        )

    async def _written(self, method: str, write: Callable[[], T]) -> T:
        fault = self.trouble.strike(writing=True)
        self.counts.note_write(self.system, method)
        if fault.refused:
            raise RefusedError(self.system, "forbidden", "refused on purpose")
        answer = await self._asked(fault, write)
        if fault.lost_reply:
            raise SourceError(self.system, "timeout", "the answer was lost")
        return answer

    async def _asked(self, fault: Fault, ask: Callable[[], T]) -> T:
        if fault.slow:
            await asyncio.sleep(fault.slow)
        if fault.throttled:
            raise SourceError(self.system, "throttled", retry_after=_RETRY_AFTER_S)
        if fault.down or fault.forbidden:
            raise SourceError(self.system, "down" if fault.down else "forbidden")
        try:
            answer = await asyncio.to_thread(ask)
        except RefusedError:
            raise
        except Exception as error:
            raise SourceError(self.system, "down", type(error).__name__) from error
        if fault.malformed:
            # The system did it; only its answer cannot be read.
            raise SourceError(self.system, "malformed")
        return answer


def build_targets(
    writes: KeyedWrites, clock: Clock, faults: Faults | None = None, counts: Counts | None = None
) -> Targets:
    """The sandbox systems that can be written to, with `faults` if any; writes are counted in `counts`."""
    wrong, counted = faults or Faults(), counts or Counts()
    return {system: SandboxTarget(system, writes, Trouble(wrong.of(system)), counted, clock) for system in WRITABLE}
