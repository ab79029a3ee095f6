"""What people do with messages that wait: read them, hand them on, say that they were answered or need no answer."""

from core.domain.accounts import Contact
from core.domain.audit import AuditEntry
from core.domain.inbound import Inbound, InboundStatus
from core.domain.interactions import Interaction
from core.domain.views.reply import ReplyDraft
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller, Role
from core.policy.field_rights import hidden_fields
from core.policy.permissions import Action, require
from hub.installation import Platform
from hub.people import get_user

_LEADERS = frozenset({Role.MANAGER, Role.ADMIN})
_LONGEST = 20_000


def list_inbound(platform: Platform, caller: Caller, *, mine: bool = True, waiting: bool = True) -> list[Inbound]:
    """Messages the caller may see, newest first: their own, or everybody's; those that wait, or all."""
    with platform.store.read() as unit:
        found = unit.inbound.list(caller, assigned_to=caller.user if mine else None, waiting=waiting)
    return [_as_seen_by(caller, message) for message in found]


def get_inbound(platform: Platform, caller: Caller, message_id: str) -> tuple[Inbound, Interaction]:
    """The message with its text. NotFoundError when there is none the caller may see."""
    with platform.store.read() as unit:
        message, texts = unit.inbound.get(caller, message_id), unit.interactions.get(caller, [message_id])
    if message is None or not texts:
        raise NotFoundError(
            f"no message “{message_id}” waits", field="message", remedy="`saleshub inbox list --all` lists them."
        )
    return _as_seen_by(caller, message), texts[0]


def hand_on(platform: Platform, caller: Caller, message_id: str, user_id: str) -> Inbound:
    """Give the message to another user; its draft is made anew, with what that user may see.

    Raises NotFoundError for an unknown user, ForbiddenError for who neither has the message nor leads, and for a user
    who may not see the account, ConflictError when the message is over.
    """
    message, _text = get_inbound(platform, caller, message_id)
    _require_turn(caller, message)
    user = get_user(platform, caller.tenant, user_id)
    if not user.active or not _can_read(platform, user.caller(caller.tenant), message_id):
        raise ForbiddenError(
            f"“{user_id}” may not see this account", field="user", remedy="Name somebody of the account’s region."
        )
    now = platform.clock.now()
    with platform.store.write() as unit:
        if not unit.inbound.renew(caller.tenant, message_id, assigned_to=user.id, at=now):
            raise _over(message_id)
        entry = AuditEntry(actor=caller.user, action="inbound.handed_on", subject=message_id, body={"to": user.id})
        unit.audit.append(caller.tenant, entry, at=now)
    platform.wake("inbound")
    return get_inbound(platform, caller, message_id)[0]


def mark_answered(platform: Platform, caller: Caller, message_id: str, sent: str | None = None) -> Inbound:
    """Say that the message was answered: with the text `sent`, or in another way. Nothing is sent by this.

    Raises ForbiddenError, ConflictError when it is over, InvalidInputError for an overlong text.
    """
    if sent is not None and len(sent) > _LONGEST:
        raise InvalidInputError(
            f"longer than {_LONGEST} characters", field="sent", remedy="Keep the reply, leave out what it quotes."
        )
    return _end(platform, caller, message_id, InboundStatus.ANSWERED, sent)


def dismiss(platform: Platform, caller: Caller, message_id: str) -> Inbound:
    """Say that the message needs no answer. Raises ForbiddenError, ConflictError when it is over."""
    return _end(platform, caller, message_id, InboundStatus.DISMISSED, None)


def _can_read(platform: Platform, reader: Caller, message_id: str) -> bool:
    """Whether both the message's account and its text are theirs to see."""
    with platform.store.read() as unit:
        return unit.inbound.get(reader, message_id) is not None


def _end(platform: Platform, caller: Caller, message_id: str, status: InboundStatus, sent: str | None) -> Inbound:
    message, _text = get_inbound(platform, caller, message_id)
    _require_turn(caller, message)
    now = platform.clock.now()
    drafted = message.draft.text if message.draft is not None else None
    with platform.store.write() as unit:
        if not unit.inbound.end(caller.tenant, message_id, status, by=caller.user, at=now, edited=sent):
            raise _over(message_id)
        body = {"as_drafted": sent is not None and sent == drafted}
        entry = AuditEntry(actor=caller.user, action=f"inbound.{status}", subject=message_id, body=body)
        unit.audit.append(caller.tenant, entry, at=now)
    return get_inbound(platform, caller, message_id)[0]


def _require_turn(caller: Caller, message: Inbound) -> None:
    if message.status.is_over:
        raise _over(message.id)
    if message.assigned_to != caller.user:
        require(caller, Action.ANSWER_CUSTOMERS)
    if message.assigned_to not in (None, caller.user) and not caller.roles & _LEADERS:
        raise ForbiddenError(
            f"the message is {message.assigned_to}’s", field="message", remedy=f"Ask {message.assigned_to}."
        )


def _over(message_id: str) -> ConflictError:
    return ConflictError(
        f"“{message_id}” is answered or dismissed", field="message", remedy="Read it: nothing is left to do."
    )


def _as_seen_by(caller: Caller, message: Inbound) -> Inbound:
    """The message without the evidence the caller may not see, and without the sentences that rest on it."""
    if message.draft is not None and message.draft.to is not None and "email" in hidden_fields(caller, Contact.kind):
        message = message.model_copy(update={"draft": message.draft.model_copy(update={"to": None})})
    seen = {id_: one for id_, one in message.evidence.items() if caller.may_see(one.region, one.audience)}
    if message.draft is None or len(seen) == len(message.evidence):
        return message
    hidden = message.evidence.keys() - seen.keys()
    draft: ReplyDraft = message.draft
    sentences = tuple(one for one in draft.sentences if not hidden & set(one.evidence))
    points = tuple(one for one in draft.open_points if one.evidence not in hidden)
    return message.model_copy(
        update={"evidence": seen, "draft": draft.model_copy(update={"sentences": sentences, "open_points": points})}
    )
