"""The tools with which a planner steers the turn instead of reading: look again, ask back, decline."""

from agents.planning.spec import ToolSchema
from core.domain.chat import AnswerStatus, Choice, Reason
from graphs.chat.outcomes import hub_says
from graphs.chat.state import Outcome
from graphs.models.messages import ToolCall
from graphs.visit.facts import addresses, figures

LOOK_AGAIN, ASK_BACK, DECLINE = "look_again", "ask_back", "decline"

_LONGEST = 300
_MOST_CHOICES = 5
_NOTHING = {"type": "object", "properties": {}, "additionalProperties": False}

CONTROL: tuple[ToolSchema, ...] = (
    ToolSchema(LOOK_AGAIN, "Be asked again once the results of the other calls are there", _NOTHING),
    ToolSchema(
        ASK_BACK,
        "Ask the user one short question, without which the message cannot be answered",
        {
            "type": "object",
            "properties": {
                "question": {"type": "string", "description": "The question, in the user's language"},
                "choices": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Short answers to choose from",
                },
            },
            "required": ["question"],
            "additionalProperties": False,
        },
    ),
    ToolSchema(DECLINE, "Say that no tool fits the message", _NOTHING),
)


def is_plain(question: str, asked: str) -> bool:
    """Whether a model's question tells nothing by itself: no figure or address that the user did not write."""
    if not 0 < len(question.strip()) <= _LONGEST or not question.isprintable():
        return False
    known = figures(asked)
    told = all(set(found) <= set(known.get(kind, ())) for kind, found in figures(question).items())
    return told and not addresses(question) - addresses(asked)


def ask_by_model(question: str, call: ToolCall | None) -> Outcome:
    """An outcome that asks the user what the planner asked."""
    offered = call.args.get("choices", []) if call else []
    kept = [each for each in offered if isinstance(each, str) and is_plain(each, question)][:_MOST_CHOICES]
    return Outcome(
        status=AnswerStatus.CLARIFY,
        reason=Reason.UNSURE,
        statements=(hub_says(question.strip()),),
        choices=tuple(Choice(label=each, message=each) for each in kept),
    )
