"""The suite of objections and requests: sets in small, figures by hand, and what is in no such form."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.intent.figures import calibration_error, of_many, of_two
from evals.suites.intent.sets import LEARN, load_email, load_resper
from evals.suites.registry import SUITES
from evals.suites.suite import Item, Report, Run

ASKED = ["Please send the papers.", "Could you call me tomorrow?", "Let us meet at noon.", "Send me the file."]
TOLD = ["The market was closed today.", "I was at home all day.", "Prices fell in May.", "The file was large."]
SAID = ("How old is it?", "It is too dear for me.", "Fine, thank you.", "Does it have a lamp?")


def score(folder: Path, set_name: str) -> tuple[Report, list[Item]]:
    told: list[Item] = []
    settings = Settings(home=folder, embedding_model="none")
    return SUITES["intent"].run(Run(settings, folder, set_name, told.append, lambda *_: None)), told


def write_talk(folder: Path, folds: int) -> None:
    lines = [
        {"fold": fold, "text": f"{text} {number}", "gold": gold}
        for fold in range(folds)
        for number in range(4)
        for text, gold in zip(SAID, (5, 7, 0, 5), strict=True)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "craigslist_negotiation.jsonl").write_text(text, "utf-8")


def test_requests_in_mail_are_learned_and_judged_on_what_was_not_learned(tmp_path: Path) -> None:
    rows = [f"Yes\t{text}" for text in ASKED * 6] + [f"No\t{text}" for text in TOLD * 6]
    (tmp_path / "train.tsv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "test.tsv").write_text("Yes\tPlease call me by Friday.\nNo\tThe market fell today.\n", "utf-8")
    report, told = score(tmp_path, "email_intent")
    assert report.n == len(told) == 2
    assert report.figures["f1"] == report.figures["auc"] == 1
    assert report.baselines["majority"]["f1"] == 0


def test_equal_sentences_are_never_on_both_sides(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("Yes\tCall me.\nNo\tIt rained.\nYes\tCall me.\nNo\tIt\nsnowed.\n", "utf-8")
    data = load_email(tmp_path, 2)
    assert data.texts == ("Call me.", "It rained.", "Call me.", "It snowed.")
    assert data.folds[0] == data.folds[2] != data.folds[1]
    (tmp_path / "test.tsv").write_text("No\tIt hailed.\n", "utf-8")
    assert load_email(tmp_path, 2).folds == (LEARN, LEARN, LEARN, LEARN, 0)


def test_talks_are_judged_fold_by_fold_with_what_was_said_before(tmp_path: Path) -> None:
    write_talk(tmp_path, 3)
    data = load_resper(tmp_path)["craigslist_negotiation"]
    assert data.before[:2] == ("", "How old is it? 0")
    # A fold begins with nothing said.
    assert data.before[16] == ""
    report, told = score(tmp_path, "resper")
    assert len(told) == 48
    assert report.figures["macro_f1"] == pytest.approx(1)
    assert set(report.by) == {f"craigslist_negotiation:fold {fold}" for fold in range(3)}


def test_figures_by_hand() -> None:
    shares = np.array([[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9]])
    found = of_two(shares, np.array([0, 1, 1, 0]), [0, 0, 0, 0])
    # Of two called 1 one is; of two that are 1 one is found. Of four pairs two are in order.
    assert found["f1"] == pytest.approx(0.5)
    assert found["auc"] == pytest.approx(0.5)
    assert of_many(shares, np.array([0, 0, 1, 1]), [0, 1, 0, 1])["macro_f1"] == pytest.approx(1)
    assert calibration_error(np.array([0.9, 0.9]), [True, False], bins=1) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("train.tsv", "perhaps\tCall me.\n", "line 1: needs Yes or No"),
        ("craigslist_negotiation.jsonl", '{"fold": 0, "text": "x", "gold": 0}\n', "needs two folds"),
        ("craigslist_negotiation.jsonl", '{"fold": 0, "text": "x"}\n', "line 1: gold"),
        ("other.txt", "", "is not there"),
    ],
)
def test_what_is_in_no_such_form_is_told(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(InvalidInputError, match=problem):
        score(tmp_path, "email_intent" if name == "train.tsv" else "resper")
