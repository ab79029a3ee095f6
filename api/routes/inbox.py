"""Customers' messages that wait for an answer."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.deps import CallerDep, PlatformDep
from core.domain.inbound import Inbound
from core.domain.interactions import Interaction
from hub.inbound.answering import dismiss, get_inbound, hand_on, list_inbound, mark_answered

router = APIRouter(prefix="/inbox", tags=["inbox"])

MessageId = Annotated[str, Path(max_length=300)]


class Inbox(BaseModel):
    """Messages, newest first."""

    messages: list[Inbound]


class InboundDetail(BaseModel):
    """A message with its text."""

    inbound: Inbound
    message: Interaction


class Handover(BaseModel):
    """Who answers instead."""

    user: str = Field(min_length=1, max_length=64)


class Sent(BaseModel):
    """The reply as it was sent; null when it was answered in another way."""

    sent: str | None = Field(default=None, max_length=20_000)


@router.get("")
def inbox(
    platform: PlatformDep,
    caller: CallerDep,
    everybody: Annotated[bool, Query(description="Of everybody, not the caller’s alone")] = False,
    over: Annotated[bool, Query(description="With those that are answered or dismissed")] = False,
) -> Inbox:
    """The messages that wait for the caller, each with a drafted reply."""
    return Inbox(messages=list_inbound(platform, caller, mine=not everybody, waiting=not over))


@router.get("/{message_id}")
def message(platform: PlatformDep, caller: CallerDep, message_id: MessageId) -> InboundDetail:
    """One message with its text, what it moved, and the draft."""
    found, text = get_inbound(platform, caller, message_id)
    return InboundDetail(inbound=found, message=text)


@router.post("/{message_id}/hand-on")
def handed_on(platform: PlatformDep, caller: CallerDep, message_id: MessageId, body: Handover) -> Inbound:
    """Give the message to another user; the reply is drafted anew with what they may see."""
    return hand_on(platform, caller, message_id, body.user)


@router.post("/{message_id}/answered")
def answered(platform: PlatformDep, caller: CallerDep, message_id: MessageId, body: Sent) -> Inbound:
    """Say that the message was answered; nothing is sent by this."""
    return mark_answered(platform, caller, message_id, body.sent)


@router.post("/{message_id}/dismiss")
def dismissed(platform: PlatformDep, caller: CallerDep, message_id: MessageId) -> Inbound:
    """Say that the message needs no answer."""
    return dismiss(platform, caller, message_id)
