"""What else a meeting holds: open questions, objections, competitors, money, time, and where one thing ends."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

import numpy as np

from agents.analysis.lexicon import Pattern
from agents.analysis.meetings.deciding import load_cues
from agents.analysis.meetings.spoken import Spoken, replies_to
from agents.analysis.meetings.weighing import Talk, Vector
from agents.analysis.salience import is_question
from agents.analysis.signals import Finding, find_signals, known_names
from agents.analysis.voices import Line
from agents.planning.values import Found, read_dates, read_durations, read_money, read_numbers, read_periods
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.money import Money
from core.domain.views.stage import SignalKind
from core.language import Lang
from core.text import normalise_name

_BUDGET = re.compile(
    r"\b(?:budgets?|budgeted|price[sd]?|costs?|pay|paid|spend|offers?|quot\w+|discount|fund\w*|expensive|afford|money|invest\w*)\b"
    r"|预算|价格?|报价|费用|成本|付款|花|钱|优惠|折扣|投资|资金|贵",
    re.IGNORECASE,
)
_TIMING = re.compile(
    r"\b(?:deliver\w*|lead times?|start\w*|go.?live|launch\w*|decid\w+|board|meets?|roll.?out|install\w*|sign\w*"
    r"|ready|finish\w*|shutdown|pilot|order\w*|deadline|schedul\w+|plan\w*|ship\w*|by|until|before|within|visit|renew\w*|budget|weeks?|months?)\b"
    r"|交期|交货|交付|上线|开始|启动|安装|签|决定|董事会|检修|试点|订|截止|计划|前|之内|考察|续|内|周|月",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:don'?t know|no idea|hard to say|not sure|can'?t (?:say|tell)|have to (?:check|ask|see)|good question"
    r"|let me (?:check|ask|find)"
    r"|we(?:'ll| will) see|i(?:'ll| will) (?:check|ask|find out|come back|get back)|depends|doubt|can'?t promise)\b"
    r"|不清楚|不知道|说不(?:好|准|清)|不好说|不确定|我(?:去)?(?:问|查|确认|看)一?下|回头|到时候|再说",
    re.IGNORECASE,
)
_LEAST_TOPIC, _MOST_TOPICS, _TOPIC_WORDS = 8, 12, 4
_BLOCK = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places of the first and the last sentence of what is about one thing, and the words that set it apart."""

    first: int
    last: int
    words: tuple[str, ...]


def open_questions(spoken: Sequence[Spoken]) -> Iterator[Spoken]:
    """Questions that nobody answers: no reply, another question, or that it is not known."""
    for place, said in enumerate(spoken):
        if not said.asked or not is_question(said.text):
            continue
        if place + 1 < len(spoken) and spoken[place + 1].turn == said.turn and not spoken[place + 1].asked:
            continue
        replies = replies_to(spoken, place, 1)
        deferred = load_cues("deferred")["any"]
        if not replies or replies[0].asked or any(_unknown(one, deferred) for one in replies[:2]):
            yield said


def _unknown(said: Spoken, deferred: Pattern) -> bool:
    return bool(_UNKNOWN.search(said.words) or deferred.search(said.words))


def heard_signals(
    spoken: Sequence[Spoken], competitors: Sequence[str], ours: Sequence[str], held_on: date | None
) -> list[tuple[Spoken, Finding]]:
    """Objections and competitors in what others than our people said, as the intent agent finds them."""
    day = datetime.combine(held_on or date(2000, 1, 1), time(12), UTC)
    text = "\n".join(f"{said.speaker}: {said.text}" for said in spoken)
    talk = Interaction(
        id="meeting",
        account_id="",
        form=InteractionKind.MEETING,
        at=day,
        text=text,
        lang=Lang.EN,
        author=Author.CUSTOMER,
    )
    lines = [Line(talk, place, said.text, said.text, said.speaker) for place, said in enumerate(spoken)]
    rivals, own = known_names(competitors), frozenset(map(normalise_name, ours))
    around: list[Line | None] = [None, *lines, None]
    found = []
    for place, line in enumerate(lines):
        if normalise_name(spoken[place].speaker) in own:
            continue
        near = (around[place], around[place + 2])
        wanted = (SignalKind.OBJECTION, SignalKind.COMPETITOR)
        found += [(spoken[place], one) for one in find_signals(line, rivals, own, near) if one.kind in wanted]
    return found


def priced(spoken: Sequence[Spoken]) -> Iterator[tuple[Spoken, tuple[Money, ...]]]:
    """Sentences that name money, or a number where a price or a budget is spoken of."""
    for said in spoken:
        amounts = tuple(one.value for one in read_money(said.text))
        large = any(abs(one.value) >= 100 for one in read_numbers(said.text))
        if amounts or (large and _BUDGET.search(said.text)) or re.search(r"\bbudget|预算", said.words):
            yield said, amounts


def timed(spoken: Sequence[Spoken], held_on: date | None) -> Iterator[tuple[Spoken, tuple[date, ...]]]:
    """Sentences that say when something is to happen; days only where the meeting's date is known."""
    base = held_on or date(2000, 1, 3)
    for said in spoken:
        days: tuple[Found[date], ...] = tuple(one for one in read_dates(said.text, base) if one.value > base)
        spans = read_durations(said.text) or read_periods(said.text, base)
        if (days or spans) and _TIMING.search(said.text):
            yield said, tuple(one.value for one in days) if held_on else ()


def stretches(talk: Talk) -> list[Stretch]:
    """The meeting cut where its words change most (TextTiling, Hearst 1997): depth of the dip above mean + ½ deviation.

    Blocks of ten sentences are compared; a stretch has at least eight sentences.
    """
    count = len(talk.spoken)
    cuts: list[int] = []
    if count >= 2 * _LEAST_TOPIC:
        depth = _depths(talk)
        limit = float(depth[depth > 0].mean() + depth[depth > 0].std() / 2) if (depth > 0).any() else np.inf
        for place in np.argsort(-depth, kind="stable").tolist():
            if depth[place] < limit or len(cuts) >= _MOST_TOPICS - 1:
                break
            taken = (0, *cuts, count)
            starts_turn = talk.spoken[place].index == 0
            if starts_turn and all(abs(place - edge) >= _LEAST_TOPIC for edge in taken):
                cuts.append(place)
    edges = [0, *sorted(cuts), count]
    return [Stretch(first, end - 1, _apart(talk, first, end)) for first, end in pairwise(edges) if count]


def _depths(talk: Talk) -> Vector:
    """How far the likeness of the sentences before and after each place lies below the highest on both sides."""
    count = len(talk.spoken)
    alike = np.ones(count)
    for place in range(1, count):
        before = talk.centre(_span(count, max(0, place - _BLOCK), place))
        after = talk.centre(_span(count, place, min(count, place + _BLOCK)))
        alike[place] = sum(weight * after.get(word, 0.0) for word, weight in before.items())
    depth = np.zeros(count)
    for place in range(1, count):
        left = alike[max(1, place - _BLOCK) : place + 1].max()
        right = alike[place : place + _BLOCK].max()
        depth[place] = left + right - 2 * alike[place]
    return depth


def _span(count: int, first: int, end: int) -> Vector:
    shares = np.zeros(count)
    shares[first:end] = 1.0
    return shares


def _apart(talk: Talk, first: int, end: int) -> tuple[str, ...]:
    """The words that weigh most here beside the rest."""
    inside = talk.centre(_span(len(talk.spoken), first, end))
    whole = talk.centre(np.ones(len(talk.spoken)))
    named = {part for said in talk.spoken for part in said.speaker.lower().split()}
    weights = {word: weight - 0.5 * whole[word] for word, weight in inside.items() if word not in named}
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_TOPIC_WORDS]
    return tuple(word for word in best if not word.isdigit())
