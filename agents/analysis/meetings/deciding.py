"""What was decided, and what was spoken of and not decided.

A sentence counts as a decision only when it says so and nothing in it takes that back: a question, a condition, a
delay, a possibility, or a denial in the same clause. What somebody proposes is decided when another accepts it. When in
doubt it was not decided: a decision that is missed can be read in the minutes' other parts, a false one misleads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from agents.analysis.lexicon import Pattern, compile_group, load_table
from agents.analysis.meetings.spoken import Spoken, clauses_of, length, replies_to
from core.domain.views.meetings import Undecided

_SHORT, _BARE, _LEAST = 40, 12, 4
# What may still be decided by the answer.
_ACCEPTABLE = (None, Undecided.CONSIDERED, Undecided.ASKED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence about a decision: made when `why` is None, else why it was not; `part` where only a part says so."""

    said: Spoken
    why: Undecided | None
    part: str | None = None


@cache
def load_cues(group: str) -> dict[str, Pattern]:
    """The compiled patterns of a table of agents/data/meetings.toml, once."""
    return compile_group(load_table("meetings")[group])


def find_verdicts(spoken: Sequence[Spoken]) -> list[Verdict]:
    """Every sentence that decides or leaves undecided, in order."""
    found: dict[int, Undecided | None] = {}
    for place, said in enumerate(spoken):
        judged = _judge(said)
        if judged is not _SILENT:
            found[place] = None if judged is _MADE else Undecided(judged)
        for other in _settled_by(spoken, place):
            if found.get(other) in _ACCEPTABLE:
                found[other] = None
    for place, why in list(found.items()):
        if why is None and _is_contested(spoken, place):
            found[place] = Undecided.CONTESTED
    return [verdict for place in sorted(found) for verdict in _parted(spoken[place], found[place])]


def _parted(said: Spoken, why: Undecided | None) -> list[Verdict]:
    """One verdict, or two for a sentence that settles one thing and says of another that it is not."""
    clauses = clauses_of(said.text)
    open_ones = [
        one for one in clauses if _is("denied", one.lower()) and load_cues("matter")["any"].search(one.lower())
    ]
    made = [one for one in clauses if one not in open_ones and _decides(one.lower())]
    if why is None and made and open_ones:
        return [Verdict(said, None, made[0]), Verdict(said, Undecided.DENIED, open_ones[0])]
    return [Verdict(said, why)]


_MADE, _SILENT = "made", "silent"


def _judge(said: Spoken) -> str:
    """`made`, `silent`, or why what the sentence speaks of is not decided."""
    words = said.words
    clauses = clauses_of(words)
    decides = [clause for clause in clauses if _decides(clause)] or ([words] if _decides(words) else [])
    if len(clauses) > 1 and load_cues("accepted")["sealed"].search(clauses[0]) and len(clauses[0]) < _BARE:
        decides.append(clauses[0])
    matter, deed = load_cues("matter")["any"], load_cues("matter")["deed"]
    about = bool(decides or matter.search(words))
    if (open_because := _left_open(said, about=about, deed=bool(deed.search(words)))) is not None:
        return open_because
    denied = [clause for clause in clauses if _is("denied", clause)]
    settles = [clause for clause in decides if clause not in denied]
    if any(matter.search(clause) for clause in denied) and not settles:
        return Undecided.DENIED
    if _is("possible", words):
        return Undecided.CONSIDERED if about or deed.search(words) else _SILENT
    return _MADE if settles else _SILENT


def _left_open(said: Spoken, *, about: bool, deed: bool) -> str | None:
    """What the whole sentence is, when it is a question, hangs on a condition, waits, or is taken back; else None."""
    words = said.words
    if said.asked:
        return Undecided.ASKED if about or (_is("possible", words) and deed) else _SILENT
    if _is("hypothetical", words):
        return Undecided.CONDITIONAL if about or deed else _SILENT
    if (waits := load_cues("decided")["waiting"].search(words)) and not _is("denied", words[: waits.start()]):
        return _MADE
    if _is("deferred", words):
        return Undecided.DEFERRED
    thought = load_cues("denied")["thought"]
    if thought.search(words) or any(map(thought.search, clauses_of(words))):
        return Undecided.DENIED if about else _SILENT
    return None


def _is(group: str, words: str) -> bool:
    return bool(load_cues(group)["any"].search(words))


def _decides(words: str) -> bool:
    cues = load_cues("decided")
    return bool(cues["done"].search(words) or cues["chosen"].search(words))


def _settled_by(spoken: Sequence[Spoken], place: int) -> Iterator[int]:
    """Places of what the sentence at `place` accepts: just before in its turn, or proposed by another just before."""
    said = spoken[place]
    if said.asked or not _accepts(said):
        return
    if place and spoken[place - 1].turn == said.turn and said.index:
        sealed = load_cues("accepted")["sealed"].search(said.words)
        if (
            sealed
            and _judge(spoken[place - 1]) == _SILENT
            and not spoken[place - 1].asked
            and _says_much(spoken[place - 1])
        ):
            yield place - 1
        return
    for other in range(place - 1, -1, -1):
        if spoken[other].turn < said.turn - 2:
            return
        if spoken[other].speaker != said.speaker and _proposes(spoken[other]):
            yield other
            return


def _says_much(said: Spoken) -> bool:
    """Whether a sentence is long enough to say what is agreed."""
    return length(said.text) >= _LEAST


def _accepts(said: Spoken) -> bool:
    """Whether a short sentence says no more than that one agrees."""
    words = said.words
    if len(words) > _SHORT or any(_is(group, words) for group in ("denied", "hypothetical", "deferred", "possible")):
        return bool(len(words) <= _SHORT and load_cues("accepted")["strong"].search(words) and _only_agrees(words))
    return bool(load_cues("accepted")["strong"].search(words))


def _only_agrees(words: str) -> bool:
    """Whether what looks like a denial is part of the agreement itself: “no objection”, 没意见."""
    rest = load_cues("accepted")["strong"]
    left = rest.zh.sub("", rest.en.sub("", words))
    return not any(_is(group, left) for group in ("denied", "hypothetical", "deferred", "possible"))


def _proposes(said: Spoken) -> bool:
    words = said.words
    return _is("proposal", words) and not _is("hypothetical", words) and not _is("deferred", words)


def _is_contested(spoken: Sequence[Spoken], place: int) -> bool:
    """Whether the first sentence that another answers takes the decision back."""
    answers = replies_to(spoken, place, 1)
    return (
        bool(answers)
        and (match := load_cues("contested")["any"].search(answers[0].words)) is not None
        and (match.start() < _SHORT // 2)
    )
