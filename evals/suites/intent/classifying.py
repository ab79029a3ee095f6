"""Classifiers of short texts that are trained in the run, and what they are compared with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.dummy import DummyClassifier  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_WORDS = r"(?u)\b\w+\b|[?!$%]"
_BEFORE = 0.5
"""How much the words of what was said before count beside those of the text."""
_SENSE_BEFORE = 0.7
"""The same for its sense."""
_POOL = (0.6, 0.5)
"""Exponents of the shares by wording and by sense in their product (a logarithmic opinion pool)."""
_LEAST = 1e-9


@dataclass(frozen=True)
class Material:
    """Texts, what was said before each, and the unit vectors of both; None where no embedder runs."""

    texts: Sequence[str]
    before: Sequence[str]
    vectors: Floats | None
    vectors_before: Floats | None

    def part(self, rows: Whole) -> "Material":
        """The rows named."""
        return Material(
            [self.texts[row] for row in rows],
            [self.before[row] for row in rows],
            None if self.vectors is None else self.vectors[rows],
            None if self.vectors_before is None else self.vectors_before[rows],
        )


Judge = Callable[[Material], Floats]
"""Shares of the classes, one row a text."""


def learn_pool(material: Material, classes: Whole, count: int) -> Judge:
    """Wording and, where vectors are, sense: two logistic regressions that weigh every class alike, pooled.

    Wording is words and pairs of words, pieces of 2 to 5 characters, and the words of what was said before.
    """
    by_wording = _learn_wording(material, classes, count)
    if material.vectors is None:
        return by_wording
    by_sense = _learn_sense(material, classes, count)

    def judge(given: Material) -> Floats:
        logs = zip(_POOL, (by_wording(given), by_sense(given)), strict=True)
        return _normalised(sum(weight * np.log(np.maximum(shares, _LEAST)) for weight, shares in logs))

    return judge


def _learn_wording(material: Material, classes: Whole, count: int) -> Judge:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=_WORDS)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=60_000)
    before = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=_WORDS)
    has_before = any(material.before)
    for vectoriser in (words, pieces):
        vectoriser.fit(material.texts)
    if has_before:
        before.fit(material.before)

    def features(given: Material) -> csr_matrix:
        blocks = [words.transform(given.texts), pieces.transform(given.texts)]
        blocks += [_BEFORE * before.transform(given.before)] if has_before else []
        return hstack(blocks).tocsr()

    fitted = LogisticRegression(C=6.0, max_iter=500, class_weight="balanced").fit(features(material), classes)
    return lambda given: _shares(fitted, features(given), count)


def _learn_sense(material: Material, classes: Whole, count: int) -> Judge:
    assert material.vectors is not None  # noqa: S101
    middle = material.vectors.mean(axis=0)
    scale = float((material.vectors - middle).std())

    def features(given: Material) -> Floats:
        assert given.vectors is not None  # noqa: S101
        assert given.vectors_before is not None  # noqa: S101
        return np.hstack([(given.vectors - middle) / scale, _SENSE_BEFORE * (given.vectors_before - middle) / scale])

    fitted = LogisticRegression(C=0.01, max_iter=500, class_weight="balanced").fit(features(material), classes)
    return lambda given: _shares(fitted, features(given), count)


def learn_tfidf(material: Material, classes: Whole, count: int) -> Judge:
    """TF-IDF of words and logistic regression, as they come."""
    words = TfidfVectorizer()
    fitted = LogisticRegression(max_iter=500).fit(words.fit_transform(material.texts), classes)
    return lambda given: _shares(fitted, words.transform(given.texts), count)


def learn_majority(material: Material, classes: Whole, count: int) -> Judge:
    """The commonest class, always."""
    fitted = DummyClassifier(strategy="prior").fit(np.zeros((len(classes), 1)), classes)
    return lambda given: _shares(fitted, np.zeros((len(given.texts), 1)), count)


def by_names(named: Floats) -> Judge:
    """Without any example: the class whose description (unit vectors, one row a class) is nearest."""

    def judge(given: Material) -> Floats:
        assert given.vectors is not None  # noqa: S101
        # Scores of the built-in embedder lie close together; the factor only spreads them.
        return _normalised(50 * given.vectors @ named.T)

    return judge


def _normalised(logs: NDArray[np.float64] | float) -> Floats:
    powers = np.exp(logs)
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _shares(fitted: LogisticRegression | DummyClassifier, features: object, count: int) -> Floats:
    shares = np.zeros((int(getattr(features, "shape", (0,))[0]), count))
    shares[:, fitted.classes_] = fitted.predict_proba(features)
    return shares


LEARNERS: Mapping[str, Callable[[Material, Whole, int], Judge]] = {
    "": learn_pool,
    "tfidf": learn_tfidf,
    "majority": learn_majority,
}
"""What is judged, under the empty name, and what it is compared with."""
