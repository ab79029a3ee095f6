"""What every record of an outside system has in common."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from core.identity import Role
from core.policy.field_rights import unquoted_fields


class System(StrEnum):
    """Where a record comes from: a kind of outside system, or the hub's own memory."""

    CRM = "crm"
    ERP = "erp"
    CONTRACTS = "contracts"
    MARKET = "market"
    RESOURCES = "resources"
    MEMORY = "memory"


class Frozen(BaseModel):
    """Immutable value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Frozen):
    """One record of one system; `id` is unique per tenant and kind.

    `region` and `audience` carry the rights: see `core.identity.Caller.may_see`.
    """

    kind: ClassVar[str]
    system: ClassVar[System]

    id: str
    region: str | None = None
    audience: frozenset[Role] = frozenset()

    @property
    def evidence_id(self) -> str:
        """Stable id under which claims cite this record, `system:kind:id`."""
        return f"{self.system}:{self.kind}:{self.id}"

    @property
    def account(self) -> str | None:
        """Id of the account the record belongs to, if it belongs to one."""
        return getattr(self, "account_id", None)

    def quote(self) -> str:
        """The record's facts on one line, as shown to a person who asks for the source."""
        hidden = {"id", "region", "audience", *unquoted_fields(self.kind)}
        facts = self.model_dump(mode="json", exclude=hidden, exclude_none=True)
        return "; ".join(f"{name}: {_plain(value)}" for name, value in facts.items() if value not in ("", [], {}))


def _plain(value: Any) -> str:
    """A value as a person writes it: an amount with its currency, lists and inner records without brackets."""
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"}:
            return f"{value['currency']} {value['amount']}"
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items() if inner not in (None, "", []))
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    return str(value)


class Evidence(Frozen):
    """A source as a claim cites it.

    `quote` is verbatim text of the source, or its facts on one line; `as_of` is when the source was last known good.
    """

    id: str
    source: System
    record: str
    as_of: datetime
    quote: str
    region: str | None = None
    audience: frozenset[Role] = frozenset()
