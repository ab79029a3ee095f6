"""Mails and meetings that came in as events: kept as interactions, never read as instructions."""

from connectors.exports.correspondents import account_of_mail, build_interaction
from connectors.exports.directory import Directory, stable_id
from connectors.exports.mails import mail_id, new_words
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.resources import Expert
from core.domain.webhook_data import MailReceived, MeetingEnded
from core.domain.webhooks import Outcome
from core.errors import InvalidInputError
from hub.directory import resolve_account
from hub.events.acting import AHEAD, Result, Work
from hub.inbound.noticing import notice_messages
from memory.passages import split_passages

_PEOPLE = (Account, SalesPerson, Expert, Contact)


def take_mail(work: Work, data: MailReceived) -> Result:
    """Keep a mail with the account of its addresses. Raises RefusedError or InvalidInputError."""
    directory = _directory(work)
    sender, recipients = data.sender.casefold(), [address.casefold() for address in (*data.to, *data.cc)]
    text = new_words(data.text)
    subject = (data.subject or "").strip() or None
    mail = build_interaction(
        directory,
        account_of_mail(directory, sender, recipients),
        id_=mail_id(sender, data.sent_at, data.message_id or "", subject, text),
        form=InteractionKind.MAIL,
        at=data.sent_at,
        sender=sender,
        recipients=recipients,
        subject=subject,
        text=text or (subject or ""),
    )
    return _keep(work, mail, verified=data.sender_verified)


def take_meeting(work: Work, data: MeetingEnded) -> Result:
    """Keep a meeting or call. Raises NotFoundError, RefusedError or InvalidInputError."""
    directory = _directory(work)
    account = resolve_account(list(directory.accounts.values()), data.account)
    form = InteractionKind.CALL if data.call else InteractionKind.MEETING
    meeting = build_interaction(
        directory,
        account,
        id_=stable_id(form, work.event.source, data.meeting_id),
        form=form,
        at=data.held_at,
        recipients=data.attendees or tuple(dict.fromkeys(turn.speaker for turn in data.turns)),
        subject=data.title,
        text=data.text,
        turns=data.turns,
    )
    return _keep(work, meeting, verified=data.speakers_verified)


def _keep(work: Work, item: Interaction, *, verified: bool) -> Result:
    """Remember an interaction. Who wrote to us can claim any name: unless that was verified it is not one of us."""
    if item.at > work.now + AHEAD:
        raise InvalidInputError("lies in the future", field="data", remedy="Send the time at which it took place.")
    if item.author is Author.INTERNAL and not verified:
        item = item.model_copy(update={"author": Author.EXTERNAL})
    contradiction = work.unit.interactions.contradictions(work.tenant, [item]).get(item.id)
    if contradiction:
        said = f"“{item.id}” is already an interaction of {contradiction}"
        raise InvalidInputError(said, field="data", remedy="Give this one an id of its own.")
    written, _ = work.unit.interactions.upsert(work.tenant, [item], [work.origin], at=work.now)
    work.unit.passages.replace_many(work.tenant, {id_: split_passages(item) for id_ in written})
    notice_messages(work.unit, work.tenant, [item], work.now, work.notice_within)
    return Outcome.DONE, item.id


def _directory(work: Work) -> Directory:
    """Everyone the caller may know of."""
    return Directory.of(record for kind in _PEOPLE for record in work.unit.records.find(work.caller, kind))
