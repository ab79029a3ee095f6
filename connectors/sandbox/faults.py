"""What is wrong with the sandbox systems, for trials of what happens then."""

from datetime import timedelta
from random import Random
from threading import Lock

from pydantic import Field

from core.domain.base import Frozen, System


class Fault(Frozen):
    """What is wrong with one system: down, late by `slow` seconds, answering rubbish, refusing, behind by `stale`.

    Also `throttled`; and of writes alone: done with the answer lost (`lost_reply`), or `refused`. It strikes a `share`
    of the calls, chosen by `seed`, and only the `first` so many where that is given.
    """

    down: bool = False
    slow: float = Field(default=0, ge=0, allow_inf_nan=False)
    malformed: bool = False
    forbidden: bool = False
    stale: timedelta = Field(default=timedelta(0), ge=timedelta(0))
    throttled: bool = False
    lost_reply: bool = False
    refused: bool = False
    share: float = Field(default=1, ge=0, le=1)
    first: int | None = Field(default=None, ge=0)
    seed: int = 0


_NOTHING = Fault()


class Trouble:
    """A fault, call by call; may be used from many threads."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._lock = Lock()
        self._calls = 0
        self._random = Random(fault.seed)  # noqa: S311

    def strike(self, *, writing: bool = False) -> Fault:
        """What is wrong with this call: the fault, or nothing."""
        fault = self._fault
        if not writing and (fault.lost_reply or fault.refused):
            return _NOTHING
        with self._lock:
            self._calls += 1
            struck = (fault.first is None or self._calls <= fault.first) and self._random.random() < fault.share
        return fault if struck else _NOTHING


class Faults(Frozen):
    """What is wrong, system by system; nothing unless said."""

    crm: Fault = Fault()
    erp: Fault = Fault()
    contracts: Fault = Fault()
    market: Fault = Fault()
    resources: Fault = Fault()
    memory: Fault = Fault()

    def of(self, system: System) -> Fault:
        """What is wrong with `system`."""
        fault: Fault = getattr(self, system.value)
        return fault
