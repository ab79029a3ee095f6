"""Who spoke when: by channel, or by the sound of the voices. It needs no weights and knows nobody."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering  # type: ignore[import-untyped]

from connectors.speech.sound import RATE, Samples, Sound
from core.ports.speech import Stretch

Spans: TypeAlias = Sequence[tuple[float, float]]
_Floats: TypeAlias = NDArray[np.float64]

_FRAME, _HOP, _FFT, _BANDS, _CEPSTRA = 400, 160, 512, 26, 13
_LOUDER = 4.0
"""How many times the energy of the other channel a channel must have to be the one that is spoken into: 6 dB."""
_ALONE, _SHARE = 0.8, 0.05
_WINDOW, _STEP, _MOST_WINDOWS = 1.5, 0.5, 2000


def find_stretches(sound: Sound, voiced: Spans, speakers: int | None) -> tuple[Stretch, ...]:
    """Stretches of one speaker each within the voiced spans (seconds).

    By channel where there is one speaker a channel. Else by voice, only where it is known how many speak: their number
    cannot be told from these features, and a wrong name on a sentence is worse than none.
    """
    if not voiced:
        return ()
    by_channel = _by_channel(sound, voiced) if speakers in (None, 2) else None
    if by_channel is not None:
        return by_channel
    if speakers is None or speakers < 2:
        return tuple(Stretch(start, end, 0) for start, end in voiced)
    return _by_voice(sound.mono, voiced, speakers)


def _by_channel(sound: Sound, voiced: Spans) -> tuple[Stretch, ...] | None:
    """One speaker a channel; None unless nearly always one of the channels is much the louder, and each is at times."""
    if sound.channels is None:
        return None
    left, right = (_energies(channel) for channel in sound.channels)
    spans = [
        (start, min(start + 0.1, stop)) for begin, stop in voiced for start in np.arange(begin, stop, 0.1).tolist()
    ]
    places = [min(int(start * 10), len(left) - 1) for start, _end in spans]
    louder = np.where(left > right, 0, 1)[places]
    alone = (np.maximum(left, right) > _LOUDER * np.minimum(left, right))[places]
    if alone.mean() < _ALONE or not _SHARE <= louder[alone].mean() <= 1 - _SHARE:
        return None
    return _merged([Stretch(start, end, int(by)) for (start, end), by in zip(spans, louder, strict=True)])


def _energies(channel: Samples) -> _Floats:
    """Mean squares of tenths of a second."""
    size = RATE // 10
    whole = len(channel) - len(channel) % size
    # No copy as long as a recording: two hours are half a gigabyte.
    tenths = channel[:whole].reshape(-1, size)
    energies = np.einsum("ij,ij->i", tenths, tenths) / size
    rest = channel[whole:]
    if len(rest):
        energies = np.append(energies, rest @ rest / size)
    result: _Floats = energies.astype(np.float64) + 1e-9
    return result


def _by_voice(mono: Samples, voiced: Spans, speakers: int) -> tuple[Stretch, ...]:
    step = max(_STEP, sum(end - start for start, end in voiced) / _MOST_WINDOWS)
    spans = [(start, min(start + step, end)) for begin, end in voiced for start in np.arange(begin, end, step).tolist()]
    centres = [(start + end) / 2 for start, end in spans]
    bounds = [_bounds(centre, voiced) for centre in centres]
    described = np.array([_described(mono[int(low * RATE) : int(high * RATE)]) for low, high in bounds])
    labels = _clustered(described, speakers)
    return _merged([Stretch(start, end, int(by)) for (start, end), by in zip(spans, labels, strict=True)])


def _bounds(centre: float, voiced: Spans) -> tuple[float, float]:
    """The window around a moment, within what is voiced around it."""
    low, high = next(span for span in voiced if span[0] <= centre <= span[1])
    return max(low, centre - _WINDOW / 2), min(high, centre + _WINDOW / 2)


def _clustered(described: _Floats, speakers: int) -> list[int]:
    if len(described) <= speakers:
        return [0] * len(described)
    spread = described.std(axis=0)
    scaled = (described - described.mean(axis=0)) / np.where(spread > 0, spread, 1)
    # A few strong directions tell voices apart; the many weak ones tell sounds apart.
    placed = scaled @ np.linalg.svd(scaled, full_matrices=False)[2][:4].T
    return list(map(int, AgglomerativeClustering(n_clusters=speakers).fit_predict(placed)))


def _described(samples: Samples) -> _Floats:
    """Mean and spread of the cepstra of a window, and its pitch (log Hz)."""
    padded = np.pad(samples, (0, max(0, _FRAME - len(samples)))).astype(np.float64)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * np.hamming(_FRAME)
    power = np.abs(np.fft.rfft(frames, _FFT)) ** 2
    bands = np.log(power @ _mel_bands().T + 1e-8)
    angles = np.outer(np.arange(1, _CEPSTRA), np.arange(_BANDS) + 0.5) * np.pi / _BANDS
    cepstra = bands @ np.cos(angles).T
    loud = power.sum(axis=1) >= np.median(power.sum(axis=1))
    spectrum = np.abs(np.fft.rfft(frames[loud], 2 * _FFT)) ** 2
    likeness = np.fft.irfft(spectrum)[:, RATE // 350 : RATE // 70]
    pitch = np.log(RATE / (RATE // 350 + likeness.argmax(axis=1)))
    return np.concatenate([cepstra[loud].mean(axis=0), cepstra[loud].std(axis=0), [np.median(pitch)]])


def _mel_bands() -> _Floats:
    """Triangles evenly spaced in mel, 2595 log10(1 + f / 700), over the bins of the transform."""
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), _BANDS + 2) / 2595) - 1)
    bins = np.arange(_FFT // 2 + 1) * RATE / _FFT
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    result: _Floats = np.maximum(0, np.minimum(rising, falling))
    return result


def _merged(parts: Sequence[Stretch]) -> tuple[Stretch, ...]:
    merged: list[Stretch] = []
    for part in parts:
        if merged and merged[-1].speaker == part.speaker and part.start - merged[-1].end < 0.05:
            merged[-1] = Stretch(merged[-1].start, part.end, part.speaker)
        else:
            merged.append(part)
    return tuple(merged)
