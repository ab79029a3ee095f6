"""Train the stage classifier from our own labelled sentences: `python -m agents.analysis.train_stages`.

Prints its quality by cross-validation and writes the weights. Same sentences, same weights. The only module of the
agents that needs scikit-learn, which takes seconds to import.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import accuracy_score, f1_score  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]

from agents.analysis.features import features
from agents.analysis.stage_model import CLASSES, WEIGHTS_FILE, Floats, softmax
from core.language import Lang

DATA = WEIGHTS_FILE.parent
SEED = 7
FOLDS = 5

Classes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Sentences with the index of their class in `CLASSES`, and their language."""

    texts: list[str]
    classes: Classes
    langs: list[Lang]


def load_sentences(folder: Path = DATA) -> Labelled:
    """All labelled sentences, `stages.en.jsonl` first."""
    rows = [
        (json.loads(line), lang)
        for lang in Lang
        for line in (folder / f"stages.{lang}.jsonl").read_text("utf-8").splitlines()
    ]
    classes = np.array([CLASSES.index(row["stage"]) for row, _ in rows])
    return Labelled([row["text"] for row, _ in rows], classes, [lang for _, lang in rows])


def fit(texts: list[str], classes: Classes) -> tuple[TfidfVectorizer, LogisticRegression]:
    """The vectoriser and the classifier, fitted."""
    vectoriser = TfidfVectorizer(analyzer=features, sublinear_tf=True)
    classifier = LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced")
    classifier.fit(vectoriser.fit_transform(texts), classes)
    return vectoriser, classifier


def held_out_logits(data: Labelled) -> Floats:
    """Logits of every sentence from a model that did not see it, shape (sentences, classes)."""
    strata = data.classes * len(Lang) + np.array([list(Lang).index(lang) for lang in data.langs])
    logits = np.zeros((len(data.texts), len(CLASSES)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(data.texts, strata):
        vectoriser, classifier = fit([data.texts[i] for i in train], data.classes[train])
        logits[test] = classifier.decision_function(vectoriser.transform([data.texts[i] for i in test]))
    return logits


def fit_temperature(logits: Floats, classes: Classes) -> float:
    """The temperature that minimises held-out log loss (Guo et al. 2017, "On Calibration")."""

    def loss(temperature: float) -> float:
        shares = softmax(logits / temperature)
        return float(-np.log(shares[np.arange(len(classes)), classes]).mean())

    return float(min(np.geomspace(0.1, 5.0, 400), key=loss))


def calibration_error(shares: Floats, classes: Classes, bins: int = 10) -> float:
    """Expected calibration error: gap between confidence and accuracy over `bins` equal-width bins."""
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == classes
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(classes))


def quality(data: Labelled, logits: Floats) -> dict[str, dict[str, float]]:
    """Accuracy, macro-F1, calibration error and the majority baseline: all, and per language.

    Each fold is judged with a temperature fitted on the other sentences' held-out logits.
    """
    folds = np.arange(len(data.texts)) % FOLDS
    shares = np.zeros_like(logits)
    for fold in range(FOLDS):
        temperature = fit_temperature(logits[folds != fold], data.classes[folds != fold])
        shares[folds == fold] = softmax(logits[folds == fold] / temperature)
    guess, table = shares.argmax(axis=1), {}
    majority = Counter(data.classes.tolist()).most_common(1)[0][0]
    for name, langs in (("all", set(Lang)), *((lang.value, {lang}) for lang in Lang)):
        rows = np.array([lang in langs for lang in data.langs])
        truth, common = data.classes[rows], np.full(rows.sum(), majority)
        table[name] = {
            "sentences": float(rows.sum()),
            "accuracy": float(accuracy_score(truth, guess[rows])),
            "macro_f1": float(f1_score(truth, guess[rows], average="macro")),
            "ece": calibration_error(shares[rows], truth),
            "ece_uncalibrated": calibration_error(softmax(logits[rows]), truth),
            "majority_accuracy": float(accuracy_score(truth, common)),
            "majority_macro_f1": float(f1_score(truth, common, average="macro")),
        }
    return table


def write_weights(path: Path, vectoriser: TfidfVectorizer, classifier: LogisticRegression, temperature: float) -> None:
    """Store vocabulary, idf, coefficients (half precision), intercept and temperature."""
    names = vectoriser.get_feature_names_out()
    np.savez_compressed(
        path,
        vocabulary=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        idf=vectoriser.idf_.astype(np.float32),
        weights=classifier.coef_.T.astype(np.float16),
        intercept=classifier.intercept_.astype(np.float32),
        temperature=np.float32(temperature),
    )


def main(path: Path = WEIGHTS_FILE) -> None:
    """Judge, fit on everything, write the weights, and print the figures as JSON."""
    data = load_sentences()
    logits = held_out_logits(data)
    vectoriser, classifier = fit(data.texts, data.classes)
    write_weights(path, vectoriser, classifier, fit_temperature(logits, data.classes))
    json.dump(quality(data, logits), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
