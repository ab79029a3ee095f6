"""The stage classifier and the filter that follows a buyer with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis import belief, stage_model, train_stages
from agents.analysis.stage_model import CLASSES, load_stage_model, softmax
from core.language import Lang

WEIGHTS = st.lists(st.floats(0.001, 1.0), min_size=6, max_size=6)
ANY_TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["The board will decide.", "We tested the sample.", "Hi.", "合同已签。", "> quoted", "\x00\ufffd", "12 %"]
        ),
        max_size=6,
    ).map("\n".join),
)


def test_inference_without_scikit_learn_equals_scikit_learn(tmp_path: Path) -> None:
    data = train_stages.load_sentences()
    vectoriser, classifier = train_stages.fit(data.texts, data.classes)
    train_stages.write_weights(tmp_path / "weights.npz", vectoriser, classifier, temperature=1.0)
    ours = load_stage_model(tmp_path / "weights.npz")
    texts = [*data.texts[::9], "", "!!!", "We need 3 pumps asap，尽快报价", "ünïcode Straße", "a" * 5000]
    theirs = softmax(classifier.decision_function(vectoriser.transform(texts)))
    assert np.allclose([ours.probabilities(text) for text in texts], theirs, atol=2e-3)
    shipped = load_stage_model()
    assert shipped.index == ours.index
    assert np.allclose(shipped.weights, ours.weights, atol=2e-2)


def test_the_classifier_beats_the_majority_by_far_on_sentences_it_did_not_see() -> None:
    data = train_stages.load_sentences()
    table = train_stages.quality(data, train_stages.held_out_logits(data))
    for lang in ("en", "zh"):
        assert table[lang]["macro_f1"] > 0.5 > 5 * table[lang]["majority_macro_f1"]
        assert table[lang]["ece"] < 0.1


def test_there_are_enough_labelled_sentences_of_each_class_and_language_and_none_twice() -> None:
    for lang in Lang:
        rows = [
            json.loads(line) for line in (train_stages.DATA / f"stages.{lang}.jsonl").read_text("utf-8").splitlines()
        ]
        assert len({row["text"] for row in rows}) == len(rows)
        for name in CLASSES:
            assert sum(row["stage"] == name for row in rows) >= (100 if name == "none" else 60)
    assert stage_model.WEIGHTS_FILE.stat().st_size < 500_000


@given(texts=st.lists(ANY_TEXT.filter(str.strip), max_size=4), weight=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_no_message_changes_the_odds_of_two_stages_by_more_than_the_bound(texts: list[str], weight: float) -> None:
    heard, _ = belief.observe(texts, weight)
    assert heard.likelihood.max() / heard.likelihood.min() <= belief.MOST_ODDS + 1e-9


@given(shares=WEIGHTS, text=ANY_TEXT.filter(str.strip), days=st.floats(0, 60))
@settings(max_examples=60, deadline=None)
def test_one_message_changes_the_likeliest_stage_only_where_the_lead_was_below_the_bound(
    shares: list[float], text: str, days: float
) -> None:
    before = belief.predict(np.array(shares) / sum(shares), days)
    heard, _ = belief.observe([text])
    after = belief.update(before, heard)
    leader, now = int(before.argmax()), int(after.argmax())
    assert now == leader or before[leader] / before[now] <= belief.MOST_ODDS + 1e-9


@given(shares=WEIGHTS, first=st.floats(0, 400), second=st.floats(0, 400))
def test_waiting_twice_is_waiting_once_for_as_long(shares: list[float], first: float, second: float) -> None:
    start = np.array(shares) / sum(shares)
    twice = belief.predict(belief.predict(start, first), second)
    assert np.allclose(twice, belief.predict(start, first + second), atol=2e-3)
    assert twice.sum() == pytest.approx(1)


@given(shares=WEIGHTS, days=st.floats(0, 4000))
def test_silence_flattens_the_belief_but_keeps_the_likeliest_stage(shares: list[float], days: float) -> None:
    start = np.array(shares) / sum(shares)
    faded = belief.fade(start, days)
    assert faded[start.argmax()] == faded.max()
    assert faded.max() <= start.max() + 1e-12
