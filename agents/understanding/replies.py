"""Answers to what the assistant asked back."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.understanding.asking import FREE_TEXT
from agents.understanding.dialogue import OpenQuestion
from agents.understanding.filling import fill_one
from agents.understanding.following import chosen
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.mood import is_elliptic
from agents.understanding.segments import CONTEXT, FOLLOW_UP, Segment
from agents.understanding.texts import tidy
from agents.understanding.tools import REFUSING

_NEVER_MIND = re.compile(
    r"^\s*(?:never ?mind|forget it|cancel|no|nothing|skip it|leave it|stop"
    r"|算了|不用了|取消|没事了?|不需要了?)\s*[.!。！]?\s*$",
    re.IGNORECASE,
)
_SURE = 0.85
_ANSWER = re.compile(
    r"^\s*(?:i mean(?:t)?|it's|it is|that's|for|the one (?:at|of)|我(?:是)?说(?:的)?是?|是|指的是|就是|给|为|帮)\s*",
    re.IGNORECASE,
)


def resume(question: OpenQuestion, whole: Frame, segments: Sequence[Segment]) -> tuple[Draft, OpenQuestion] | None:
    """The call that waited, with what the message gives for it; None when the message is about something else."""
    text = whole.text
    if _NEVER_MIND.match(text) or not text.strip():
        return None
    pending = question.pending
    given = dict(pending.args)
    if option := chosen(text, question.options):
        return _filled(
            pending.tool, question, replace(whole, given={**given, question.slot: _value(question, option.value)})
        )
    about_else = any(
        segment.tool not in (CONTEXT, FOLLOW_UP, pending.tool)
        and segment.share > _SURE
        and not is_elliptic(whole.marked.marked[segment.start : segment.end].lower())
        for segment in segments
    )
    if about_else and question.slot not in FREE_TEXT:
        return None
    if any(segment.tool in REFUSING and segment.share > 0.9 for segment in segments):
        return None
    frame = replace(whole, given=given)
    draft = fill_one(pending.tool, frame)
    if question.slot not in draft.args and question.slot in FREE_TEXT and not about_else:
        draft = fill_one(pending.tool, replace(frame, given={**given, question.slot: _as_text(whole)}))
    narrowed = _narrowed(question, draft)
    if narrowed is not None:
        draft = fill_one(pending.tool, replace(frame, given={**given, question.slot: narrowed}))
    gained = draft.args.keys() - given.keys()
    if not gained and not whole.of(Sort.UNKNOWN, Sort.CODE):
        return None
    if any(draft.args.get(slot) != value for slot, value in given.items()):
        draft.args.update(given)
    return draft, question


def _filled(tool: str, question: OpenQuestion, frame: Frame) -> tuple[Draft, OpenQuestion]:
    return fill_one(tool, frame), question


def _value(question: OpenQuestion, value: str) -> object:
    if question.slot == "product_ids":
        return [value]
    return int(value) if question.slot == "quiet_for_days" else value


def _as_text(whole: Frame) -> str:
    quotes = whole.of(Sort.QUOTE)
    return whole.quote_of(quotes[0]) if quotes else tidy(_ANSWER.sub("", whole.text)) or whole.text.strip()


def _narrowed(question: OpenQuestion, draft: Draft) -> object | None:
    """The one option among those that the reply may mean."""
    gap = next((each for each in draft.gaps if each.slot == question.slot), None)
    if gap is None or not gap.options:
        return None
    offered = {option.value for option in question.options}
    both = [option.value for option in gap.options if option.value in offered]
    return _value(question, both[0]) if len(both) == 1 else None
