"""From a message to the calls that it asks for, a question back, or a refusal; without a language model."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from agents.understanding.asking import word_choices, word_question
from agents.understanding.confidence import Grounds, confidence, left_over
from agents.understanding.dialogue import Dialogue, Focus, OpenQuestion, Status, Understanding
from agents.understanding.filling import fill
from agents.understanding.following import vary
from agents.understanding.frame import Draft, Frame
from agents.understanding.lexicon import find_ideas, known_words
from agents.understanding.marking import Sort, mark
from agents.understanding.message import read_message
from agents.understanding.model import load_model
from agents.understanding.mood import asks_preparation, is_elliptic, is_forbidden, is_outside, is_request, moves_on
from agents.understanding.names import Kind, Names
from agents.understanding.replies import resume
from agents.understanding.segments import CONTEXT, FOLLOW_UP, Segment, split, without
from agents.understanding.tools import REFUSING, WRITING, agent_of, is_valid
from core.domain.chat import Call, Reason
from core.language import Lang, detect_language

THRESHOLD = 0.7
_REASONS = {
    "out_of_scope": Reason.OUT_OF_SCOPE,
    "not_allowed": Reason.NOT_ALLOWED,
    "needs_model": Reason.NEEDS_MODEL,
}
_PLAIN = 0.9
"""How likely a tool must be for a request in few words not to go on from the last one."""
_OUTSIDE_FROM = 0.1
"""How likely a request without any record must be refused for refusing it when its words are not of our business."""
_PASSIVE = frozenset({CONTEXT, FOLLOW_UP, *REFUSING})
_HEARD = 0.5
"""How likely a tool must be for a part of a message to count as understood."""
_ASK_FROM = 0.6
"""How likely a tool must be for asking back which record is meant."""


@dataclass(slots=True)
class Meaning:
    """What the requests of a message come to: `drafts` in order with the grounds of each, and what was not understood."""

    drafts: list[Draft] = field(default_factory=list)
    grounds: list[Grounds] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    refusals: list[tuple[Reason, float]] = field(default_factory=list)


def understand(
    question: str, dialogue: Dialogue, names: Names, today: date, *, threshold: float = THRESHOLD
) -> Understanding:
    """What `question` asks for, said on the day `today` in the conversation so far.

    Pure and deterministic: names are looked up in `names` only. Below `threshold`, a calibrated probability, nothing
    is planned.
    """
    message = read_message(question)
    lang = detect_language(message.text if message.text else question)
    marked = mark(message.text, names, today, known_words())
    whole = Frame(names, today, lang, marked, 0, len(marked.marked), message.quotes, dialogue.focus)
    segments = split(marked, load_model())
    if dialogue.question is not None:
        reply = resume(dialogue.question, whole, segments)
        if reply is not None:
            return _resumed(reply, dialogue, whole, lang, threshold)
    meaning = Meaning()
    for segment in segments:
        _read(segment, segments, whole, dialogue, meaning)
    return _decide(meaning, dialogue, whole, lang, threshold)


def _read(segment: Segment, segments: Sequence[Segment], whole: Frame, dialogue: Dialogue, meaning: Meaning) -> None:
    """Add what one request comes to."""
    frame = replace(whole, start=segment.start, end=segment.end)
    wording = frame.wording
    if not wording.strip(" ,.:"):
        return
    goes_on = bool(dialogue.last_calls or meaning.drafts)
    elliptic = goes_on and is_elliptic(wording) and (bool(frame.signs) or moves_on(wording))
    if goes_on and (
        segment.tool == FOLLOW_UP or (elliptic and segment.share < _PLAIN and segment.tool not in REFUSING)
    ):
        _go_on(frame, segment, dialogue, meaning)
        return
    if segment.tool == FOLLOW_UP:
        segment = without(segment, FOLLOW_UP)
    tool = segment.tool
    if tool == CONTEXT:
        return
    if segment.share < _HEARD and len(segments) > 1:
        meaning.uncovered.append(frame.text.strip())
        return
    if tool in REFUSING:
        meaning.refusals.append((_REASONS[tool], segment.share))
        meaning.uncovered.append(frame.text.strip())
        return
    if tool == "prepare_visit" and not asks_preparation(wording) and len(segments) > 1:
        return
    if tool in WRITING and not is_request(wording):
        other = without(segment, *WRITING)
        if is_forbidden(wording):
            return
        if segment.shares.max() > _PLAIN or other.share < _ASK_FROM or other.tool in _PASSIVE:
            meaning.refusals.append((Reason.UNSURE, segment.share))
            meaning.uncovered.append(frame.text.strip())
            return
        segment, tool = other, other.tool
    if not frame.of(*Kind) and is_outside(wording) and segment.refusing > _OUTSIDE_FROM:
        meaning.refusals.append((Reason.OUT_OF_SCOPE, segment.refusing))
        meaning.uncovered.append(frame.text.strip())
        return
    if tool == "help" and len(segments) > 1:
        return
    known = load_model().known_share(wording)
    for draft in fill(tool, frame):
        meaning.drafts.append(draft)
        meaning.grounds.append(
            Grounds(segment.share, draft.sure, left_over(frame, draft), known, remembered=draft.reach == "focus")
        )


def _go_on(frame: Frame, segment: Segment, dialogue: Dialogue, meaning: Meaning) -> None:
    """Add the last calls with other values, or those of this message that were read just before."""
    before = [Call(agent=agent_of(draft.tool), tool=draft.tool, args=draft.args) for draft in meaning.drafts[-1:]]
    for draft in vary(before or dialogue.last_calls, frame):
        if (
            before
            and draft.tool not in WRITING
            and not any(draft.args.get(slot) is not None and slot in before[0].args for slot in draft.args)
        ):
            continue
        if before:
            _complete(meaning, draft, before[0])
            return
        meaning.drafts.append(draft)
        share = max(segment.share, 0.8)
        meaning.grounds.append(Grounds(share, draft.sure, left_over(frame, draft), 1.0, remembered=True))
    if not meaning.drafts and frame.of(*Kind, Sort.UNKNOWN, Sort.NUMBER, Sort.DAY):
        meaning.uncovered.append(frame.text.strip())


def _complete(meaning: Meaning, draft: Draft, before: Call) -> None:
    """A value said after the request: another record makes another call, anything else belongs to the last."""
    records = ("account_id", "account", "product_id", "product_ids", "contact_id", "opportunity_id", "product")
    other = any(slot in before.args and draft.args.get(slot) != before.args[slot] for slot in records)
    if other:
        meaning.drafts.append(draft)
        meaning.grounds.append(replace(meaning.grounds[-1], sure=draft.sure))
        return
    last = meaning.drafts[-1]
    gaps = [gap for gap in last.gaps if gap.slot not in draft.args]
    last.args, last.gaps = draft.args, gaps
    last.sure = min(last.sure, draft.sure)


def _decide(meaning: Meaning, dialogue: Dialogue, whole: Frame, lang: Lang, threshold: float) -> Understanding:
    """Plan, ask back or refuse."""
    drafts, grounds = _merged(meaning.drafts, meaning.grounds)
    sure = confidence(grounds) if grounds else 0.0
    likely = min((each.share for each in grounds), default=0.0)
    focus = _focus(dialogue.focus, drafts, whole)
    keep = Dialogue(focus=focus, last_calls=dialogue.last_calls)
    open_ = next((place for place, draft in enumerate(drafts) if draft.gaps), None)
    if open_ is not None and likely >= _ASK_FROM:
        return _ask(drafts, open_, keep, lang, sure, whole)
    calls = [_call(draft) for draft in drafts]
    if calls and open_ is None and sure >= threshold and all(is_valid(call.tool, call.args) for call in calls):
        return Understanding(
            status=Status.PLAN,
            calls=tuple(calls),
            confidence=round(sure, 4),
            lang=lang,
            uncovered=tuple(meaning.uncovered),
            dialogue=Dialogue(focus=focus, last_calls=tuple(calls)),
        )
    reason = _reason(meaning, drafts, whole)
    return Understanding(
        status=Status.REFUSE,
        reason=reason,
        confidence=round(sure, 4),
        lang=lang,
        uncovered=tuple(meaning.uncovered),
        dialogue=replace_question(dialogue, None),
    )


def replace_question(dialogue: Dialogue, question: OpenQuestion | None) -> Dialogue:
    """The dialogue with another open question."""
    return dialogue.model_copy(update={"question": question})


def _reason(meaning: Meaning, drafts: Sequence[Draft], whole: Frame) -> Reason:
    if meaning.refusals:
        return max(meaning.refusals, key=lambda each: each[1])[0]
    if drafts or any(True for _ in find_ideas(whole.wording)) or whole.of(*Kind):
        return Reason.UNSURE
    return Reason.OUT_OF_SCOPE


def _ask(drafts: Sequence[Draft], place: int, keep: Dialogue, lang: Lang, sure: float, whole: Frame) -> Understanding:
    """Ask back for the first gap; the other calls wait with it."""
    draft = drafts[place]
    gap = draft.gaps[0]
    question = OpenQuestion(
        pending=_call(draft),
        slot=gap.slot,
        options=gap.options,
        before=tuple(_call(each) for each in drafts[:place] if not each.gaps),
        after=tuple(_call(each) for each in drafts[place + 1 :] if not each.gaps),
        said=whole.text[:2000],
        confidence=min(1.0, max(0.0, round(sure, 4))),
    )
    return Understanding(
        status=Status.CLARIFY,
        reason=gap.reason,
        confidence=round(sure, 4),
        choices=word_choices(gap),
        asking=word_question(gap, lang),
        lang=lang,
        dialogue=replace_question(keep, question),
    )


def _resumed(
    reply: tuple[Draft, OpenQuestion], dialogue: Dialogue, whole: Frame, lang: Lang, threshold: float
) -> Understanding:
    """Go on with the call that waited for an answer."""
    draft, question = reply
    others = [Draft(call.tool, dict(call.args)) for call in (*question.before, *question.after)]
    drafts = [*others[: len(question.before)], draft, *others[len(question.before) :]]
    focus = _focus(dialogue.focus, drafts, whole)
    if draft.gaps:
        return _ask(
            drafts,
            len(question.before),
            Dialogue(focus=focus, last_calls=dialogue.last_calls),
            lang,
            question.confidence,
            whole,
        )
    sure = confidence([Grounds(0.97, draft.sure, 0, 1.0, remembered=False)])
    calls = tuple(_call(each) for each in drafts)
    if sure < threshold or not all(is_valid(call.tool, call.args) for call in calls):
        return Understanding(
            status=Status.REFUSE,
            reason=Reason.UNSURE,
            confidence=round(sure, 4),
            lang=lang,
            dialogue=replace_question(dialogue, None),
        )
    return Understanding(
        status=Status.PLAN,
        calls=calls,
        confidence=round(sure, 4),
        lang=lang,
        dialogue=Dialogue(focus=focus, last_calls=calls),
    )


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
    return tuple(draft.args.get(slot) for slot in slots) + (str(draft.args.get("product_ids")),)


def _focus(before: Focus, drafts: Sequence[Draft], whole: Frame) -> Focus:
    """What the next message is about: what this one named, else what the last ones did."""
    names = whole.names
    named = [
        sign.mention for sign in whole.of(Kind.ACCOUNT) if sign.mention and len(sign.mention.ids(Kind.ACCOUNT)) == 1
    ]
    account = named[-1].ids(Kind.ACCOUNT)[0] if named else None
    deal = contact = None
    products: tuple[str, ...] = ()
    for draft in drafts:
        args = draft.args
        account = args.get("account_id") or args.get("account") or account
        deal = args.get("opportunity_id") or args.get("deal") or deal
        contact = args.get("contact_id") or args.get("person_id") or args.get("contact") or contact
        said = args.get("product_ids") or [args.get("product_id") or args.get("product")]
        products = tuple(each for each in said if each in names.products) or products
    deal = deal if deal in names.opportunities else None
    contact = contact if contact in names.contacts else None
    if account is None and deal is not None:
        account = names.opportunities[deal].account_id
    if account is None and contact is not None:
        account = names.contacts[contact].account_id
    account = account if account in names.accounts else None
    moved = account is not None and account != before.account_id
    return Focus(
        account_id=account or before.account_id,
        opportunity_id=deal or (None if moved else before.opportunity_id),
        contact_id=contact or (None if moved else before.contact_id),
        product_ids=products or before.product_ids,
    )
