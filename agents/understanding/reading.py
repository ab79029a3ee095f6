"""What each request of a message comes to: calls in the making, a reason to refuse, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.understanding.confidence import Grounds, left_over
from agents.understanding.dialogue import Dialogue
from agents.understanding.filling import fill
from agents.understanding.following import vary
from agents.understanding.frame import Draft, Frame
from agents.understanding.joints import POINTS_BACK
from agents.understanding.lexicon import own_words
from agents.understanding.model import load_model
from agents.understanding.mood import (
    asks_preparation,
    is_elliptic,
    is_forbidden,
    is_in_place_of,
    is_outside,
    is_request,
    moves_on,
    prepares_visit,
)
from agents.understanding.names import Kind
from agents.understanding.segments import CONTEXT, FOLLOW_UP, Segment, without
from agents.understanding.tools import REFUSING, WRITING, agent_of
from core.domain.chat import Call, Reason

_REASONS = {
    "out_of_scope": Reason.OUT_OF_SCOPE,
    "not_allowed": Reason.NOT_ALLOWED,
    "needs_model": Reason.NEEDS_MODEL,
}
_PASSIVE = frozenset({CONTEXT, FOLLOW_UP, *REFUSING})
_RECORDS = ("account_id", "account", "product_id", "product_ids", "contact_id", "opportunity_id", "product")
_PLAIN = 0.9
"""How likely a tool must be for a request in few words not to go on from the last one."""
_OUTSIDE_FROM = 0.1
"""How likely a request without any record must be refused for refusing it when its words are not of our business."""
_HEARD = 0.5
"""How likely a tool must be for a part of a message to count as understood."""
_ANOTHER_FROM = 0.6
"""How likely a question must be for taking a write that is not asked for as that question."""
_SHORT = 12
_TORN = 0.75
"""How sure we are of a request in which a piece clearly asks for something else."""
_GONE_ON = 0.8
"""How sure we are at least of a tool that goes on from the last message."""


@dataclass(slots=True)
class Meaning:
    """`drafts` in order with the grounds of each; `uncovered` was not understood, `refusals` say why not."""

    drafts: list[Draft] = field(default_factory=list)
    grounds: list[Grounds] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    refusals: list[tuple[Reason, float]] = field(default_factory=list)

    def refuse(self, frame: Frame, reason: Reason, share: float) -> None:
        """Note a part that nothing can be done about."""
        self.refusals.append((reason, share))
        self.uncovered.append(frame.text.strip())


def read_requests(segments: Sequence[Segment], whole: Frame, dialogue: Dialogue) -> Meaning:
    """What the requests of a message come to."""
    meaning = Meaning()
    helps: list[tuple[Segment, Frame]] = []
    for segment in segments:
        frame = replace(whole, start=segment.start, end=segment.end)
        if not frame.wording.strip(" ,.:"):
            continue
        if _goes_on(segment, frame, dialogue, meaning):
            _go_on(frame, segment, dialogue, meaning)
            continue
        asked = without(segment, FOLLOW_UP) if segment.tool == FOLLOW_UP else segment
        if asked.tool == CONTEXT:
            continue
        if asked.tool == "help" and len(segments) > 1:
            helps.append((asked, frame))
        elif (told := _asked_for(asked, frame, meaning, alone=len(segments) == 1)) is not None:
            _fill(told, frame, meaning)
    if helps and not (meaning.drafts or meaning.refusals):
        _fill(*max(helps, key=lambda each: each[0].share), meaning)
    return meaning


def _goes_on(segment: Segment, frame: Frame, dialogue: Dialogue, meaning: Meaning) -> bool:
    """Whether a request goes on from the one before."""
    if not (dialogue.last_calls or meaning.drafts):
        return False
    if segment.tool == FOLLOW_UP:
        return True
    plain = segment.share >= _PLAIN or segment.tool in REFUSING
    return not plain and is_elliptic(frame.wording) and (bool(frame.signs) or moves_on(frame.wording))


def _asked_for(segment: Segment, frame: Frame, meaning: Meaning, *, alone: bool) -> Segment | None:
    """The request, when it asks for something that can be done; why not is noted."""
    tool, wording = segment.tool, frame.wording
    told = tool == "prepare_visit" and not (asks_preparation(wording) or prepares_visit(frame.marked.marked))
    if not alone and told:
        return None
    if not alone and segment.share < _HEARD:
        meaning.uncovered.append(frame.text.strip())
        return None
    gibberish = tool == "help" and wording.isascii() and not own_words() & set(re.findall(r"[a-z']+", wording))
    if gibberish or tool in REFUSING or is_in_place_of(wording):
        reason = Reason.OUT_OF_SCOPE if gibberish else _REASONS.get(tool, Reason.NOT_ALLOWED)
        meaning.refuse(frame, reason, segment.share)
        return None
    # What follows a colon is what somebody said or did; it neither asks nor forbids.
    told_first = POINTS_BACK.fullmatch(wording.rsplit(".", 1)[-1].strip(" ,.")) is not None
    if tool in WRITING and not (told_first or is_request(wording.split(":")[0] if len(wording) > _SHORT else wording)):
        return _question_instead(segment, frame, meaning)
    goes_on = tool == "update_contact" and frame.focus.contact_id is not None
    if not goes_on and not frame.of(*Kind) and is_outside(wording) and segment.refusing > _OUTSIDE_FROM:
        meaning.refuse(frame, Reason.OUT_OF_SCOPE, segment.refusing)
        return None
    return segment


def _question_instead(segment: Segment, frame: Frame, meaning: Meaning) -> Segment | None:
    """The question that a write is named in: "what is the next step?" sets none."""
    other = without(segment, *WRITING)
    if is_forbidden(frame.wording):
        meaning.uncovered.append(frame.text.strip())
        return None
    if segment.share > _PLAIN or other.share < _ANOTHER_FROM or other.tool in _PASSIVE:
        meaning.refuse(frame, Reason.UNSURE, segment.share)
        return None
    return other


def _fill(segment: Segment, frame: Frame, meaning: Meaning) -> None:
    last = meaning.drafts[-1] if meaning.drafts else None
    if segment.tool == "recall_history" and last and last.tool == segment.tool and not frame.of(*Kind):
        # Another question about the same: the topic grows.
        last.args["query"] = f"{last.args.get('query', '')} {frame.text}".strip()
        return
    known = load_model().known_share(frame.wording)
    for draft in fill(segment.tool, frame):
        draft.sure *= _TORN if segment.torn else 1
        meaning.drafts.append(draft)
        meaning.grounds.append(Grounds(segment.share, draft.sure, left_over(frame, draft), known))


def _go_on(frame: Frame, segment: Segment, dialogue: Dialogue, meaning: Meaning) -> None:
    """Add the last calls with other values, or complete what was read just before in this message."""
    before = meaning.drafts[-1] if meaning.drafts else None
    if before is not None:
        call = Call(agent=agent_of(before.tool), tool=before.tool, args=before.args)
        varied = vary([call], frame)
        if not varied:
            meaning.uncovered.append(frame.text.strip())
        for draft in varied:
            _complete(meaning, draft, before)
        return
    for draft in vary(dialogue.last_calls, frame):
        meaning.drafts.append(draft)
        share = max(segment.share, _GONE_ON)
        meaning.grounds.append(Grounds(share, draft.sure, left_over(frame, draft)))


def _complete(meaning: Meaning, draft: Draft, last: Draft) -> None:
    """A value said after the request: another record makes another call, anything else belongs to the last."""
    if any(slot in last.args and draft.args.get(slot) != last.args[slot] for slot in _RECORDS):
        meaning.drafts.append(draft)
        meaning.grounds.append(replace(meaning.grounds[-1], sure=draft.sure))
        return
    last.gaps = [gap for gap in last.gaps if gap.slot not in draft.args]
    last.args = draft.args
    last.sure = min(last.sure, draft.sure)
