"""Reading from one sandbox system, with whatever is wrong with it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import ValidationError

from connectors.sandbox.counts import Counts
from connectors.sandbox.faults import Fault, Trouble
from core.domain.base import Record, System
from core.errors import SourceError
from core.identity import Caller
from core.policy.field_rights import may_read
from core.ports.reading import Reading
from core.ports.record_store import RecordStore

R = TypeVar("R", bound=Record)

_RUBBISH = {"error": "<html><title>502 Bad Gateway</title></html>"}


@dataclass(frozen=True, slots=True)
class Source:
    """One system's records, its fault and its counters."""

    system: System
    records: RecordStore
    trouble: Trouble
    counts: Counts

    async def read(
        self,
        method: str,
        caller: Caller,
        kind: type[R],
        *,
        account_id: str | None = None,
        only: Callable[[R], bool] | None = None,
        order: Callable[[R], tuple[date | str, str]] | None = None,
    ) -> Reading[R]:
        """Records of one kind as port method `method` returns them; SourceError when the system fails."""
        self.counts.note_read(self.system, method)
        if not may_read(caller, kind.kind):
            raise SourceError(self.system, "forbidden", f"a {kind.kind} is not for {caller.user}")
        fault = self.trouble.strike()
        if fault.slow:
            await asyncio.sleep(fault.slow)
        for reason in ("down", "forbidden", "throttled"):
            if getattr(fault, reason):
                raise SourceError(self.system, reason)
        try:
            reading = await asyncio.to_thread(self._load, fault, caller, kind, account_id)
        except ValidationError as error:
            raise SourceError(self.system, "malformed", f"a {kind.kind} has {error.error_count()} errors") from error
        except Exception as error:
            raise SourceError(self.system, "down", type(error).__name__) from error
        found = filter(only, reading.records) if only else reading.records
        return Reading(tuple(sorted(found, key=order) if order else found), reading.as_of)

    def _load(self, fault: Fault, caller: Caller, kind: type[R], account_id: str | None) -> Reading[R]:
        if fault.malformed:
            kind.model_validate(_RUBBISH)
        found = self.records.find(caller, kind, account_id=account_id)
        good = self.records.last_good(caller.tenant, self.system, kind)
        return Reading(tuple(found), None if good is None else good - fault.stale)
