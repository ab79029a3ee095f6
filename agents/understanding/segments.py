"""A message taken apart into its requests, each with the tool that it asks for."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from agents.understanding import joints
from agents.understanding.marking import SIGNS, Marked, Sort
from agents.understanding.model import Floats, ToolModel, load_model
from agents.understanding.mood import asks_preparation, is_elliptic, is_forbidden, is_visit_told
from agents.understanding.name_forms import plain
from agents.understanding.names import Kind
from agents.understanding.tools import REFUSING

CONTEXT = "context"
FOLLOW_UP = "follow_up"
WRITES = frozenset(
    [
        "create_contact",
        "create_opportunity",
        "create_task",
        "draft_quote",
        "log_activity",
        "open_review",
        "request_amendment",
        "request_sample",
        "reserve_stock",
        "schedule_signature",
        "set_next_step",
        "update_contact",
        "update_opportunity",
    ]
)
_FREE_TEXT = {"recall_history", "prepare_visit"} | WRITES - {
    "reserve_stock",
    "request_sample",
    "draft_quote",
    "update_contact",
    "update_opportunity",
}
_SPLIT_COST, _TORN = 0.9, 2.4
"""In natural logarithms of a probability: what it costs to part a sentence, and to part free text."""
_COSTS = ((0.8, -0.45), (0.6, 0.0), (0.45, 0.3), (0.0, _SPLIT_COST))
"""By the share of the less likely of two pieces that ask for different things."""
_PLAIN = 0.9
_CLEAR, _HEAD, _HEARD, _CONNECTED = 0.8, 0.65, 0.45, 1.5
_PASSIVE = frozenset({CONTEXT, FOLLOW_UP, "out_of_scope", "not_allowed", "needs_model", "help"})
_DONE_BY = sorted(WRITES | {"prepare_visit"})
_DONE = frozenset(_DONE_BY)
_MOST_PIECES = 10
_DAY = SIGNS[Sort.DAY]
_RECORD = re.compile("[" + "".join(SIGNS[kind] for kind in Kind) + "]")


@dataclass(frozen=True, slots=True)
class Segment:
    """`marked[start:end]` asks for `tool`; `shares` are the probabilities of all tools, `share` is that of this one.

    `torn`: a piece of it clearly asks for something else.
    """

    start: int
    end: int
    tool: str
    share: float
    shares: Floats
    torn: bool = False

    @property
    def margin(self) -> float:
        """How far the tool is ahead of the next."""
        first, second = np.sort(self.shares)[::-1][:2]
        return float(first - second)

    @property
    def refusing(self) -> float:
        """The probability that it asks for what is to be refused."""
        tools = load_model().tools
        return float(sum(self.shares[tools.index(tool)] for tool in sorted(REFUSING)))


def split(marked: Marked, model: ToolModel) -> list[Segment]:
    """The requests of a message in order; what asks for nothing is among them, as `context`."""
    segments: list[Segment] = []
    place = 0
    for match in (*joints.HARD.finditer(marked.marked), None):
        end = match.start() if match else len(marked.marked)
        told = joints.TOLD.match(marked.marked[place:end])
        if told is not None and (told.end() < end - place or match) and not _is_write(marked, place, end, model):
            # What somebody else wrote asks for nothing; what follows does.
            place += told.end()
        comma = marked.marked.find(",", place, end)
        if comma > place and is_forbidden(plain(marked.marked[place:comma])):
            # "Don't reserve anything yet, just tell me …"
            segments += _sentence(marked.marked, place, comma, model)
            place = comma + 1
        if marked.marked[place:end].strip(" ,:.-"):
            segments += _sentence(marked.marked, place, end, model)
        place = match.end() if match else end
    return _with_what_they_mean(segments, marked.marked, model)


def _belongs(segment: Segment, before: Segment, piece: str) -> bool:
    """Whether a piece of a later sentence says more of a write, and not what else is to be done."""
    if joints.POINTS_BACK.fullmatch(piece):
        return True
    papers = before.tool in ("request_amendment", "schedule_signature", "open_review")
    return papers and segment.tool in (before.tool, *_PASSIVE) and bool(joints.BELONGS.match(piece))


def _is_write(marked: Marked, start: int, end: int, model: ToolModel) -> bool:
    """Whether something is to be written with the words that are quoted."""
    whole = judge_piece(marked.marked, start, end, model)
    return whole.tool in WRITES and whole.share > _PLAIN


def _with_what_they_mean(segments: list[Segment], text: str, model: ToolModel) -> list[Segment]:
    """Commands that only point back are of one piece with what they point to: "… Put that on the deal"."""
    kept: list[Segment] = []
    for segment in segments:
        piece = text[segment.start : segment.end].strip(" ,.")
        if kept and joints.POINTS_BACK.fullmatch(piece) and kept[-1].tool not in _DONE:
            whole = judge_piece(text, kept[-1].start, segment.end, model)
            both = whole.shares + segment.shares
            tool = max(_DONE_BY, key=lambda each: float(both[model.tools.index(each)]))
            share = max(float(each.shares[model.tools.index(tool)]) for each in (whole, segment))
            start = kept.pop().start
            # The sentence before, with all its pieces.
            while kept and (kept[-1].end == start or kept[-1].tool in (CONTEXT, FOLLOW_UP)):
                start = kept.pop().start
            kept.append(Segment(start, segment.end, tool, share, whole.shares))
        elif kept and kept[-1].tool in WRITES and _belongs(segment, kept[-1], piece):
            kept[-1] = replace(kept[-1], end=segment.end)
        else:
            kept.append(segment)
    return kept


def _sentence(text: str, start: int, end: int, model: ToolModel) -> list[Segment]:
    """One sentence, parted where its parts ask for different things more clearly than the whole asks for one."""
    cuts = [start, *(match.start() for match in joints.SOFT.finditer(text, start, end))][:_MOST_PIECES]
    cuts = sorted({*cuts, end})
    judged: dict[tuple[int, int], Segment] = {}
    colon = text.find(":", start, end)
    if colon > start:
        head = judge_piece(text, start, colon, model)
        if joints.NEXT_STEP.search(text[start:colon]) and text[colon + 1 : end].strip():
            return [Segment(start, end, "set_next_step", max(_PLAIN, head.share), head.shares)]
        whole = judge_piece(text, start, end, model)
        if whole.tool in WRITES and whole.share > max(head.share, _CLEAR):
            head = whole
        if joints.TO_SELF.search(text[start:colon]):
            head = replace(head, tool="create_task", share=max(head.share, _PLAIN))
        if head.tool in WRITES | _FREE_TEXT and head.share > _HEAD:
            # What is listed before the head of a task is asked for, too.
            before = _sentence(text, start, colon, model) if joints.SOFT.search(text, start + 1, colon) else []
            if len(before) > 1 and before[-1].tool in WRITES | _FREE_TEXT:
                return [*before[:-1], replace(before[-1], end=end)]
            return [Segment(start, end, head.tool, head.share, head.shares)]
    if colon > start and joints.COUNTS_UP.search(text[start:colon]):
        listed = [*(match.start() for match in joints.SOFT.finditer(text, colon + 1, end)), end]
        places = zip([colon + 1, *listed], listed, strict=False)
        return [judge_piece(text, start, colon, model), *(judge_piece(text, *each, model) for each in places)]
    comma = text.find(",", start, end)
    if comma > start and is_visit_told(plain(text[start:comma]), plain(text[start:end])):
        return [judge_piece(text, start, comma, model), *_sentence(text, comma + 1, end, model)]

    def judge(first: int, last: int) -> Segment:
        key = (cuts[first], cuts[last])
        if key not in judged:
            judged[key] = judge_piece(text, *key, model)
        return judged[key]

    best: list[tuple[float, list[Segment]]] = [(0.0, [])]
    for last in range(1, len(cuts)):
        ways = [_way(best[first], judge(first, last), text) for first in range(last)]
        best.append(max(ways, key=lambda way: way[0]))
    found = _joined(best[-1][1], judge_piece, text, model)
    pieces = [judge(place, place + 1) for place in range(len(cuts) - 1)]
    return [replace(each, torn=_leaves_out(each, pieces, text)) for each in found]


def _leaves_out(segment: Segment, pieces: list[Segment], text: str) -> bool:
    """Whether one of the pieces that a request adds up clearly asks for something else."""
    inner = [each for each in pieces if segment.start <= each.start and each.end <= segment.end]
    added = [bool(joints.LINKS.match(text[each.start : each.end])) for each in inner]
    inner = [each for place, each in enumerate(inner) if added[place] or (place + 1 < len(inner) and added[place + 1])]
    if segment.tool in _FREE_TEXT:
        inner = [each for each in inner[:1] if each.start == segment.start]
    return any(
        each.share > _CLEAR
        and each.tool not in {segment.tool, *_PASSIVE}
        and not {(segment.tool, each.tool), (each.tool, segment.tool)} & joints.ONE_QUESTION
        for each in inner
    )


def _way(before: tuple[float, list[Segment]], segment: Segment, text: str) -> tuple[float, list[Segment]]:
    last = before[1][-1] if before[1] else None
    cost = 0.0 if last is None else _cost(last, segment, text)
    return before[0] + math.log(max(segment.share, 1e-6)) - cost, [*before[1], segment]


def _cost(last: Segment, segment: Segment, text: str) -> float:
    """What parting two pieces costs; less than nothing when both clearly ask for different things."""
    if last.tool == "prepare_visit" and not asks_preparation(plain(text[last.start : last.end])):
        # A visit that is only told of.
        return 0.0 if segment.share > _CLEAR else _SPLIT_COST
    piece = text[segment.start : segment.end]
    one = (last.tool, segment.tool) in joints.ONE_QUESTION and not _RECORD.search(piece)
    if one or joints.NAMES_CUSTOMER.match(piece):
        return _TORN
    connected = bool(joints.ADDS.match(piece) or joints.ANOTHER_QUESTION.match(piece))
    if last.tool in _FREE_TEXT:
        own = segment.share > _CLEAR and segment.tool not in _PASSIVE and bool(connected or joints.OPENS.match(piece))
        after_text = _SPLIT_COST if own else _TORN
        return -_CONNECTED if _is_next_command(last, segment, text) else after_text
    return _cost_of_two(last, segment, connected=connected)


def _cost_of_two(last: Segment, segment: Segment, *, connected: bool) -> float:
    """What parting two pieces costs of which neither is free text."""
    if last.tool == segment.tool or {last.tool, segment.tool} & _PASSIVE:
        return _SPLIT_COST
    least = min(last.share, segment.share)
    if connected and least >= _HEARD:
        return -_CONNECTED
    return next(cost for share, cost in _COSTS if least >= share)


def _is_next_command(last: Segment, segment: Segment, text: str) -> bool:
    """Whether a piece after free text is a command of its own, and not what the text goes on with."""
    piece = text[segment.start : segment.end]
    if min(segment.share, last.share) < _CLEAR or segment.tool in {last.tool, *_PASSIVE}:
        return False
    # The purpose of a visit holds no questions, as a note or a task may.
    asks = joints.ASKS_ME.match(piece) or (last.tool == "prepare_visit" and joints.ANOTHER_QUESTION.match(piece))
    if segment.tool not in WRITES and not asks:
        return False
    # "Remind me to call them and update the deal": only a task that is whole ends there.
    whole = last.tool != "create_task" or _DAY in text[last.start : last.end]
    return whole and (segment.tool not in WRITES or bool(joints.COMMANDS.match(piece)))


def judge_piece(text: str, start: int, end: int, model: ToolModel) -> Segment:
    """The tool that a piece of text asks for."""
    lead = joints.LEADING.match(text[start:end])
    begin = start + (lead.end() if lead else 0)
    piece = text[begin:end].strip(" ,:")
    if not piece:
        shares = np.zeros(len(model.tools))
        shares[model.tools.index(CONTEXT)] = 1.0
        return Segment(start, end, CONTEXT, 1.0, shares)
    # The lead is judged, too: "and the stock" is how one goes on.
    asks = "?" if text[end : end + 1] == "?" else ""
    shares = model.shares(text[start:end].strip(" ,:").lower() + asks)
    top = int(shares.argmax())
    return Segment(start, end, model.tools[top], float(shares[top]), shares)


def without(segment: Segment, *excluded: str) -> Segment:
    """The segment when it cannot ask for the tools excluded."""
    tools = load_model().tools
    shares = segment.shares.copy()
    shares[[tools.index(tool) for tool in excluded if tool in tools]] = 0.0
    shares /= max(float(shares.sum()), 1e-12)
    top = int(shares.argmax())
    return Segment(segment.start, segment.end, tools[top], float(shares[top]), shares)


def _joined(
    segments: list[Segment], judge: Callable[[str, int, int, ToolModel], Segment], text: str, model: ToolModel
) -> list[Segment]:
    """Neighbours that ask for the same write are one request, and so is free text that follows a write."""
    kept: list[Segment] = []
    for segment in segments:
        before = kept[-1] if kept else None
        same = before is not None and before.tool == segment.tool and before.tool in WRITES
        small = segment.tool in (CONTEXT, FOLLOW_UP) or is_elliptic(plain(text[segment.start : segment.end]))
        tail = before is not None and before.tool in WRITES and small
        if before is not None and (same or tail):
            whole = judge(text, before.start, segment.end, model)
            surer = whole if whole.tool == before.tool else before
            kept[-1] = Segment(before.start, segment.end, before.tool, max(before.share, surer.share), before.shares)
        else:
            kept.append(segment)
    return kept
