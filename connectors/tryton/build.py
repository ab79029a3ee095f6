"""Putting Tryton behind the ports."""

from dataclasses import dataclass

from connectors.tryton.address import read_address
from connectors.tryton.contracts import TrytonContracts
from connectors.tryton.crm import TrytonCrm
from connectors.tryton.erp import TrytonErp
from connectors.tryton.source import TrytonSource
from core.ports.clock import Clock, SystemClock
from core.ports.systems import Systems


@dataclass(frozen=True, slots=True)
class Tryton(Systems):
    """A company whose CRM, ERP and contracts are in Tryton."""

    source: TrytonSource


def build_tryton(url: str, held: Systems, *, clock: Clock | None = None, timeout_s: float = 20.0) -> Tryton:
    """Systems of record on the Tryton at `url` (see `read_address`); SetupError when the URL lacks a part.

    `held` answers what Tryton has no place for: pricing and approval rules, market notes, experts, references.
    """
    source = TrytonSource(read_address(url), clock or SystemClock(), timeout_s)
    return Tryton(
        crm=TrytonCrm(source),
        erp=TrytonErp(source, held.erp),
        contracts=TrytonContracts(source, held.contracts),
        market=held.market,
        resources=held.resources,
        source=source,
    )
