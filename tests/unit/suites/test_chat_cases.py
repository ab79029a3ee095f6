"""The cases of the chat suite: that they are sound, and that those who judge are not those who teach."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

import agents
from agents.answers.registry import ANSWERS
from core.domain.chat import Reason
from core.errors import InvalidInputError
from evals.suites.chat.cases import CASES, Case, CaseFile, load_cases
from evals.suites.chat.company import USERS
from evals.suites.chat.suite import ChatSuite
from evals.suites.chat.writes import WRITES

_OWN = {"help", "list_tasks", "list_effects", "find_visit", "prepare_visit"}
# A bare name that answers a question back is no sentence.
_NAME = 6
_KINDS = {
    *("lookup", "paraphrase", "typo", "terse", "ambiguous", "unknown", "missing", "several", "write", "impossible"),
    *("own", "quoted", "rights", "out_of_scope", "needs_model", "follow_up", "correction"),
}


@pytest.fixture(scope="module")
def files() -> dict[str, CaseFile]:
    return {part: load_cases(CASES / f"{part}.yaml") for part in ChatSuite.parts}


def _said(file: CaseFile) -> list[str]:
    return [_plain(message.say) for case in file.cases for message in case.turns]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _tools(file: CaseFile) -> Counter[str]:
    return Counter(tool for case in file.cases for message in case.turns for tool, _args in message.calls)


def test_there_are_over_three_hundred_cases_and_the_held_back_half_is_no_smaller(files: dict[str, CaseFile]) -> None:
    sizes = {part: len(file.cases) for part, file in files.items()}
    assert sum(sizes.values()) >= 300
    assert sizes["held_back"] >= sizes["dev"]


def test_ids_are_unique_in_all_parts(files: dict[str, CaseFile]) -> None:
    counts = Counter(case.id for file in files.values() for case in file.cases)
    assert [id_ for id_, count in counts.items() if count > 1] == []


def test_no_sentence_that_judges_is_among_those_that_teach(files: dict[str, CaseFile]) -> None:
    taught, held_back = [*_said(files["dev"]), *_said(files["practice"])], _said(files["held_back"])
    close = [
        (one, found[0])
        for one in held_back
        if len(one) > _NAME and (found := process.extractOne(one, taught, scorer=fuzz.ratio, score_cutoff=92))
    ]
    assert close == []


def test_no_held_back_sentence_is_in_what_the_engine_is_made_of(files: dict[str, CaseFile]) -> None:
    root = Path(agents.__file__).parent
    made_of = [path for path in root.rglob("*") if path.suffix in {".py", ".txt", ".yaml", ".json"}]
    text = "\n".join(_plain(path.read_text("utf-8")) for path in made_of)
    assert text
    assert [said for said in _said(files["held_back"]) if len(said) > _NAME and said in text] == []


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_a_part_has_every_question_every_write_both_languages_and_all_ends(
    part: str, files: dict[str, CaseFile]
) -> None:
    file = files[part]
    assert set(_tools(file)) == {*ANSWERS, *WRITES, *_OWN}
    assert {case.lang for case in file.cases} == {"en", "zh", "mixed"}
    assert {case.kind for case in file.cases} <= _KINDS
    assert sum(case.kind == "out_of_scope" for case in file.cases) >= 35
    assert sum(len(case.turns) > 1 for case in file.cases) >= 40


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_a_case_names_users_and_reasons_that_exist(part: str, files: dict[str, CaseFile]) -> None:
    reasons = {reason.value for reason in Reason}
    for case in files[part].cases:
        assert case.user in USERS, case.id
        for message in case.turns:
            for way in message.ways:
                assert way.refuse is None or way.refuse in reasons, case.id


def test_a_single_message_needs_no_list() -> None:
    case = Case.model_validate({"id": "x1", "lang": "en", "kind": "lookup", "say": "Hi", "do": [{"help": {}}]})
    assert [message.say for message in case.turns] == ["Hi"]
    assert case.turns[0].calls == [("help", {})]


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y"])
def test_words_that_other_yaml_reads_as_truth_stay_words(tmp_path: Path, word: str) -> None:
    file = _written(tmp_path, f'- {{id: x1, lang: en, kind: own, say: "{word}", do: [{{help: {{{word}: {word}}}}}]}}')
    assert load_cases(file).cases[0].turns[0].calls == [("help", {word: word})]


def test_truth_values_and_days_are_read_as_such(tmp_path: Path) -> None:
    file = _written(tmp_path, "- {id: x1, lang: en, kind: own, say: a, do: [{help: {mine: true, on: 2026-04-02}}]}")
    assert load_cases(file).cases[0].turns[0].calls == [("help", {"mine": True, "on": date(2026, 4, 2)})]


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ("- {id: x7, lang: en, kind: own, say: a}", "cases.x7", "give one of do, clarify, refuse, unknown"),
        ("- {id: x7, lang: en, kind: own, say: a, do: [], unknown: b}", "cases.x7", "give one of"),
        ("- {id: x7, lang: en, kind: own, say: '', clarify: b}", "cases.x7.turns.0.say", "at least 1 character"),
        ("- {id: x7, lang: en, kind: own, say: a, clarfy: b}", "cases.x7", "not permitted"),
        ("- {lang: en, kind: own, say: a, clarify: b}", "cases.0.id", "required"),
        (
            "- {id: x7, lang: en, kind: own, say: a, clarify: b}\n- {id: x7, lang: en, kind: own, say: c, clarify: b}",
            "cases",
            "given twice: x7",
        ),
    ],
)
def test_a_fault_in_a_file_names_file_case_and_remedy(tmp_path: Path, line: str, field: str, problem: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        load_cases(_written(tmp_path, line))
    assert raised.value.field is not None
    assert raised.value.field.startswith(field)
    assert raised.value.problem.startswith("own.yaml")
    assert problem in raised.value.problem
    assert "docs/reference/suites.md" in (raised.value.remedy or "")


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("cases: [", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"own\.yaml"):
        load_cases(file)


@given(st.text())
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_text(text, encoding="utf-8", errors="replace", newline="")
    with pytest.raises(InvalidInputError):
        load_cases(file)


def _written(folder: Path, lines: str) -> Path:
    file = folder / "own.yaml"
    file.write_text(f"company: 2026-03-11\nclock: 2026-03-11T02:00:00Z\ncases:\n{lines}\n", encoding="utf-8")
    return file
