"""An embedded engine that leaves every question to the language model, so that the model is what is measured."""

from datetime import date

from agents.understanding.dialogue import Dialogue, Status, Understanding
from agents.understanding.names import Names
from agents.understanding.understand import THRESHOLD
from core.domain.chat import Reason
from core.language import Lang, detect_language


def hand_over(
    question: str,
    dialogue: Dialogue,
    names: Names,
    today: date,
    *,
    lang: Lang | None = None,
    threshold: float = THRESHOLD,
) -> Understanding:
    """In place of `understand`: it understands nothing, and says that a model would."""
    del names, today, threshold
    lang = lang or detect_language(question)
    return Understanding(status=Status.REFUSE, reason=Reason.NEEDS_MODEL, lang=lang, dialogue=dialogue)
