"""Which sentence of an exchange says most, and which questions stayed open."""

import re
from collections.abc import Sequence
from datetime import date

from agents.analysis.journey import in_order
from agents.analysis.stage_model import CLASSES, load_stage_model
from agents.analysis.voices import Line, customer_lines, lines_of
from core.domain.interactions import Author, Interaction, InteractionKind
from core.language import is_cjk

_QUESTION_END = re.compile(r"[?？]\s*$|[吗呢]\s*[。.]?$")
_POLITE = re.compile(
    r"how are you|how is it going|time (?:for|to)|suit you|work for you|available (?:on|for)"
    r"|方便吗|有空|几点|最近好吗|收到了?吗",
    re.IGNORECASE,
)
_MOST_READ = 40
_OPEN_DAYS = 120
_SHORTEST = 12


def length(text: str) -> int:
    """Rough length in reading units: letters, with a Han character counting three."""
    return sum(3 if is_cjk(char) else 1 for char in text)


def telling_line(interaction: Interaction) -> Line | None:
    """The sentence that most clearly is not small talk, the first on a tie; None for an empty text.

    Judged by the stage classifier's class `none`; fragments and very long sentences count less.
    """
    model, small_talk = load_stage_model(), CLASSES.index("none")
    best: tuple[float, Line] | None = None
    for line in lines_of(interaction)[:_MOST_READ]:
        units = length(line.words)
        share = (1 - float(model.probabilities(line.words)[small_talk])) * min(1.0, units / 60)
        if units > 400:
            share *= 0.5
        if best is None or share > best[0]:
            best = (share, line)
    return best[1] if best else None


def open_questions(interactions: Sequence[Interaction], ours: frozenset[str], today: date) -> list[Line]:
    """Questions of the customer's last 120 days' mails after which no mail, call or meeting of ours is on record.

    Empty when no mail of ours is on record at all: then silence says nothing. Newest first.
    """
    ordered = in_order(interactions)
    answers = [i.at for i in ordered if _answers(i)]
    if not any(i.author is Author.INTERNAL and i.form is InteractionKind.MAIL for i in ordered):
        return []
    found: list[Line] = []
    for interaction in ordered:
        asked_by_mail = interaction.author is Author.CUSTOMER and interaction.form is InteractionKind.MAIL
        fresh = 0 <= (today - interaction.at.date()).days <= _OPEN_DAYS
        if asked_by_mail and fresh and not any(at > interaction.at for at in answers):
            found += [line for line in customer_lines(interaction, ours) if is_question(line.words)]
    return found[::-1]


def is_question(text: str) -> bool:
    """Whether a sentence asks for something beyond a date or a courtesy."""
    return bool(_QUESTION_END.search(text)) and length(text) >= _SHORTEST and not _POLITE.search(text)


def _answers(interaction: Interaction) -> bool:
    spoken = interaction.form in (InteractionKind.MEETING, InteractionKind.CALL)
    written = interaction.form is InteractionKind.MAIL and interaction.author is Author.INTERNAL
    return spoken or written
