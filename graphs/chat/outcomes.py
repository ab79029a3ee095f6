"""How a turn ends: answered, asked back, refused or stopped; always in whole sentences."""

from collections.abc import Sequence

from agents.understanding.dialogue import Understanding
from core.domain.chat import AnswerStatus, Reason, Statement
from core.domain.chat_events import Words
from core.domain.claims import ClaimState
from core.language import Lang
from graphs.chat.state import ChatContext, Outcome, Said
from prompts.loader import load_phrases

# Who says what the hub itself could not do.
HUB = "hub"
_OFFERS = frozenset({Reason.NEEDS_MODEL, Reason.OUT_OF_SCOPE, Reason.UNSURE})


def tell_all(context: ChatContext, outcome: Outcome) -> None:
    """Say the outcome's sentences, one by one."""
    for place, statement in enumerate(outcome.statements):
        context.tell(Words(text=statement.text if place == 0 else f"\n{statement.text}"))


def conclude(
    lang: Lang,
    said: Sequence[Said],
    *,
    stopped: Reason | None = None,
    confidence: float | None = None,
    statements: Sequence[Statement] | None = None,
    left_out: Sequence[str] = (),
    model: str = "embedded",
) -> Outcome:
    """The outcome of what was said.

    `statements` replace the computed ones, `stopped` says why there is no more; `left_out` are parts of the message
    that nobody understood.
    """
    told = [statement for each in said for statement in each.statements] if statements is None else [*statements]
    answered = any(each.reason is None for each in said)
    failed = next((each.reason for each in said if each.reason is not None), None)
    if stopped is not None:
        status, reason = AnswerStatus.STOPPED, stopped
        told.append(hub_says(load_phrases("chat").render(f"stopped_{stopped}", lang)))
    elif answered:
        status, reason = AnswerStatus.ANSWERED, None
    else:
        status, reason = AnswerStatus.REFUSED, failed or Reason.OUT_OF_SCOPE
    if not told:
        told = [hub_says(load_phrases("chat").render("nothing_found", lang))]
    if left_out:
        parts = [f"“{part}”" for part in left_out]
        told.append(hub_says(load_phrases("chat").render("not_covered", lang, parts=parts)))
    return Outcome(
        status=status,
        reason=reason,
        statements=tuple(dict.fromkeys(told)),
        calls=tuple(each.call for each in said),
        sources=tuple({source.id: source for each in said for source in each.sources}.values()),
        proposals=tuple(dict.fromkeys(effect for each in said for effect in each.proposals)),
        choices=tuple(choice for each in said for choice in each.choices),
        confidence=confidence,
        rights=tuple({reach: None for each in said for reach in each.rights}),
        model=model,
    )


def refuse(
    context: ChatContext,
    reason: Reason,
    phrase: str | None = None,
    *,
    told: str | None = None,
    confidence: float | None = None,
) -> Outcome:
    """An outcome that says plainly why not, in the words `told` or those of a phrase, and what can be asked."""
    book = load_phrases("chat")
    texts = [told or book.render(phrase or f"refused_{reason}", context.lang)]
    if reason in _OFFERS:
        texts.append(book.render("what_i_can_do", context.lang))
    outcome = Outcome(
        status=AnswerStatus.REFUSED,
        reason=reason,
        statements=tuple(hub_says(text) for text in texts),
        confidence=confidence,
    )
    tell_all(context, outcome)
    return outcome


def ask_back(context: ChatContext, meant: Understanding) -> Outcome:
    """An outcome that asks what was meant."""
    text = meant.asking or load_phrases("chat").render("which_one", context.lang)
    outcome = Outcome(
        status=AnswerStatus.CLARIFY,
        reason=meant.reason,
        statements=(hub_says(text),),
        choices=meant.choices,
        confidence=meant.confidence,
    )
    tell_all(context, outcome)
    return outcome


def hub_says(text: str) -> Statement:
    """A sentence of the hub's own, which rests on no record."""
    return Statement(text=text, agent=HUB, state=ClaimState.UNSUPPORTED)
