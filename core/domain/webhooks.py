"""Events between the hub and other systems, as CloudEvents 1.0 over signed webhooks."""

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen

WHSEC = "whsec_"

# A moment that other systems name: near the ends of the calendar a time with a zone cannot be written in UTC.
Moment: TypeAlias = Annotated[
    AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]


class EventOut(StrEnum):
    """Events that other systems may ask for."""

    PACKAGE_READY = "package.ready"
    REVIEW_DUE = "review.due"
    EFFECT_CONFIRMED = "effect.confirmed"
    REPLY_DRAFTED = "reply.drafted"


class EventIn(StrEnum):
    """Events that other systems may send."""

    VISIT_REQUESTED = "visit.requested"
    MAIL_RECEIVED = "mail.received"
    MEETING_ENDED = "meeting.ended"
    OPPORTUNITY_CHANGED = "opportunity.changed"
    STOCK_CHANGED = "stock.changed"


class Outcome(StrEnum):
    """What became of an event: its work was done, nothing of it was newer than what is known, or it was refused."""

    DONE = "done"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class CloudEvent(Frozen):
    """A CloudEvent 1.0 whose data is a JSON object."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str | None = None
    time: Moment | None = None
    datacontenttype: str = "application/json"
    data: dict[str, Any]


class Endpoint(Frozen):
    """Where events are sent. `secrets` are the newest first; the older ones sign too until `overlap_until`."""

    id: str
    url: str
    secrets: tuple[str, ...] = Field(repr=False)
    overlap_until: AwareDatetime | None = None
    events: tuple[str, ...]
    active: bool = True
    created_at: AwareDatetime


class DeliveryStatus(StrEnum):
    """State of one delivery. `dead` was tried for as long as it is worth; `stopped` lost its endpoint."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    STOPPED = "stopped"


class Delivery(Frozen):
    """One event on its way to one endpoint. `id` is the `webhook-id` of every attempt; `lease` counts the holders."""

    id: str
    endpoint_id: str
    event_id: str
    type: str
    body: str = Field(repr=False)
    status: DeliveryStatus
    attempts: int
    due_at: AwareDatetime
    lease: int
    error: str | None = None
    created_at: AwareDatetime
    done_at: AwareDatetime | None = None


class WebhookKey(Frozen):
    """A secret with which `source` signs; its requests have the rights of the user `run_as`.

    It is valid until `retires_at`, so that an old and a new key may overlap.
    """

    id: str
    source: str
    secret: str = Field(repr=False)
    run_as: str
    created_at: AwareDatetime
    retires_at: AwareDatetime | None = None


class ReceivedEvent(Frozen):
    """An event that was taken in. `digest` tells its contents apart; `detail` is what it led to, or why it did not."""

    source: str
    id: str
    type: str
    subject: str | None = None
    body: str = Field(repr=False)
    digest: str
    occurred_at: AwareDatetime | None = None
    received_at: AwareDatetime
    run_as: str
    outcome: Outcome
    detail: str | None = None


def event_source(tenant: str) -> str:
    """The `source` of the events of one tenant, a URI reference."""
    return f"/saleshub/{quote(tenant, safe='')}"


def outgoing_id(tenant: str, type_: str, subject: str, data: dict[str, Any]) -> str:
    """The id of an event the hub sends: of what it says, so that saying it again is the same event."""
    said = json.dumps([tenant, type_, subject, data], default=str, ensure_ascii=False, sort_keys=True)
    return f"evt_{hashlib.sha256(said.encode()).hexdigest()[:32]}"
