"""Errors of transcripts and of turns."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from core.language import Lang
from core.ports.speech import Stretch
from evals.suites.speech.spoken_form import chinese_characters, english_words

_FRAMES = 100


def units(text: str, lang: Lang) -> list[str]:
    """What errors are counted in: lower-case English words, or Chinese characters, as they are said."""
    return english_words(text) if lang is Lang.EN else chinese_characters(text)


def edits(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions that make one of the other (Levenshtein 1966)."""
    row = list(range(len(heard) + 1))
    for place, one in enumerate(said, 1):
        before, row[0] = row[0], place
        for column, other in enumerate(heard, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (one != other))
    return row[-1]


def diarisation_error(truth: Sequence[Stretch], told: Sequence[Stretch]) -> float:
    """Missed, invented and confused speaker time over spoken time, with speakers matched as is best (NIST RT-09).

    In frames of 10 ms; no collar around edges, and speech over speech counts.
    """
    frames = round(_FRAMES * max((one.end for one in (*truth, *told)), default=0)) + 1
    true, found = _active(truth, frames), _active(told, frames)
    both = true.astype(int) @ found.astype(int).T
    right = both[linear_sum_assignment(both, maximize=True)].sum()
    needed = np.maximum(true.sum(axis=0), found.sum(axis=0)).sum()
    return float((needed - right) / max(1, true.sum()))


def _active(stretches: Sequence[Stretch], frames: int) -> NDArray[np.bool_]:
    """Who speaks in which frame, one row a speaker."""
    speakers = sorted({one.speaker for one in stretches})
    active = np.zeros((len(speakers), frames), dtype=bool)
    for one in stretches:
        active[speakers.index(one.speaker), round(one.start * _FRAMES) : round(one.end * _FRAMES)] = True
    return active
