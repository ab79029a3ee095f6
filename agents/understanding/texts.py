"""Free text of a request: topics, subjects, next steps and purposes, in the words of whoever asks."""

import re

from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import SIGNS, Sign, Sort

_QUOTE = SIGNS[Sort.QUOTE]
_DAY = f"[{SIGNS[Sort.DAY]}]"
_ANY = r"[\ue000-\ue0ff]"
_POLITE = re.compile(
    r"^(?:[\s,:]|please\b|pls\b|hey\b|hi\b|ok(?:ay)?\b|and\b|also\b|can you\b|could you\b|would you\b|i need\b"
    r"|i want to know\b|tell me\b|请问|请|麻烦你?|帮我|帮忙|再|另外|那)+",
    re.IGNORECASE,
)
_LAST = re.compile(r"(?:[\s,.:;!?]|please|pls|thanks|thank you|吧|谢谢|一下|好吗|可以吗)+$", re.IGNORECASE)
_DEADLINE = re.compile(
    rf"[,\s]*(?:\b(?:by|due|until|till|before|on|for|no later than)\s+|截止(?:到|日期)?|到|在"
    rf"|于)?\s*{_DAY}\s*(?:之前|以前|前|完成|要|截止|到期|之内)*(?:完成|做完|给我)?",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """Without politeness at the start and the end, and single spaces."""
    return " ".join(_LAST.sub("", _POLITE.sub("", text)).split()).strip(" ,:.;-—")


def topic_of(frame: Frame) -> str:
    """The question itself, as it was said."""
    return tidy(frame.plain(frame.start, frame.end)) or frame.text.strip()


def first_quote(frame: Frame) -> tuple[Sign, str] | None:
    """The first quoted passage of a request."""
    sign = next(iter(frame.of(Sort.QUOTE)), None)
    return None if sign is None else (sign, frame.quote_of(sign))


def after(frame: Frame, pattern: re.Pattern[str]) -> str:
    """What is said after the first match of a pattern in the marked request, without deadlines; empty without one."""
    wording = frame.marked.marked[frame.start : frame.end]
    match = pattern.search(wording)
    if match is None:
        return ""
    start = match.end("head") if "head" in pattern.groupindex and match["head"] is not None else match.end()
    return without_deadline(frame, frame.start + start, frame.end)


def without_deadline(frame: Frame, start: int, end: int) -> str:
    """What is said in `marked[start:end]` without the days by which."""
    parts: list[str] = []
    place = start
    for match in _DEADLINE.finditer(frame.marked.marked, start, end):
        parts.append(frame.plain(place, match.start()))
        place = match.end()
    parts.append(frame.plain(place, end))
    return tidy(" ".join(part for part in parts if part))


def put_text(frame: Frame, draft: Draft, slot: str, text: str | list[str] | None) -> None:
    """Free text; what was given before stays, and nothing at all is missing."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
    elif text:
        draft.put(slot, text)
    else:
        draft.lack(slot)
