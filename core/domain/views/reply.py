"""A drafted answer to a customer's message: the reply agent's view."""

from core.domain.base import Frozen, System
from core.domain.claims import ClaimState
from core.language import Lang


class ReplySentence(Frozen):
    """A sentence of a drafted reply, and the evidence it rests on. `promise` marks one that binds us."""

    text: str
    state: ClaimState
    evidence: tuple[str, ...] = ()
    promise: bool = False


class OpenPoint(Frozen):
    """Something the customer asked that no record answers: `quote` is theirs, `topic` a short stable code."""

    topic: str
    quote: str
    evidence: str


class ReplyDraft(Frozen):
    """A reply for a person to check and send; the hub sends nothing.

    `to` is the sender's address when it is a contact's in the CRM, else None: an address from the message itself is
    never offered as recipient. `unread` are the systems that brought nothing for it: they did not answer, or are not
    for whoever answers.
    """

    lang: Lang
    to: str | None
    subject: str
    sentences: tuple[ReplySentence, ...]
    open_points: tuple[OpenPoint, ...] = ()
    unread: tuple[System, ...] = ()

    @property
    def text(self) -> str:
        """The reply as it would be sent, one paragraph a sentence."""
        return "\n\n".join(sentence.text for sentence in self.sentences)
