"""Whose words a sentence is: speakers of turns, quoted replies, and how far a message speaks for the customer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.analysis.identity import name_key, split_address
from core.domain.claims import Sentence
from core.domain.interactions import Author, Interaction, InteractionKind
from core.text import normalise_name, split_sentences

REPORTED = 0.4
"""Weight of what was said at second hand, beside the customer's own words (1)."""

_QUOTE_START = re.compile(
    r"^(?:-{2,}\s*(?:original message|forwarded message|原始邮件|转发邮件)"
    r"|on .{4,120} wrote:$|.{2,60}写道[:：]$|发件人[:：])",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:(?:best|kind|warm|many)?\s*(?:regards|wishes|thanks)|thanks|thank you|sincerely|yours \w+|cheers|best"
    r"|顺?[颂祝]商?祺|此致|敬礼|祝好|谢谢|祝.{2,8})\s*[,，.。!！]*$",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"^([^:：]{1,60})[:：]\s*(.*)$", re.DOTALL)
_SPOKEN = {InteractionKind.MEETING, InteractionKind.CALL}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an interaction. `words` is what was said, without the speaker; `index` counts as in citations."""

    interaction: Interaction
    index: int
    text: str
    words: str
    speaker: str | None

    @property
    def source(self) -> Sentence:
        """The sentence as claims cite it."""
        return Sentence(interaction=self.interaction, index=self.index, text=self.text)

    @property
    def reported(self) -> bool:
        """Whether these are not the customer's own words, but a note of ours or an account at second hand."""
        return customer_weight(self.interaction) < 1.0


def lines_of(interaction: Interaction) -> list[Line]:
    """The sentences of an interaction with their speakers, without the signature of a mail and quoted earlier mail."""
    speakers = {normalise_name(turn.speaker) for turn in interaction.turns}
    is_mail = interaction.form is InteractionKind.MAIL
    current: str | None = None
    found: list[Line] = []
    for index, text in enumerate(split_sentences(interaction.text)):
        if text.startswith(">"):
            continue
        if _QUOTE_START.match(text) or (found and is_mail and _SIGN_OFF.match(text)):
            break
        words = text
        if speakers and (match := _SPEAKER.match(text)) and normalise_name(match[1]) in speakers:
            current, words = match[1].strip(), match[2]
        if words.strip():
            found.append(Line(interaction, index, text, words.strip(), current))
    return found


def is_ours(name: str | None, ours: frozenset[str]) -> bool:
    """Whether a name or address belongs to one of our people (`ours` as `our_names` gives it)."""
    plain, address = split_address(name or "")
    return bool(ours & ({name_key(plain), address} - {""}))


def our_names(interactions: Iterable[Interaction], named: Iterable[str] = ()) -> frozenset[str]:
    """Addresses and names (as `name_key`) of our people: those given, and whoever wrote our own mail."""
    senders = {i.sender for i in interactions if i.author is Author.INTERNAL and i.form is InteractionKind.MAIL}
    parts = [split_address(text) for text in (*named, *senders) if text]
    return frozenset({name_key(name) for name, _ in parts} | {address for _, address in parts}) - {""}


def customer_weight(interaction: Interaction) -> float:
    """How far the interaction speaks for the customer: 1 their own words, 0.4 at second hand, 0 not at all.

    A transcript counts in full, since its speakers are told apart, unless all of them are ours. Second hand are our
    notes, and mail and talks whose author the CRM does not know, who may be the customer under a new address. Our own
    mail and all posts say nothing about where the buyer stands.
    """
    internal = interaction.author is Author.INTERNAL
    if interaction.author is Author.CUSTOMER or (interaction.turns and not internal):
        return 1.0
    if interaction.turns:
        return 0.0
    other = InteractionKind.NOTE if internal else InteractionKind.MAIL
    if interaction.form in (_SPOKEN | {other}):
        return REPORTED
    return 0.0


def customer_lines(interaction: Interaction, ours: frozenset[str]) -> list[Line]:
    """The lines that speak for the customer: all but those of our own people."""
    if customer_weight(interaction) == 0.0:
        return []
    return [line for line in lines_of(interaction) if not is_ours(line.speaker, ours)]
