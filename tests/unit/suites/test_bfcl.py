"""The set `bfcl`, on items of our own in its format."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.chat.bfcl.items import load_items
from evals.suites.chat.bfcl.learning import learn_choice, learn_fit
from evals.suites.chat.bfcl.scoring import allowed_call
from evals.suites.registry import SUITES
from evals.suites.suite import Report, Run, choose_set

_TEXT = {"type": "string", "description": "Name of the city."}


def _function(name: str, description: str, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "dict", "properties": properties, "required": list(properties)}
    return {"name": name, "description": description, "parameters": parameters}


_TIDE = _function("tide_table", "Tide table of a harbour city.", city=_TEXT)
_FERRY = _function("ferry_times", "Departure times of ferries from a city.", city=_TEXT)


def _item(id_: str, question: str, *functions: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "question": [[{"role": "user", "content": question}]], "function": list(functions)}


def _write(folder: Path, name: str, lines: list[dict[str, Any]]) -> None:
    (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder called as the set is, with two answered requests and one that no tool serves."""
    made = tmp_path / "bfcl"
    made.mkdir()
    _write(
        made,
        "multiple",
        [
            _item("m1", "Show the tide table of Bergen", _TIDE, _FERRY),
            _item("m2", "When do ferries leave from Calais?", _TIDE, _FERRY),
        ],
    )
    answers = [("m1", "tide_table", "Bergen"), ("m2", "ferry_times", "Dover")]
    _write(
        made,
        "multiple_answers",
        [{"id": id_, "ground_truth": [{name: {"city": [city]}}]} for id_, name, city in answers],
    )
    _write(made, "irrelevance", [_item("i1", "Solve a quadratic equation for its roots", _FERRY)])
    return made


def _run(folder: Path, recorded: list[dict[str, Any]]) -> Report:
    suite = SUITES["chat"]
    chosen = choose_set(suite, folder, None)
    return suite.run(Run(Settings(), folder, chosen, recorded.append, lambda *_told: None))


def test_picks_and_calls_are_scored_apart(folder: Path) -> None:
    recorded: list[dict[str, Any]] = []
    report = _run(folder, recorded)
    assert report.suite == "chat"
    assert report.n == 3
    assert report.model == "embedded"
    assert report.figures["multiple_tool_right"] == 1.0
    assert report.figures["multiple_call_right"] == 0.5
    assert report.figures["irrelevance_declined"] == 1.0
    assert report.baselines["first"] == {"multiple_tool_right": 0.5}
    assert report.baselines["random"] == {"multiple_tool_right": 0.5}
    assert report.by["irrelevance"] == {"n": 1, "declined": 1.0}
    assert [(one["id"], one["tool"], one["args"], one["call_right"]) for one in recorded] == [
        ("m1", "tide_table", {"city": "Bergen"}, True),
        ("m2", "ferry_times", {"city": "Calais"}, False),
        ("i1", None, {}, True),
    ]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("multiple", "not json", "multiple.jsonl: line 1 is not JSON"),
        ("multiple", '\n{"id": "m1", "function": []}', "multiple.jsonl: line 2: question"),
        ("multiple_answers", '{"id": "m9", "ground_truth": [{"tide_table": {}}]}', "has no answer to “m1”"),
        ("multiple_answers", '{"id": "m1", "ground_truth": [{"other": {}}]}', "which is not among its functions"),
    ],
)
def test_a_file_in_another_form_is_named_with_its_line(folder: Path, file: str, text: str, told: str) -> None:
    (folder / f"{file}.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=told) as raised:
        load_items(folder)
    assert raised.value.remedy


def test_a_folder_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"multiple\.jsonl"):
        load_items(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        ({"city": "São Paulo"}, True),
        ({"city": "são-paulo.", "days": 2}, True),
        ({"city": "Paulo"}, False),
        ({"days": 2}, False),
        ({"city": "São Paulo", "days": True}, False),
        ({"city": "São Paulo", "days": "2"}, False),
        ({"city": "São Paulo", "stops": ["a", "b"]}, True),
        ({"city": "São Paulo", "stops": ["b", "a"]}, False),
        ({"city": "São Paulo", "budget": {"most": 5}}, True),
        ({"city": "São Paulo", "budget": {"least": 5}}, False),
        ({"city": "São Paulo", "colour": "red"}, False),
    ],
)
def test_a_call_is_allowed_when_each_value_is(arguments: dict[str, Any], allowed: bool) -> None:  # noqa: FBT001
    wanted: dict[str, list[Any]] = {
        "city": ["São Paulo"],
        "days": ["", 2],
        "stops": ["", ["a", "b"]],
        "budget": ["", {"most": [5], "least": ["", 1]}],
    }
    assert allowed_call(arguments, wanted) is allowed


def test_learning_again_finds_what_tells_tools_apart(folder: Path) -> None:
    sides = [(np.array([[1.0, 0.3], [0.0, 0.3]]), 0), (np.array([[0.0, 0.1], [1.0, 0.1]]), 1)]
    weights = learn_choice(sides)
    assert weights[0] > 0.3
    assert weights[1] == pytest.approx(0)
    named = learn_fit(load_items(folder))[1]
    assert named > 0, "a tool whose name is in the request fits"
