"""A recording heard section by section: what every engine has in common."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from faster_whisper.vad import VadOptions, get_speech_timestamps  # type: ignore[import-untyped]
from opencc import OpenCC  # type: ignore[import-untyped]

from connectors.speech.sound import RATE, Samples, read_sound
from connectors.speech.turns import build_turns
from connectors.speech.voices import find_stretches
from core.language import Lang
from core.ports.speech import HeardWord, Progress, Transcript

# The words in samples, whose first is at so many seconds of the recording.
Hear: TypeAlias = Callable[[Samples, float], Iterable[HeardWord]]
Bounds: TypeAlias = tuple[int, int]

_LONGEST_S = 28
_LEAST_SURE, _MOST_REPEATED, _NO_SPEECH = -1.0, 2.4, 0.6
"""Whisper's own limits (Radford et al. 2022, 4.5), beyond which a segment is taken for invented."""
_WORD = re.compile(r"\s*(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff]+)")


def transcribe_sections(
    path: Path,
    hear: Hear,
    *,
    speakers: int | None,
    progress: Progress | None,
    keep: Path | None,
    detect_voice: bool = True,
) -> Transcript:
    """As the port says, with `hear` for each voiced section; without `detect_voice`, for each piece of the whole."""
    sound = read_sound(path)
    voiced = find_voiced(sound.mono) if detect_voice else _pieces(len(sound.mono))
    kept = _Kept(keep)
    words: list[HeardWord] = []
    for start, end in voiced:
        known = kept.find((start, end))
        if known is None:
            known = list(hear(sound.mono[start:end], start / RATE))
            kept.add((start, end), known)
        words += known
        if progress is not None:
            progress(end / RATE, sound.seconds)
    spans = [(start / RATE, end / RATE) for start, end in voiced]
    stretches = find_stretches(sound, spans, speakers) if detect_voice else ()
    return Transcript(sound.seconds, tuple(words), stretches, build_turns(words, stretches))


def find_voiced(mono: Samples) -> list[Bounds]:
    """First and last sample of each section with a voice (Silero), at most 28 s: what Whisper hears at once."""
    wanted = VadOptions(
        min_speech_duration_ms=100, max_speech_duration_s=_LONGEST_S, min_silence_duration_ms=500, speech_pad_ms=200
    )
    return [(one["start"], one["end"]) for one in get_speech_timestamps(mono, wanted)]


def is_invented(segment: Any) -> bool:
    """Whether a segment of Whisper is unsure of itself, repeats itself, or was probably heard in no speech."""
    return bool(
        segment.avg_logprob < _LEAST_SURE
        or segment.compression_ratio > _MOST_REPEATED
        or (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _LEAST_SURE / 2)
    )


def spread_words(text: str, start: float, end: float, lang: Lang) -> Iterator[HeardWord]:
    """The words of a text that was said between two times, each as long as its letters are many."""
    words = _WORD.findall(text)
    letter = (end - start) / max(1, sum(map(len, words)))
    for word in words:
        yield HeardWord(start, start + letter * len(word), word, lang)
        start += letter * len(word)


def to_simplified(text: str) -> str:
    """Chinese in simplified characters: Whisper writes either."""
    simplified: str = _converter().convert(text)
    return simplified


@cache
def _converter() -> Any:
    return OpenCC("t2s")


def _pieces(samples: int) -> list[Bounds]:
    size = _LONGEST_S * RATE
    return [(start, min(start + size, samples)) for start in range(0, samples, size)]


class _Kept:
    """Sections that were heard before, a line each, so that work which was interrupted goes on where it was."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[Bounds, list[HeardWord]] = {}
        if path is not None and path.exists():
            for line in path.read_text("utf-8").splitlines():
                self._read(line)

    def find(self, bounds: Bounds) -> list[HeardWord] | None:
        """The words of a section, if it was heard."""
        return self._known.get(bounds)

    def add(self, bounds: Bounds, words: list[HeardWord]) -> None:
        """Keep a section."""
        if self._path is None:
            return
        line = json.dumps([*bounds, [astuple(word) for word in words]], ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            # First the line's end: the line before may be half a line of a process that was killed.
            file.write(f"\n{line}")

    def _read(self, line: str) -> None:
        try:
            start, end, words = json.loads(line)
        except ValueError:
            return
        self._known[start, end] = [HeardWord(first, last, text, Lang(lang)) for first, last, text, lang in words]
