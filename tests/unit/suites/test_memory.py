"""The suite of recall: a dialogue in small, figures by hand, and what is in no such form."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.memory.locomo import load_locomo
from evals.suites.registry import SUITES
from evals.suites.suite import Item, Report, Run


def dialogue() -> dict[str, Any]:
    said = [f"Today I saw bird number {number}." for number in range(12)]
    said[4] = "My sister moved to Lisbon."
    said[5] = "Oh, why did she go there?"
    turns = [
        {"speaker": "Ana" if place % 2 else "Ben", "dia_id": f"D1:{place}", "text": text}
        for place, text in enumerate(said)
    ]
    return {
        "sample_id": "talk",
        "conversation": {
            "speaker_a": "Ana",
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": turns,
        },
        "qa": [
            {"question": "Where did the sister of Ben move?", "evidence": ["D1:4; D1:5"], "category": 1, "answer": "?"},
            {"question": "Which bird?", "evidence": ["D9:9"], "category": 4},
            {"question": "What happened in Lisbon?", "evidence": ["D1:4"], "category": 4},
        ],
    }


def score(folder: Path) -> tuple[Report, list[Item]]:
    told: list[Item] = []
    settings = Settings(home=folder, embedding_model="none")
    return SUITES["memory"].run(Run(settings, folder, "locomo", told.append, lambda *_: None)), told


def test_evidence_is_found_among_the_first_ten(tmp_path: Path) -> None:
    (tmp_path / "dialogs.json").write_text(json.dumps([dialogue()]), "utf-8")
    report, told = score(tmp_path)
    # The second question has no evidence in the dialogue.
    assert report.n == len(told) == 2
    assert told[0]["evidence"] == ["talk D1:4", "talk D1:5"]
    assert told[0]["found"][0] == "talk D1:4"
    assert report.figures["single_hop"] == report.baselines["bm25"]["single_hop"] == 1
    assert set(report.baselines) == {"bm25", "bm25_date"}
    assert set(report.by) == {"dialogue:talk"}


def test_turns_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "locomo10.json").write_text(json.dumps([dialogue()]), "utf-8")
    turns, questions = load_locomo(tmp_path)
    assert [turn.at for turn in turns] == sorted({turn.at for turn in turns})
    assert {turn.at.date().isoformat() for turn in turns} == {"2023-05-08"}
    assert [question.category for question in questions] == ["multi_hop", "single_hop"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sample_id": None}, "dialogue 0: sample_id"),
        (
            {"conversation": {"session_1": [], "session_1_date_time": "yesterday"}},
            "session_1_date_time is no such time",
        ),
    ],
)
def test_what_is_in_no_such_form_is_told(tmp_path: Path, change: dict[str, Any], problem: str) -> None:
    (tmp_path / "dialogs.json").write_text(json.dumps([dialogue() | change]), "utf-8")
    with pytest.raises(InvalidInputError, match=problem):
        score(tmp_path)


def test_without_a_folder_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no cases of its own"):
        SUITES["memory"].run(Run(Settings(home=tmp_path), None, None, lambda _: None, lambda *_: None))
