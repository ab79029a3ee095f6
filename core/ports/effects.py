"""Writing to outside systems: each write under an idempotency key, found again before and read back after."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from core.domain.base import System
from core.domain.effects import Change, Receipt
from core.domain.payloads import Payload


class EffectTarget(Protocol):
    """A system that can be written to.

    Every method raises `SourceError` when the system does not answer usefully (it may or may not have acted: look
    again), and `RefusedError` when it answered that it will not do this, and nothing was written.
    """

    async def find(self, tenant: str, key: str) -> Receipt | None:
        """What was written under the key, if anything was."""

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """Write under the key, once: with a key that was used before, nothing is written and its receipt returned.

        An update whose record no longer holds the expected values is refused.
        """

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        """Fields that the system does not hold as the payload has them; empty when all is well."""

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """Take back what was written under the key, once; None when nothing was.

        Records made are cancelled or marked void, updated fields get back what was expected before.
        """


Targets: TypeAlias = Mapping[System, EffectTarget]
