"""Writing to Tryton through the ledger of its `saleshub` module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.tryton.client import TrytonClient, TrytonRefusalError
from connectors.tryton.source import TrytonSource
from core.domain.base import System
from core.domain.effects import Change, Receipt
from core.domain.payloads import Operation, Payload, SetNextStep, UpdateContact, UpdateOpportunity
from core.errors import RefusedError, SourceError

_LEDGER = "model.saleshub.effect"
_RECORDS = {
    Operation.LOG_ACTIVITY: "activity",
    Operation.CREATE_TASK: "task",
    Operation.CREATE_OPPORTUNITY: "opportunity",
    Operation.UPDATE_OPPORTUNITY: "opportunity",
    Operation.SET_NEXT_STEP: "opportunity",
    Operation.CREATE_CONTACT: "contact",
    Operation.UPDATE_CONTACT: "contact",
    Operation.RESERVE_STOCK: "reservation",
    Operation.REQUEST_SAMPLE: "sample_request",
    Operation.DRAFT_QUOTE: "quote",
    Operation.OPEN_REVIEW: "contract_request",
    Operation.REQUEST_AMENDMENT: "contract_request",
    Operation.SCHEDULE_SIGNATURE: "contract_request",
}
# Not fields of the record: how to find it, and what it held before.
_NOT_HELD = {"operation", "expected", "changes", "contact_id"}


@dataclass(frozen=True, slots=True)
class TrytonTarget:
    """`core.ports.effects.EffectTarget` for one of the systems that a Tryton is."""

    source: TrytonSource
    system: System

    async def find(self, tenant: str, key: str) -> Receipt | None:
        """What was written under the key, if anything was."""
        found = await self._call(tenant, "find", [key])
        return self._receipt(found[0]) if found else None

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """Write under the key, once. The ledger's row and the write are one transaction of Tryton's."""
        told = payload.model_dump_json()
        try:
            return self._receipt(await self._call(tenant, "apply", key, payload.operation.value, told))
        except RefusedError as error:
            # A parallel write of the same key is refused as a duplicate: then it is there.
            if error.reason == "invalid" and (known := await self.find(tenant, key)):
                return known
            raise

    async def read_back(self, tenant: str, receipt: Receipt, payload: Payload) -> Sequence[Change]:
        """Fields that the record does not hold as the payload has them."""
        held = await self._call(tenant, "holds", receipt.key)
        if not isinstance(held, dict):
            return [Change(field="record", old=None, new=receipt.record_id)]
        taken_back = [Change(field="void", old="true", new="false")] if held.get("void") else []
        return taken_back + [
            Change(field=name, old=_shown(held.get(name)), new=_shown(value))
            for name, value in _written(payload).items()
            if not _same(held.get(name), value)
        ]

    async def undo(self, tenant: str, key: str, payload: Payload) -> Receipt | None:
        """Take back what was written under the key, once; None when nothing was. The ledger knows what it wrote."""
        found = await self._call(tenant, "undo", key)
        return self._receipt(found) if found else None

    async def _call(self, tenant: str, method: str, *arguments: Any) -> Any:
        client = self._client(tenant)
        try:
            told = await client.call(self.system, f"{_LEDGER}.{method}", *arguments)
        except TrytonRefusalError as error:
            raise RefusedError(self.system, "invalid", str(error)) from error
        if isinstance(told, dict) and "refused" in told:
            raise RefusedError(self.system, told["refused"], told.get("detail", ""))
        return told

    def _client(self, tenant: str) -> TrytonClient:
        client = self.source.client(tenant)
        if client is None:
            raise RefusedError(self.system, "unknown", f"no database of {tenant}")
        return client

    def _receipt(self, told: Any) -> Receipt:
        try:
            kind = _RECORDS[Operation(told["operation"])]
            return Receipt(key=told["key"], record_kind=kind, record_id=told["id"])
        except (LookupError, TypeError, ValueError) as error:
            raise SourceError(self.system, "malformed", "receipt") from error


def _written(payload: Payload) -> dict[str, Any]:
    """The fields that the record must hold after the write, as JSON."""
    match payload:
        case UpdateOpportunity() | UpdateContact():
            return payload.changes.model_dump(mode="json", exclude_none=True)
        case SetNextStep():
            return {"next_step": payload.next_step}
    return payload.model_dump(mode="json", exclude=_NOT_HELD)


def _same(held: Any, wanted: Any) -> bool:
    """Whether a field holds what was wanted; amounts as numbers, details that Tryton does not keep left out."""
    if isinstance(wanted, Mapping) and isinstance(held, Mapping):
        if {"amount", "currency"} <= held.keys() and {"amount", "currency"} <= wanted.keys():
            return held["currency"] == wanted["currency"] and Decimal(held["amount"]) == Decimal(wanted["amount"])
        return all(_same(value, wanted.get(name)) for name, value in held.items())
    if isinstance(wanted, list) and isinstance(held, list):
        return len(held) == len(wanted) and all(map(_same, held, wanted))
    return (held or None) == (wanted or None)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
