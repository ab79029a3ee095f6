"""The audit log: what was decided and done, in a chain that shows every change made to it afterwards."""

from typing import Any

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen


class AuditRecord(Frozen):
    """One record. `seq` counts from 1 within a tenant without gaps.

    `hash` is an HMAC-SHA256 (hexadecimal) over `prev`, the hash of the record before, and everything else here as
    canonical JSON. `action` reads `subject_kind.verb` (`effect.approved`), `subject` is an id.
    """

    seq: int
    at: AwareDatetime
    actor: str
    action: str
    subject: str
    body: dict[str, Any]
    prev: str
    hash: str


class AuditEntry(Frozen):
    """What a use case puts on record; the log adds number, time and hashes."""

    actor: str
    action: str
    subject: str
    body: dict[str, Any] = Field(default_factory=dict)
