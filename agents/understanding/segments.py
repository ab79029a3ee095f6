"""A message taken apart into its requests, each with the tool that it asks for."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.understanding.marking import Marked
from agents.understanding.message import QUOTED
from agents.understanding.model import Floats, ToolModel, load_model
from agents.understanding.mood import asks_preparation, is_elliptic, is_forbidden, is_visit_told
from agents.understanding.name_forms import plain
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
}
_HARD = re.compile(r"[?!;\n]+|\.(?=\s|$)(?<!\bvs\.)(?<!\bNo\.)|\.{2,}")
_SOFT = re.compile(
    r",|:(?=\s|$|[^\d/])|(?<=\s)(?:and|also|plus|then|as well as|&)(?=\s)"
    r"|以及|还有(?![\ue000-\ue0ff谁哪什多几])|另外|再(?=帮|看|查|给|建|把)|顺便|同时|并且?(?=[把给帮将])|(?<=[^\s,])[和及](?=[^\s\ue000-\ue0ff])",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"^(?!\W*(?:please )?(?:log|record|note|add|save|put|记|登记|补记|录))[^?!;\n]*?(?:wrote|writes?|says?|said"
    rf"|sent|mailed|replied|answered|texted"
    rf"|来信|来函|来邮件|写道?|发来|发了|说|回复|邮件里|留言)[^?!;\n{QUOTED}]{{0,14}}{QUOTED}[\s,.;:]*",
    re.IGNORECASE,
)
_SPLIT_COST, _TORN = 0.9, 2.4
"""In natural logarithms of a probability: what it costs to part a sentence, and to part free text."""
_COSTS = ((0.8, -0.45), (0.6, 0.0), (0.45, 0.3), (0.0, _SPLIT_COST))
"""By the share of the less likely of two pieces that ask for different things."""
_PLAIN = 0.9
_CLEAR, _HEAD, _HEARD, _CONNECTED = 0.8, 0.65, 0.45, 0.7
# "They want 12 % off, who has to sign?" · "Quote them 3 SC-55, 6 % off"
_ONE_QUESTION = frozenset({("find_approval_path", "find_people"), ("draft_quote", "find_approval_path")})
# "…, customer is Fjellkraft" says for whom the rest is asked.
_NAMES_CUSTOMER = re.compile(
    r"[\s,]*(?:the )?(?:customer|client|account)(?: is|:)|[\s,]*客户(?:是|为|:)", re.IGNORECASE
)
_NEXT_STEP = re.compile(r"(?:next (?:step|action)|下一步)\s*$", re.IGNORECASE)
_ADDS = re.compile(
    r"[\s,]*(?:(?:and |but )?(?:then|also|plus|besides|in addition|afterwards)\b"
    r"|(?:然后|接着|另外|还有|顺便|顺带|同时|再|以及|此外|也))",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"[\s,]*(?:and |but |please )*(?:who|whose|whom|what|which|how|when|where|is|are|do|does|can|could|will|list"
    r"|show|check|give|tell|find|any)\b"
    r"|[\s,]*(?:请|帮我|麻烦|查|看|列)|.*(?:谁|什么|哪|多少|吗|几[个台家]|怎么|如何|够不够|有没有)",
    re.IGNORECASE,
)
_PASSIVE = frozenset({CONTEXT, FOLLOW_UP, "out_of_scope", "not_allowed", "needs_model", "help"})
_MOST_PIECES = 10
_LEADING = re.compile(
    r"^(?:[\s,:&]|and\b|also\b|plus\b|then\b|另外|以及|还有(?!谁|哪|什|多|几)|顺便|同时|并|再(?=帮|看|查|给|建|把))+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """`marked[start:end]` asks for `tool`; `shares` are the probabilities of all tools, `share` is that of this one."""

    start: int
    end: int
    tool: str
    share: float
    shares: Floats

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
    for match in (*_HARD.finditer(marked.marked), None):
        end = match.start() if match else len(marked.marked)
        told = _TOLD.match(marked.marked[place:end])
        if told is not None and told.end() < end - place:
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
    return segments


def _sentence(text: str, start: int, end: int, model: ToolModel) -> list[Segment]:
    """One sentence, parted where its parts ask for different things more clearly than the whole asks for one."""
    cuts = [start, *(match.start() for match in _SOFT.finditer(text, start, end))][:_MOST_PIECES]
    cuts = sorted({*cuts, end})
    judged: dict[tuple[int, int], Segment] = {}
    colon = text.find(":", start, end)
    if colon > start:
        head = judge_piece(text, start, colon, model)
        if _NEXT_STEP.search(text[start:colon]) and text[colon + 1 : end].strip():
            return [Segment(start, end, "set_next_step", max(_PLAIN, head.share), head.shares)]
        if head.tool in WRITES | _FREE_TEXT and head.share > _HEAD:
            return [Segment(start, end, head.tool, head.share, head.shares)]
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
    return _joined(best[-1][1], judge_piece, text, model)


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
    if _NAMES_CUSTOMER.match(piece) or (last.tool, segment.tool) in _ONE_QUESTION:
        return _TORN
    connected = bool(_ADDS.match(piece))
    if last.tool in _FREE_TEXT:
        own = segment.share > _CLEAR and segment.tool not in _PASSIVE and bool(connected or _OPENS.match(piece))
        return _SPLIT_COST if own else _TORN
    if last.tool == segment.tool or {last.tool, segment.tool} & _PASSIVE:
        return _SPLIT_COST
    least = min(last.share, segment.share)
    if connected and least >= _HEARD:
        return -_CONNECTED
    return next(cost for share, cost in _COSTS if least >= share)


def judge_piece(text: str, start: int, end: int, model: ToolModel) -> Segment:
    """The tool that a piece of text asks for."""
    lead = _LEADING.match(text[start:end])
    begin = start + (lead.end() if lead else 0)
    piece = text[begin:end].strip(" ,:")
    if not piece:
        shares = np.zeros(len(model.tools))
        shares[model.tools.index(CONTEXT)] = 1.0
        return Segment(start, end, CONTEXT, 1.0, shares)
    # The lead is judged, too: "and the stock" is how one goes on.
    shares = model.shares(text[start:end].strip(" ,:").lower())
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
