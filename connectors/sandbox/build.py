"""Putting the sandbox together."""

from dataclasses import dataclass

from connectors.sandbox.counts import Counts
from connectors.sandbox.faults import Faults, Trouble
from connectors.sandbox.source import Source
from connectors.sandbox.systems import SandboxContracts, SandboxCrm, SandboxErp, SandboxMarket, SandboxResources
from core.domain.base import System
from core.ports.record_store import RecordStore
from core.ports.systems import Systems


@dataclass(frozen=True, slots=True)
class Sandbox(Systems):
    """The embedded systems of record, and how often they were called."""

    counts: Counts


def build_sandbox(records: RecordStore, faults: Faults | None = None) -> Sandbox:
    """Systems of record on `records`, which must be usable from many threads, with `faults` if any."""
    wrong, counts = faults or Faults(), Counts()

    def source(system: System) -> Source:
        return Source(system, records, Trouble(wrong.of(system)), counts)

    return Sandbox(
        crm=SandboxCrm(source(System.CRM)),
        erp=SandboxErp(source(System.ERP)),
        contracts=SandboxContracts(source(System.CONTRACTS)),
        market=SandboxMarket(source(System.MARKET)),
        resources=SandboxResources(source(System.RESOURCES)),
        counts=counts,
    )
