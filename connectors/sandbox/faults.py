"""What is wrong with the sandbox systems, for trials of what happens then."""

from datetime import timedelta

from pydantic import Field

from core.domain.base import Frozen, System


class Fault(Frozen):
    """What is wrong with one system: down, late by `slow` seconds, answering rubbish, refusing, behind by `stale`."""

    down: bool = False
    slow: float = Field(default=0, ge=0, allow_inf_nan=False)
    malformed: bool = False
    forbidden: bool = False
    stale: timedelta = Field(default=timedelta(0), ge=timedelta(0))


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
