"""From a message to the calls that it asks for, a question back, or a refusal; without a language model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.understanding.asking import word_choices, word_question
from agents.understanding.confidence import Grounds, confidence
from agents.understanding.dialogue import Dialogue, OpenQuestion, Pending, Status, Understanding
from agents.understanding.frame import Draft, Frame, Gap
from agents.understanding.lexicon import find_ideas, known_words
from agents.understanding.marking import mark
from agents.understanding.message import read_message
from agents.understanding.model import load_model
from agents.understanding.names import Kind, Names
from agents.understanding.reading import Meaning, read_requests
from agents.understanding.remembering import next_focus
from agents.understanding.replies import resume
from agents.understanding.segments import split
from agents.understanding.tools import agent_of, is_valid
from agents.understanding.unknown import has_strange_words
from core.domain.chat import Call, Reason
from core.language import Lang, detect_language

THRESHOLD = 0.77
"""Below this probability nothing is planned."""
_CUSTOMER = re.compile("customer|client|account|客户")
_SIGN = re.compile("[\ue000-\ue0ff]")
_ASK_FROM = 0.5
"""How likely a tool must be for asking back which record is meant."""
_REPLIED = 0.97
"""How sure we are that a reply belongs to what was asked back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message is understood with."""

    whole: Frame
    dialogue: Dialogue
    lang: Lang
    threshold: float


def understand(
    question: str,
    dialogue: Dialogue,
    names: Names,
    today: date,
    *,
    lang: Lang | None = None,
    threshold: float = THRESHOLD,
) -> Understanding:
    """What `question` asks for, said on the day `today` in the conversation so far.

    Pure and deterministic: names are looked up in `names` only. What is asked back is in `lang`, by default that of the
    question. Below `threshold`, a calibrated probability, nothing is planned.
    """
    message = read_message(question)
    lang = lang or detect_language(message.text if message.text else question)
    marked = mark(message.text, names, today, known_words())
    whole = Frame(names, today, lang, marked, 0, len(marked.marked), message.quotes, dialogue.focus)
    segments = split(marked, load_model())
    turn = Turn(whole, dialogue, lang, threshold)
    if dialogue.question is not None and (reply := resume(dialogue.question, whole, segments)) is not None:
        return _resumed(*reply, turn)
    return _decide(read_requests(segments, whole, dialogue), turn)


def _decide(meaning: Meaning, turn: Turn) -> Understanding:
    """Plan, ask back or refuse."""
    drafts, grounds = _merged(meaning.drafts, meaning.grounds)
    sure = confidence(grounds) if grounds else 0.0
    open_ = next((place for place, draft in enumerate(drafts) if draft.gaps), None)
    if open_ is not None and min(each.share for each in grounds) >= _ASK_FROM and not _is_foreign(drafts, turn.whole):
        return _ask(drafts, open_, sure, turn, tuple(meaning.uncovered))
    if drafts and open_ is None:
        return _plan(drafts, sure, turn, tuple(meaning.uncovered))
    return _refuse(_reason(meaning, drafts, turn.whole), sure, turn, tuple(meaning.uncovered))


def _is_foreign(drafts: Sequence[Draft], whole: Frame) -> bool:
    """Whether a message without any record has words that are not of our business: "what is the price of gold?"."""
    missing = all(gap.reason is Reason.MISSING_ARGUMENT for draft in drafts for gap in draft.gaps)
    return missing and not whole.of(*Kind) and has_strange_words(_unsigned(whole))


def _unsigned(whole: Frame) -> str:
    """The wording without names and values; empty when it speaks of a customer, whoever that is."""
    return "" if _CUSTOMER.search(whole.wording) else _SIGN.sub(" ", whole.marked.marked)


def _plan(drafts: Sequence[Draft], sure: float, turn: Turn, uncovered: tuple[str, ...] = ()) -> Understanding:
    """Run the calls, when they are likely enough what was meant."""
    calls = tuple(_call(draft) for draft in drafts)
    if sure < turn.threshold or not all(is_valid(call.tool, call.args) for call in calls):
        return _refuse(Reason.UNSURE, sure, turn, uncovered)
    return Understanding(
        status=Status.PLAN,
        calls=calls,
        confidence=round(sure, 4),
        lang=turn.lang,
        uncovered=uncovered,
        dialogue=Dialogue(focus=next_focus(turn.dialogue.focus, drafts, turn.whole), last_calls=calls),
    )


def _refuse(reason: Reason, sure: float, turn: Turn, uncovered: tuple[str, ...]) -> Understanding:
    return Understanding(
        status=Status.REFUSE,
        reason=reason,
        confidence=round(sure, 4),
        lang=turn.lang,
        uncovered=uncovered,
        dialogue=turn.dialogue.model_copy(update={"question": None}),
    )


def _reason(meaning: Meaning, drafts: Sequence[Draft], whole: Frame) -> Reason:
    if meaning.refusals:
        return max(meaning.refusals, key=lambda each: each[1])[0]
    known = drafts or whole.of(*Kind) or any(True for _ in find_ideas(whole.wording))
    return Reason.UNSURE if known else Reason.OUT_OF_SCOPE


def _ask(
    drafts: Sequence[Draft], place: int, sure: float, turn: Turn, uncovered: tuple[str, ...] = ()
) -> Understanding:
    """Ask back for the first gap; the other calls wait with it, and those that lack something are asked for later."""
    draft = drafts[place]
    gap = draft.gaps[0]
    question = OpenQuestion(
        pending=_call(draft),
        slot=gap.slot,
        options=gap.options,
        before=tuple(_call(each) for each in drafts[:place] if not each.gaps),
        after=tuple(_call(each) for each in drafts[place + 1 :] if not each.gaps),
        later=tuple(_pending(each) for other, each in enumerate(drafts) if other != place and each.gaps),
        uncovered=uncovered,
        said=turn.whole.text,
        confidence=round(sure, 4),
    )
    focus = next_focus(turn.dialogue.focus, drafts, turn.whole)
    return Understanding(
        status=Status.CLARIFY,
        reason=gap.reason,
        confidence=round(sure, 4),
        choices=word_choices(gap),
        asking=word_question(gap, turn.lang),
        lang=turn.lang,
        dialogue=Dialogue(focus=focus, last_calls=turn.dialogue.last_calls, question=question),
    )


def _resumed(draft: Draft, question: OpenQuestion, turn: Turn) -> Understanding:
    """Go on with the call that waited for an answer, then ask for what else is open."""
    before = [Draft(call.tool, dict(call.args)) for call in question.before]
    after = [Draft(call.tool, dict(call.args)) for call in question.after]
    later = [
        Draft(each.call.tool, dict(each.call.args), gaps=[Gap(each.slot, each.reason, each.options)])
        for each in question.later
    ]
    drafts = [*before, draft, *after, *later]
    open_ = next((place for place, each in enumerate(drafts) if each.gaps), None)
    if open_ is not None:
        return _ask(drafts, open_, question.confidence, turn, question.uncovered)
    sure = confidence([Grounds(_REPLIED, draft.sure)])
    return _plan(drafts, sure, turn, question.uncovered)


def _pending(draft: Draft) -> Pending:
    gap = draft.gaps[0]
    return Pending(call=_call(draft), slot=gap.slot, reason=gap.reason, options=gap.options)


def _call(draft: Draft) -> Call:
    return Call(agent=agent_of(draft.tool), tool=draft.tool, args=draft.args)


def _merged(drafts: Sequence[Draft], grounds: Sequence[Grounds]) -> tuple[list[Draft], list[Grounds]]:
    """Without calls that say the same, and changes of one record in one call."""
    kept: list[tuple[Draft, Grounds]] = []
    for draft, ground in zip(drafts, grounds, strict=True):
        same = next((each for each, _ in kept if each.tool == draft.tool and _target(each) == _target(draft)), None)
        if same is not None and (draft.tool.startswith("update_") or _fits(same.args, draft.args)):
            same.args = {**same.args, **draft.args}
            same.gaps = (
                [gap for gap in same.gaps if gap.slot not in draft.args and gap in draft.gaps] if draft.gaps else []
            )
            continue
        if any(each.tool == draft.tool and each.args == draft.args and each.gaps == draft.gaps for each, _ in kept):
            continue
        kept.append((draft, ground))
    return [draft for draft, _ in kept], [ground for _, ground in kept]


def _fits(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether one call says all that the other does."""
    return one.items() <= other.items() or other.items() <= one.items()


def _target(draft: Draft) -> tuple[Any, ...]:
    slots = ("account", "account_id", "deal", "contact", "contact_id", "opportunity_id", "product_id")
    return (*(draft.args.get(slot) for slot in slots), str(draft.args.get("product_ids")))
