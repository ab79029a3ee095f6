"""The implementations of the ports to systems of record that the conformance suite runs against."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from connectors.sandbox import Fault, Faults, build_sandbox
from connectors.tryton import build_tryton
from connectors.tryton.build import tryton_behind
from core.domain.base import Record, System
from core.ports.systems import Systems
from db.store import open_store
from tests.samples import NOW
from tests.tryton_server import TrialTryton, failing_url


class Implementation(Protocol):
    """How the suite brings an implementation into a state."""

    def holding(self, folder: Path, records: Mapping[str, Sequence[Record]]) -> AbstractContextManager[Systems]:
        """Systems that hold the records, by tenant, last known good at `NOW`. `folder` is empty and may be used."""

    def failing(self, folder: Path, reason: str) -> AbstractContextManager[Systems]:
        """Systems that fail with the reason: `down`, `malformed`, `forbidden`; or that never answer: `timeout`."""


class Sandbox:
    """The embedded systems on SQLite."""

    def holding(self, folder: Path, records: Mapping[str, Sequence[Record]]) -> AbstractContextManager[Systems]:
        """Records as an import leaves them."""
        return self._open(folder, records, Fault())

    def failing(self, folder: Path, reason: str) -> AbstractContextManager[Systems]:
        """The fault of that name, in every system."""
        fault = Fault(slow=3600) if reason == "timeout" else Fault.model_validate({reason: True})
        return self._open(folder, {}, fault)

    @contextmanager
    def _open(self, folder: Path, records: Mapping[str, Sequence[Record]], fault: Fault) -> Iterator[Systems]:
        with open_store(f"sqlite:///{folder / 'saleshub.sqlite'}") as store:
            with store.write() as session:
                for tenant, held in records.items():
                    session.records.upsert(tenant, held, {}, at=NOW)
            yield build_sandbox(store.records_port(), Faults(**{system.value: fault for system in System}))


@dataclass(frozen=True, slots=True)
class InTryton:
    """Tryton for what it can hold, on a real server; the rest in the sandbox beside it."""

    trial: TrialTryton

    @contextmanager
    def holding(self, folder: Path, records: Mapping[str, Sequence[Record]]) -> Iterator[Systems]:
        """Every record is given to both: what Tryton does not read comes from the sandbox."""
        self.trial.load(records)
        with Sandbox().holding(folder, records) as held:
            yield tryton_behind(self.trial.source, held)

    @contextmanager
    def failing(self, folder: Path, reason: str) -> Iterator[Systems]:
        """A server that is not a Tryton, or none."""
        with failing_url(reason) as url, Sandbox().failing(folder, reason) as held:
            yield build_tryton(url, held)


IMPLEMENTATIONS: dict[str, Callable[[pytest.FixtureRequest], Implementation]] = {
    "sandbox": lambda request: Sandbox(),
    "tryton": lambda request: InTryton(request.getfixturevalue("tryton")),
}
