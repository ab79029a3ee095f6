"""Effects: writes to outside systems, from the proposal to the proof that they happened once."""

import hashlib
import json
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from core.domain.base import Frozen, System
from core.domain.payloads import Operation, Payload
from core.identity import Caller, Role


class Verdict(StrEnum):
    """What policy says to something a person or an agent wants to do."""

    ALLOWED = "allowed"
    NEEDS_APPROVAL = "needs_approval"
    FORBIDDEN = "forbidden"


class RiskClass(StrEnum):
    """What a wrong write would cost: a note to delete, something to repair, or money and promises."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class EffectStatus(StrEnum):
    """Where an effect stands. `sent` means accepted by the system and not yet read back."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"
    COMPENSATED = "compensated"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen unless a person asks for it."""
        return self not in (EffectStatus.PROPOSED, EffectStatus.APPROVED, EffectStatus.SENT)


class EffectFacts(Frozen):
    """What policy asks about an effect. `discount` is a fraction; None means unknown."""

    operation: Operation
    amount_cny: Decimal | None = None
    discount: Decimal | None = None
    region: str | None = None
    customer_class: str | None = None


class ApprovalStep(Frozen):
    """`quorum` different people with `role` must agree; steps of one `position` run side by side, lower ones first."""

    position: int
    role: Role
    quorum: int = 1
    rule: str
    reason: str
    reason_zh: str | None = None


class Route(Frozen):
    """What policy says to an effect: ids of the `rules` that said so, and who must agree, in order."""

    verdict: Verdict
    rules: tuple[str, ...]
    steps: tuple[ApprovalStep, ...] = ()


class Change(Frozen):
    """One field of the preview: what is there now (None: nothing), and what will be."""

    field: str
    old: str | None = None
    new: str | None = None


class Proposal(Frozen):
    """What a write tool returns: nothing has been written, and nothing will be unless policy and people agree.

    `region` and `audience` are those of the records that it tells of, see `core.identity.Caller.may_see`.
    """

    payload: Payload
    risk: RiskClass
    facts: EffectFacts
    preview: tuple[Change, ...]
    region: str | None = None
    audience: frozenset[Role] = frozenset()


class Effect(Frozen):
    """A recorded proposal and what became of it.

    `digest` is the SHA-256 of the payload: approvals are given to it and to nothing else. `key` is the idempotency key
    sent to the system. Effects of one `group` run in the order of `position`; when one is refused, those before it are
    undone. `region` and `audience` are those of the records that it tells of, and of who must agree to it.
    """

    id: str
    system: System
    payload: Payload
    digest: str
    risk: RiskClass
    facts: EffectFacts
    preview: tuple[Change, ...]
    route: Route
    account_id: str
    region: str | None = None
    audience: frozenset[Role] = frozenset()
    proposed_by: Caller
    origin: str
    run_id: str | None = None
    group: str | None = None
    position: int = 0
    status: EffectStatus
    reason: str | None = None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    ended_at: AwareDatetime | None = None

    @property
    def key(self) -> str:
        """The idempotency key under which the system knows this effect."""
        return self.id


class SeatStatus(StrEnum):
    """State of one approval that is needed. `void` means that it no longer matters."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"


class Seat(Frozen):
    """One approval that an effect needs, and who gave or refused it."""

    id: str
    effect_id: str
    position: int
    role: Role
    rule: str
    reason: str
    reason_zh: str | None = None
    status: SeatStatus = SeatStatus.OPEN
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    comment: str | None = None


class Receipt(Frozen):
    """What the system says it wrote under a key: the record, and its fields as the system holds them."""

    key: str
    record_kind: str
    record_id: str


class DeliveryStatus(StrEnum):
    """How far a sending is: `sent` was accepted and is yet to be read back, `dead` waits for a person."""

    WAITING = "waiting"
    SENT = "sent"
    CONFIRMED = "confirmed"
    DEAD = "dead"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be tried unless a person asks for it."""
        return self not in (DeliveryStatus.WAITING, DeliveryStatus.SENT)


class Delivery(Frozen):
    """How far the sending of an effect is, for an operator. `error` is a short stable code."""

    effect_id: str
    undo: bool = False
    status: DeliveryStatus
    attempts: int
    due_at: AwareDatetime
    leased_by: str | None = None
    error: str | None = None
    error_detail: str | None = None
    receipt: Receipt | None = None


def digest_of_payload(payload: Payload) -> str:
    """SHA-256 over the payload as canonical JSON (sorted keys, no spaces), hexadecimal."""
    return _digest(payload.model_dump(mode="json"))


def digest_of_preview(preview: tuple[Change, ...]) -> str:
    """The same over what people are shown of it."""
    return _digest([change.model_dump(mode="json") for change in preview])


def _digest(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
