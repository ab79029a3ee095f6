"""Reading the sound of any common audio file."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from core.errors import InvalidInputError

RATE = 16_000

Samples: TypeAlias = NDArray[np.float32]

_MOST_SECONDS = 2 * 3600
_FULL_SCALE = 32768.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples at 16 kHz between -1 and 1: all channels as one, and one by one where there are two."""

    mono: Samples
    channels: tuple[Samples, Samples] | None

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.mono) / RATE


def read_sound(path: Path, *, most_seconds: float = _MOST_SECONDS) -> Sound:
    """The sound of a file. Raises InvalidInputError when there is none, it cannot be read, or is too long."""
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise InvalidInputError(
                    f"“{path.name}” has no sound in it", field="audio", remedy="Give a file with an audio stream."
                )
            stream = container.streams.audio[0]
            stereo = stream.codec_context.channels == 2
            parts = list(_bounded(_decoded(container, 2 if stereo else 1), path, most_seconds * (2 if stereo else 1)))
    except (OSError, av.FFmpegError) as error:
        raise InvalidInputError(
            f"“{path.name}” cannot be read as audio: {error}",
            field="audio",
            remedy="Give a WAV, MP3, M4A, OGG, FLAC or WebM file.",
        ) from error
    whole = np.concatenate(parts or [np.zeros(0, np.int16)])
    parts.clear()
    if not stereo:
        return Sound(_scaled(whole), None)
    left, right = _scaled(whole[0::2]), _scaled(whole[1::2])
    return Sound(np.multiply(left + right, np.float32(0.5), dtype=np.float32), (left, right))


def _scaled(samples: NDArray[np.int16]) -> Samples:
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)


def _decoded(container: InputContainer, channels: int) -> Iterator[NDArray[np.int16]]:
    resampler = av.AudioResampler(format="s16", layout="stereo" if channels == 2 else "mono", rate=RATE)
    for frame in chain(container.decode(audio=0), (None,)):
        for ready in resampler.resample(frame):
            yield ready.to_ndarray().reshape(-1).astype(np.int16, copy=False)


def _bounded(parts: Iterator[NDArray[np.int16]], path: Path, most_seconds: float) -> Iterator[NDArray[np.int16]]:
    """The parts; a length that the file itself tells is not believed."""
    count = 0
    for part in parts:
        count += len(part)
        if count > most_seconds * RATE:
            raise InvalidInputError(
                f"“{path.name}” is longer than 2 hours", field="audio", remedy="Cut it into shorter recordings."
            )
        yield part
