"""Figures of classifiers."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import f1_score, roc_auc_score  # type: ignore[import-untyped]

from evals.suites.intent.classifying import Floats, Whole
from evals.suites.suite import Figures

_LEAST = 1e-9


def confidences(shares: Floats, right: Sequence[bool], folds: Sequence[int]) -> Floats:
    """How sure each text's class is, learned from the other folds: a logistic regression of right by the largest share.

    Platt (1999) for one score; with a single fold the share itself.
    """
    top = np.log(np.maximum(shares.max(axis=1), _LEAST)).reshape(-1, 1)
    truth, numbers = np.array(right), np.array(folds)
    sure: Floats = np.exp(top[:, 0])
    for fold in set(folds):
        inside = numbers == fold
        if 0 < truth[~inside].sum() < (~inside).sum():
            fitted = LogisticRegression(C=100.0).fit(top[~inside], truth[~inside])
            sure[inside] = fitted.predict_proba(top[inside])[:, 1]
    return sure


def calibration_error(sure: Floats, right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over `bins` bins of equal mass (Nixon et al. 2019)."""
    order = np.argsort(sure, kind="stable")
    truth = np.array(right, dtype=float)
    gaps = [abs(sure[part].sum() - truth[part].sum()) for part in np.array_split(order, bins)]
    return float(sum(gaps) / max(1, len(sure)))


def of_many(shares: Floats, classes: Whole, folds: Sequence[int]) -> Figures:
    """Macro-F1 as the mean over folds, accuracy, and calibration error."""
    guess = shares.argmax(axis=1)
    numbers = np.array(folds)
    each = [
        f1_score(classes[numbers == fold], guess[numbers == fold], average="macro", zero_division=0)
        for fold in sorted(set(folds))
    ]
    right = (guess == classes).tolist()
    ece = calibration_error(confidences(shares, right, folds), right)
    return {"macro_f1": float(np.mean(each)), "accuracy": float(np.mean(right)), "ece": ece}


def of_two(shares: Floats, classes: Whole, folds: Sequence[int]) -> Figures:
    """F1 of the second class, area under the curve, accuracy, and calibration error."""
    guess = shares.argmax(axis=1)
    right = (guess == classes).tolist()
    return {
        "f1": float(f1_score(classes, guess, zero_division=0)),
        "auc": float(roc_auc_score(classes, shares[:, 1])),
        "accuracy": float(np.mean(right)),
        "ece": calibration_error(confidences(shares, right, folds), right),
    }
