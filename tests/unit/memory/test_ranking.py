"""Ranking: the formulas, by hand."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.language import Lang
from memory.ranking import fuse, in_context, level_languages, score_vectors, score_words, word_weights

SCORES = st.lists(st.tuples(st.floats(0, 50), st.none() | st.floats(-1, 1)), max_size=30)


def test_bm25_is_as_published() -> None:
    documents = [Counter("aab"), Counter("bc"), Counter("c")]
    weights = word_weights(["a", "b", "z"], documents)
    assert weights == {"a": pytest.approx(math.log(1 + 2.5 / 1.5)), "b": pytest.approx(math.log(1 + 1.5 / 2.5))}
    first, second, third = score_words(weights, documents)
    assert first == pytest.approx(
        weights["a"] * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
        + weights["b"] * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1.5))
    )
    assert second == pytest.approx(weights["b"])
    assert third == 0


def test_cosines_are_of_the_vectors_that_are_there() -> None:
    query = np.array([1, 0], dtype=np.float32)
    vectors = [np.array(pair, dtype=np.float32).tobytes() for pair in ((1, 0), (0.6, 0.8))]
    scores = score_vectors(query, [vectors[0], None, b"\0" * 12, vectors[1]])
    assert scores == [1.0, None, None, pytest.approx(0.6)]


def test_no_documents_have_no_scores() -> None:
    assert score_words(word_weights(["a"], []), []) == []
    assert score_words({}, [Counter(), Counter()]) == [0, 0]
    assert fuse([], []) == []


def test_a_language_has_no_head_start() -> None:
    langs = [Lang.EN] * 3 + [Lang.ZH] * 4
    levelled = level_languages([0.9, 0.8, 0.7, 0.3, 0.2, 0.1, None], langs)
    assert levelled == [*map(pytest.approx, (0.1, 0, -0.1, 0.1, 0, -0.1)), None]
    assert level_languages([0.9, 0.8, 0.3], langs[1:4]) == [0.9, 0.8, 0.3]


def test_fusion_by_hand() -> None:
    assert fuse([4.0, 2.0, 0.0, 2.0], [0.8, 0.9, 0.7, None]) == pytest.approx([0.775, 0.725, 0.0, 0.5])


@given(SCORES)
@example([(5e-324, 0.0)])
def test_fused_scores_lie_between_0_and_1_and_grow_with_both(pairs: list[tuple[float, float | None]]) -> None:
    by_words, by_vectors = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    fused = fuse(by_words, by_vectors)
    assert all(0 <= score <= 1 + 1e-9 for score in fused)
    for (word, cosine), score in zip(pairs, fused, strict=True):
        for (other_word, other_cosine), other_score in zip(pairs, fused, strict=True):
            if cosine is not None and other_cosine is not None and word >= other_word and cosine >= other_cosine:
                assert score >= other_score - 1e-9


def test_context_by_hand() -> None:
    # One conversation of three passages, then one alone.
    lifted = in_context([0.6, 0.0, 0.3, 0.4], ["a", "a", "a", "b"])
    whole = 1.95
    assert lifted == pytest.approx(
        [
            (0.6 + 0.3 * 0.0 + 0.55 * 0.3) / whole,
            (0.0 + 0.1 * 0.6 + 0.3 * 0.3 + 0.55 * 0.3) / whole,
            (0.3 + 0.1 * 0.0 + 0.55 * 0.3) / whole,
            (0.4 + 0.55 * 0.4) / whole,
        ]
    )
    assert in_context([], []) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), max_size=20))
def test_context_keeps_the_scale_and_nothing_comes_of_nothing(rows: list[tuple[float, int]]) -> None:
    scores, days = [score for score, _ in rows], [day for _, day in rows]
    lifted = in_context(scores, days)
    assert all(0 <= score <= 1 + 1e-9 for score in lifted)
    assert in_context([0.0] * len(days), days) == [0.0] * len(days)
