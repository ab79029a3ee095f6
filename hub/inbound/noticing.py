"""Which messages are noticed: what outsiders wrote to us lately."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.domain.interactions import Author, Interaction, InteractionKind
from core.text import address_of
from db.store import Session
from hub.events.acting import AHEAD

_MACHINES = re.compile(
    r"(?:no|do-?not)[._-]?reply|(?:mailer-daemon|postmaster|bounces?|notifications?|newsletters?|news|alerts?)$",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|automatische antwort"
    r"|undeliver(?:able|ed)|delivery status notification|mail delivery (?:failed|failure)"
    r"|自动(?:回复|答复)|系统退信|退信)",
    re.IGNORECASE,
)


def notice_messages(
    unit: Session, tenant: str, received: Iterable[Interaction], now: datetime, within: timedelta
) -> int:
    """Have the messages among `received` prepared that wait for an answer, in the caller's transaction; how many.

    These are mails of others than our own people, no older than `within`: an import of years of mail is history. What a
    machine sent, such as an absence note, waits for nobody. A message is noticed once, however often it is received.
    Mails of our own end the messages that they answer.
    """
    mails = [one for one in received if one.form is InteractionKind.MAIL and is_recent(one, now, within)]
    waiting = [one for one in mails if one.author is not Author.INTERNAL and not is_automatic(one)]
    unit.inbound.notice(tenant, waiting, at=now)
    for own in mails:
        if own.author is Author.INTERNAL:
            unit.inbound.answered_by(tenant, own)
    return len(waiting)


def is_automatic(message: Interaction) -> bool:
    """Whether a machine sent it, by its address or its subject; nobody reads what is answered to it."""
    mailbox = address_of(message.sender or "").partition("@")[0]
    return bool(_MACHINES.match(mailbox) or _AUTOMATIC.match(message.subject or ""))


def is_recent(message: Interaction, now: datetime, within: timedelta) -> bool:
    """Whether a message may still expect an answer. One a little ahead of our clock is recent, too."""
    return message.at <= now + AHEAD and now - message.at <= within
