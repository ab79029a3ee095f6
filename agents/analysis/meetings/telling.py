"""The few sentences that tell most within a number of words, as reported speech."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.analysis.meetings.spoken import Spoken, length
from agents.analysis.meetings.weighing import Talk, Vector
from core.language import Lang

_LEAST = {Lang.EN: 4, Lang.ZH: 6}
_SAME = 0.5
_PERSONS = {
    **dict.fromkeys(("i", "we"), "they"),
    **dict.fromkeys(("my", "our"), "their"),
    **dict.fromkeys(("me", "us"), "them"),
    **dict.fromkeys(("mine", "ours"), "theirs"),
    **dict.fromkeys(("i'm", "we're"), "they are"),
    **dict.fromkeys(("i'll", "we'll"), "they will"),
    **dict.fromkeys(("i've", "we've"), "they have"),
    **dict.fromkeys(("i'd", "we'd"), "they would"),
}
_THEY_ARE = {"am": "are", "was": "were"}
_I_AM = re.compile(r"\bI (am|was)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence chosen, and how it is told."""

    said: Spoken
    text: str


def choose(talk: Talk, weights: Vector, words: int, *, reported: bool) -> list[Told]:
    """The sentences of most weight that fit into so many words, in the order of the meeting; none says another again.

    The last is cut where the words end, which “…” shows. `reported`: as “Ada said that they …”.
    """
    chosen: list[tuple[int, str]] = []
    left = words
    for place in weights.argsort()[::-1].tolist():
        said = talk.spoken[place]
        if talk.lengths[place] < _LEAST[said.lang] or _repeats(talk, place, [one for one, _ in chosen]):
            continue
        text = told(said, talk.plain[place]) if reported else talk.plain[place]
        if length(text) > left:
            if not chosen or left >= _LEAST[said.lang]:
                chosen.append((place, shortened(text, left)))
            break
        chosen.append((place, text))
        left -= length(text)
    return [Told(talk.spoken[place], text) for place, text in sorted(chosen)]


def _repeats(talk: Talk, place: int, chosen: Sequence[int]) -> bool:
    words = talk.vectors[place].keys()
    return any(len(words & talk.vectors[other].keys()) > _SAME * max(1, len(words)) for other in chosen)


def told(said: Spoken, plain: str) -> str:
    """The sentence in reported speech: who said it, and “they” for “I” and “we”; Chinese keeps the words."""
    if said.lang is Lang.ZH:
        return f"{said.speaker}：{plain}" if said.speaker else plain
    words = plain.split()
    if words and words[0].lower() not in _PERSONS and not words[0].isupper() and words[0][1:].islower():
        words[0] = words[0][0].lower() + words[0][1:]
    body = _I_AM.sub(lambda found: f"they {_THEY_ARE[found[1].lower()]}", " ".join(words))
    body = " ".join(_third(word) for word in body.split())
    verb = "asked:" if said.asked else "said that"
    return f"{said.speaker} {verb} {body}"


def _third(word: str) -> str:
    core = re.match(r"[\w'’]+", word)
    if core is None:
        return word
    return (_PERSONS.get(core[0].lower().replace("’", "'")) or core[0]) + word[core.end() :]


def shortened(text: str, words: int) -> str:
    """The beginning of a text, at most so many words; Chinese characters count one each."""
    kept, used = [], 0
    for piece in re.findall(r"[\u3400-\u9fff]|[^\u3400-\u9fff\s]+\s*|\s+", text):
        used += length(piece)
        if used > words:
            break
        kept.append(piece)
    return "".join(kept).rstrip(" ,，、;；") + "…"
