"""Train the classifier of requests from our own examples: `python -m agents.understanding.train`.

Prints its quality by cross-validation, where no line of the grammar is on both sides, and writes the weights. Same
examples, same weights. The only module here that needs scikit-learn, which takes seconds to import.
"""

import json
import random
import re
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]

from agents.understanding.examples import Template, load_templates, load_words
from agents.understanding.features import features
from agents.understanding.model import WEIGHTS_FILE, Floats, known_share
from agents.understanding.segments import CONTEXT, FOLLOW_UP
from agents.understanding.tools import REFUSING
from core.language import Lang

SEED = 11
FOLDS = 5
VOCABULARY = 40_000
_BEFORE = {
    Lang.EN: [
        "",
        "",
        "",
        "",
        "please ",
        "hey, ",
        "hi, ",
        "can you tell me ",
        "could you ",
        "quick question: ",
        "ok, ",
        "and ",
        "and the ",
        "just ",
        "i'd like to know ",
    ],
    Lang.ZH: [
        "",
        "",
        "",
        "",
        "请",
        "麻烦",
        "帮我",
        "请问",
        "你好,",
        "我想知道",
        "麻烦你",
        "那",
        "和",
        "还有",
        "看下",
        "顺便看下",
        "再看看",
        "帮我查一下",
        "查一下",
        "看一下",
    ],
}
_AFTER = {
    Lang.EN: ["", "", "", "", "?", "?", ".", " please", " please?", " thanks", " now", "!"],
    Lang.ZH: ["", "", "", "", "?", "?", ". ", "吧", "呢?", "谢谢", "一下", "!"],
}

_UNCALLED = frozenset({CONTEXT, FOLLOW_UP, *REFUSING})
_DROPPED = 0.25
"""How often an example misses a word, so that none of them decides alone."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Marked texts, the index of their tool in `tools`, and the line of the grammar that each comes from."""

    texts: list[str]
    tools: tuple[str, ...]
    classes: Whole
    lines: Whole


def build_examples(templates: tuple[Template, ...]) -> Examples:
    """Different ways to say each line, some with a courtesy, some with a typing error."""
    tools = tuple(sorted({template.tool for template in templates}))
    words = {lang: load_words(lang) for lang in Lang}
    texts, classes, lines = [], [], []
    for template in templates:
        rng = random.Random(SEED * 100_003 + zlib.crc32(template.line.encode()))  # noqa: S311
        ways = dict.fromkeys(_said(template, rng, words[template.lang]) for _ in range(template.ways))
        for text in ways:
            texts.append(text)
            classes.append(tools.index(template.tool))
            lines.append(template.number)
    return Examples(texts, tools, np.array(classes), np.array(lines))


def _said(template: Template, rng: random.Random, words: list[str]) -> str:
    text = template.expand(rng, words)
    if rng.random() < 0.5:
        text = rng.choice(_BEFORE[template.lang]) + text + rng.choice(_AFTER[template.lang])
    if rng.random() < _DROPPED and len(text) > 6:
        text = _without_a_word(text, rng)
    if rng.random() < 0.12 and len(text) > 8:
        place = rng.randrange(1, len(text) - 2)
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        text = swapped if template.lang is Lang.EN and rng.random() < 0.6 else text[:place] + text[place + 1 :]
    return text.lower()


def _without_a_word(text: str, rng: random.Random) -> str:
    """The text with a word or a Chinese character less, never a sign: the rest must do."""
    words = re.findall(r"[\ue000-\uf8ff]|[\u3400-\u9fff]|[^\s\u3400-\u9fff\ue000-\uf8ff]+|\s+", text)
    places = [place for place, word in enumerate(words) if not word.isspace() and not "\ue000" <= word[0] <= "\uf8ff"]
    if len(places) < 3:
        return text
    place = rng.choice(places)
    return "".join(words[:place] + words[place + 1 :])


def fit(texts: list[str], classes: Whole) -> tuple[TfidfVectorizer, LogisticRegression]:
    """The vectoriser and the classifier, fitted."""
    vectoriser = TfidfVectorizer(analyzer=features, sublinear_tf=True, min_df=3, max_features=VOCABULARY)
    classifier = LogisticRegression(C=8.0, max_iter=400, class_weight="balanced", tol=1e-3)
    classifier.fit(vectoriser.fit_transform(texts), classes)
    return vectoriser, classifier


def held_out_logits(data: Examples) -> tuple[Floats, Floats]:
    """Of every example the logits and the known part from a model that did not see its line of the grammar."""
    logits = np.zeros((len(data.texts), len(data.tools)))
    known = np.ones(len(data.texts))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(data.texts, data.classes, data.lines):
        vectoriser, classifier = fit([data.texts[i] for i in train], data.classes[train])
        logits[test] = classifier.decision_function(vectoriser.transform([data.texts[i] for i in test]))
        known[test] = [known_share(data.texts[i], vectoriser.vocabulary_) for i in test]
    return logits, known


def fit_calibration(data: Examples, logits: Floats, known: Floats) -> Floats:
    """Intercept and weights of a logistic regression: whether the tool is right, by its share and the known part.

    Only examples count in which a tool would be called; what is refused needs no probability.
    """
    shares = softmax(logits)
    called = _called(data, shares)
    right = shares.argmax(axis=1) == data.classes
    grounds = np.column_stack([np.log(shares.max(axis=1)), np.log(np.maximum(known, 0.05))])
    fitted = LogisticRegression(C=100.0).fit(grounds[called], right[called])
    return np.array([*fitted.intercept_, *fitted.coef_[0]])


def _called(data: Examples, shares: Floats) -> NDArray[np.bool_]:
    """The examples in which the likeliest tool is one that would be called."""
    return ~np.isin(np.array(data.tools)[shares.argmax(axis=1)], sorted(_UNCALLED))


def softmax(scores: Floats) -> Floats:
    """Shares along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def quality(data: Examples, logits: Floats, known: Floats, calibration: Floats) -> dict[str, object]:
    """Accuracy on held-out lines, calibration error of the tools called, and what is told apart worst."""
    shares = softmax(logits)
    right = shares.argmax(axis=1) == data.classes
    called = _called(data, shares)
    grounds = np.column_stack([np.ones(len(known)), np.log(shares.max(axis=1)), np.log(np.maximum(known, 0.05))])
    sure = 1 / (1 + np.exp(-grounds[called] @ calibration))
    place = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[place == b].sum() - right[called][place == b].sum()) for b in range(10)]
    by_tool = {tool: round(float(right[data.classes == i].mean()), 3) for i, tool in enumerate(data.tools)}
    return {
        "examples": len(data.texts),
        "lines": len(set(data.lines.tolist())),
        "accuracy": round(float(right.mean()), 4),
        "accuracy_called": round(float(right[called].mean()), 4),
        "ece_called": round(float(sum(gaps) / called.sum()), 4),
        "calibration": [round(float(each), 3) for each in calibration],
        "worst": dict(sorted(by_tool.items(), key=lambda item: item[1])[:8]),
    }


def write_weights(
    path: Path, tools: tuple[str, ...], fitted: tuple[TfidfVectorizer, LogisticRegression], calibration: Floats
) -> None:
    """Store vocabulary, idf, coefficients (one byte each, scaled by tool), intercept and calibration."""
    vectoriser, classifier = fitted
    coefficients = classifier.coef_.T
    scale = np.abs(coefficients).max(axis=0) / 127
    np.savez_compressed(
        path,
        tools=np.frombuffer("\n".join(tools).encode(), dtype=np.uint8),
        vocabulary=np.frombuffer("\n".join(vectoriser.get_feature_names_out()).encode(), dtype=np.uint8),
        idf=vectoriser.idf_.astype(np.float32),
        weights=np.round(coefficients / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        intercept=classifier.intercept_.astype(np.float32),
        calibration=calibration.astype(np.float32),
    )


def main(path: Path = WEIGHTS_FILE) -> None:
    """Judge, fit on everything, write the weights, and print the figures as JSON."""
    data = build_examples(load_templates())
    logits, known = held_out_logits(data)
    calibration = fit_calibration(data, logits, known)
    write_weights(path, data.tools, fit(data.texts, data.classes), calibration)
    json.dump(quality(data, logits, known, calibration), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
