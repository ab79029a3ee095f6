"""Putting Tryton behind the ports."""

from dataclasses import dataclass

from connectors.tryton.address import read_address
from connectors.tryton.changes import TrytonChanges
from connectors.tryton.contracts import TrytonContracts
from connectors.tryton.crm import TrytonCrm
from connectors.tryton.erp import TrytonErp
from connectors.tryton.source import TrytonSource
from connectors.tryton.target import TrytonTarget
from core.domain.base import System
from core.ports.clock import Clock, SystemClock
from core.ports.effects import Targets
from core.ports.systems import Systems


@dataclass(frozen=True, slots=True)
class Tryton(Systems):
    """A company whose CRM, ERP and contracts are in Tryton."""

    source: TrytonSource

    @property
    def targets(self) -> Targets:
        """Where effects on these systems are written."""
        return {system: TrytonTarget(self.source, system) for system in (System.CRM, System.ERP, System.CONTRACTS)}

    @property
    def changes(self) -> TrytonChanges:
        """What others change there."""
        return TrytonChanges(self.source)


def build_tryton(url: str, held: Systems, *, clock: Clock | None = None, timeout_s: float = 20.0) -> Tryton:
    """Systems of record on the Tryton at `url` (see `read_address`); SetupError when the URL lacks a part.

    `held` answers what Tryton has no place for: pricing and approval rules, market notes, experts, references.
    """
    return tryton_behind(TrytonSource(read_address(url), clock or SystemClock(), timeout_s), held)


def tryton_behind(source: TrytonSource, held: Systems) -> Tryton:
    """The same on a server that is known already."""
    return Tryton(
        crm=TrytonCrm(source),
        erp=TrytonErp(source, held.erp),
        contracts=TrytonContracts(source, held.contracts),
        market=held.market,
        resources=held.resources,
        source=source,
    )
