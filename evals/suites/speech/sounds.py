"""Sounds in which nobody speaks, made in the run."""

import wave
from pathlib import Path

import numpy as np

SEED = 7
_RATE, _SECONDS = 16_000, 20


def write_sounds(folder: Path) -> dict[str, Path]:
    """Files with 20 s each of silence, white noise (-20 and -40 dB) and music-like tones, by name."""
    time = np.arange(_RATE * _SECONDS) / _RATE
    noise = np.random.default_rng(SEED).standard_normal(len(time))
    chords = np.array([[220, 277, 330], [196, 247, 294], [175, 220, 262], [165, 208, 247]])
    played = chords[(time * 2).astype(int) % len(chords)]
    tones = np.sin(2 * np.pi * played.T * time).sum(axis=0) * np.exp(-3 * ((time * 2) % 1))
    sounds = {"silence": 0 * time, "noise": 0.1 * noise, "faint_noise": 0.01 * noise, "music": 0.15 * tones}
    return {name: _write(folder / f"{name}.wav", samples) for name, samples in sounds.items()}


def _write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path
