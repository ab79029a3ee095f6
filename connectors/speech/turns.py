"""Words and who spoke when, put together as turns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from core.domain.interactions import Turn
from core.ports.speech import HeardWord, Stretch

_ENDS = (".", "?", "!", "。", "？", "！", "…")
_PAUSE, _LONG = 1.0, 15.0


def build_turns(words: Sequence[HeardWord], stretches: Sequence[Stretch]) -> tuple[Turn, ...]:
    """A turn ends where another speaks, in another language, at a pause, or after 15 s with its sentence.

    A sentence has one speaker, for the edges of stretches are less certain than those of sentences. Speakers are called
    “Speaker 1”, “Speaker 2” in the order in which they are heard; there is no name where only one is heard.
    """
    sentences = [(sentence, _speaker(sentence, stretches)) for sentence in _sentences(words)]
    heard = list(dict.fromkeys(speaker for _sentence, speaker in sentences if speaker is not None))
    names = {speaker: f"Speaker {place}" for place, speaker in enumerate(heard, 1)} if len(heard) > 1 else {}
    return tuple(
        Turn(
            speaker=names.get(speaker, "") if speaker is not None else "",
            start=round(said[0].start, 2),
            end=round(said[-1].end, 2),
            text=_text(said),
        )
        for said, speaker in _joined(sentences)
    )


def _sentences(words: Iterable[HeardWord]) -> Iterator[list[HeardWord]]:
    sentence: list[HeardWord] = []
    for word in words:
        if sentence and (word.lang is not sentence[-1].lang or word.start - sentence[-1].end > _PAUSE):
            yield sentence
            sentence = []
        sentence.append(word)
        if word.text.rstrip().endswith(_ENDS):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _speaker(sentence: Sequence[HeardWord], stretches: Sequence[Stretch]) -> int | None:
    """Who speaks most of a sentence; None where it is not known."""
    seconds: Counter[int] = Counter()
    for word in sentence:
        for one in stretches:
            seconds[one.speaker] += max(0, round(1000 * (min(word.end, one.end) - max(word.start, one.start))))
    most = seconds.most_common(1)
    return most[0][0] if most and most[0][1] > 0 else None


def _joined(sentences: Iterable[tuple[list[HeardWord], int | None]]) -> Iterator[tuple[list[HeardWord], int | None]]:
    turn: list[HeardWord] = []
    by: int | None = None
    for sentence, speaker in sentences:
        if turn and (
            speaker != by
            or sentence[0].lang is not turn[-1].lang
            or sentence[0].start - turn[-1].end > _PAUSE
            or sentence[-1].end - turn[0].start > _LONG
        ):
            yield turn, by
            turn = []
        turn, by = [*turn, *sentence], speaker
    if turn:
        yield turn, by


def _text(words: Iterable[HeardWord]) -> str:
    return "".join(word.text for word in words).strip()
