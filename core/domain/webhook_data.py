"""The data of the events that other systems may send, by type. No data of one type fits another.

`visit.requested` carries a `VisitRequest`, asked with the rights of the user the key runs as. Of changes, fields that
are not sent stay as they are, and those sent as null are cleared.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import Field

from core.domain.base import Frozen
from core.domain.deals import PipelineStage
from core.domain.interactions import Turn
from core.domain.money import Money
from core.domain.visits import VisitRequest
from core.domain.webhooks import EventIn, Moment

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Address: TypeAlias = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)]
Body: TypeAlias = Annotated[str, Field(max_length=500_000)]
Pieces: TypeAlias = Annotated[int, Field(ge=0, le=10**9)]


class MailReceived(Frozen):
    """A mail to or from an account; the account is the one of the addresses.

    `message_id` is that of the mail, so that an import of the same mail is the same interaction. `sender_verified` says
    that the mail system checked who sent it (DMARC); without it nobody counts as our own.
    """

    sender: Address = Field(alias="from")
    to: tuple[Address, ...] = Field(default=(), max_length=200)
    cc: tuple[Address, ...] = Field(default=(), max_length=200)
    sent_at: Moment
    subject: str | None = Field(default=None, max_length=1000)
    text: Body
    message_id: str | None = Field(default=None, max_length=1000)
    sender_verified: bool = False


class MeetingEnded(Frozen):
    """A meeting or call with an account: its turns, or its text where nobody noted who spoke.

    `meeting_id` is the other system's: a later event with it replaces what is known of the meeting.
    """

    account: Name
    meeting_id: Name
    held_at: Moment
    call: bool = False
    title: str | None = Field(default=None, max_length=1000)
    attendees: tuple[Name, ...] = Field(default=(), max_length=200)
    turns: tuple[Turn, ...] = Field(default=(), max_length=10_000)
    text: Body = ""
    speakers_verified: bool = False


class OpportunityChanged(Frozen):
    """Fields of an opportunity as they are since `occurred_at`; a new one also needs `account`, `name` and `stage`."""

    id: Name
    occurred_at: Moment | None = None
    account: Name | None = None
    name: Name | None = None
    stage: PipelineStage | None = None
    amount: Money | None = None
    created_on: date | None = None
    close_on: date | None = None
    owner: Name | None = None
    next_step: str | None = Field(default=None, max_length=2000)
    competitor: Name | None = None
    loss_reason: str | None = Field(default=None, max_length=2000)
    product_id: Name | None = None
    quantity: Pieces | None = None
    discount: Decimal | None = Field(default=None, ge=0, le=1)


class StockChanged(Frozen):
    """Stock of a product in a warehouse as it is since `occurred_at`; a new line also needs `on_hand`."""

    product_id: Name
    warehouse: Name
    occurred_at: Moment | None = None
    on_hand: Pieces | None = None
    reserved: Pieces | None = None
    incoming: Pieces | None = None
    incoming_on: date | None = None
    lead_time_days: int | None = Field(default=None, ge=0, le=3650)


DataIn: TypeAlias = VisitRequest | MailReceived | MeetingEnded | OpportunityChanged | StockChanged

DATA_MODELS: dict[EventIn, type[DataIn]] = {
    EventIn.VISIT_REQUESTED: VisitRequest,
    EventIn.MAIL_RECEIVED: MailReceived,
    EventIn.MEETING_ENDED: MeetingEnded,
    EventIn.OPPORTUNITY_CHANGED: OpportunityChanged,
    EventIn.STOCK_CHANGED: StockChanged,
}
