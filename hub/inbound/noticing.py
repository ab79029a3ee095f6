"""Which messages are noticed: what outsiders wrote to us lately."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain.interactions import Author, Interaction, InteractionKind
from db.store import Session
from hub.events.acting import AHEAD


def notice_messages(
    unit: Session, tenant: str, received: Iterable[Interaction], now: datetime, within: timedelta
) -> int:
    """Have the messages among `received` prepared that wait for an answer, in the caller's transaction; how many.

    These are mails of others than our own people, no older than `within`: an import of years of mail is history. A
    message is noticed once, however often it is received. Mails of our own end the messages that they answer.
    """
    mails = [one for one in received if one.form is InteractionKind.MAIL and is_recent(one, now, within)]
    waiting = [one for one in mails if one.author is not Author.INTERNAL]
    unit.inbound.notice(tenant, waiting, at=now)
    for own in mails:
        if own.author is Author.INTERNAL:
            unit.inbound.answered_by(tenant, own)
    return len(waiting)


def is_recent(message: Interaction, now: datetime, within: timedelta) -> bool:
    """Whether a message may still expect an answer. One a little ahead of our clock is recent, too."""
    return message.at <= now + AHEAD and now - message.at <= within
