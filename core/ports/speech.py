"""Speech to text."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.domain.interactions import Turn
from core.language import Lang

AUDIO_SUFFIXES = (".wav", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".flac", ".webm", ".wma")

Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word (of Chinese: some characters) with the spaces before it; `start` and `end` in seconds of the recording."""

    start: float
    end: float
    text: str
    lang: Lang


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one speaker, whom `speaker` numbers from 0; times in seconds."""

    start: float
    end: float
    speaker: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording of `seconds`: the words, who spoke when, and both together as turns."""

    seconds: float
    words: tuple[HeardWord, ...]
    stretches: tuple[Stretch, ...]
    turns: tuple[Turn, ...]


class SpeechEngine(Protocol):
    """Turns a recording into a transcript."""

    @property
    def name(self) -> str:
        """Model and version."""

    def transcribe(
        self, path: Path, *, speakers: int | None = None, progress: Progress | None = None, keep: Path | None = None
    ) -> Transcript:
        """What is said in an audio file; no words where nobody speaks.

        `speakers` is how many speak, where that is known. `progress` is told seconds done and seconds in all.
        In the file `keep`, what is heard is kept as it is heard; work that was interrupted goes on from there. Raises
        InvalidInputError for a file without readable sound or one that is too long.
        """
