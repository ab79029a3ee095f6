"""The suite of the meetings agent: sound cases, figures by hand, and sets in small."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.domain.views.meetings import MeetingsView
from core.errors import InvalidInputError
from core.settings import Settings
from evals.suites.meetings.decisions import PARTS, Case, Tally, judge, load_cases
from evals.suites.meetings.rouge import chinese_tokens, english_tokens, rouge_n
from evals.suites.registry import SUITES
from evals.suites.suite import Item, Report, Run

Scorer = Callable[[Path | None, str | None], Report]


@pytest.fixture
def score(tmp_path: Path) -> Scorer:
    def run(data: Path | None, set_name: str | None) -> Report:
        told: list[Item] = []
        settings = Settings(home=tmp_path)
        report = SUITES["meetings"].run(Run(settings, data, set_name, told.append, lambda *_: None))
        assert told
        return report

    return run


def test_there_are_forty_meetings_in_both_languages_and_no_sentence_is_in_two_parts() -> None:
    parts = {part: load_cases(part) for part in PARTS}
    assert sum(map(len, parts.values())) >= 40
    for cases in parts.values():
        assert {case.lang for case in cases} == {"en", "zh"}
        assert len({case.id for case in cases}) == len(cases)
        assert any(label.n is not None for case in cases for label in case.labels)
    said = [{turn.text for case in cases for turn in case.turns if len(turn.text) > 12} for cases in parts.values()]
    assert sum(map(len, said)) == len(set().union(*said))


def test_whoever_is_to_do_something_is_of_the_meeting_and_no_day_lies_before_it() -> None:
    for case in (case for part in PARTS for case in load_cases(part)):
        names = {turn.speaker for turn in case.turns} | {"Gus", "老古", "Pia", "皮雅"}
        for label in case.labels:
            if label.a:
                assert label.a.who in names
                assert label.a.due is None or label.a.due >= case.date


@pytest.mark.parametrize("part", PARTS)
def test_what_was_not_decided_is_not_reported_as_decided(score: Scorer, part: str) -> None:
    report = score(None, part)
    assert report.figures["open_as_decided"] <= 0.01
    assert report.baselines["words"]["open_as_decided"] > 0.1
    if part in ("dev", "held_back"):
        assert min(report.figures["decision_f1"], report.figures["action_f1"]) >= 0.9


def test_a_meeting_is_judged_turn_by_turn() -> None:
    turns: list[Any] = [
        ["Ada", "We take B.", {"d": 1}],
        ["Bo", "Agreed.", {"d": 1}],
        ["Ada", "C is open.", {"n": 1}],
        ["Bo", "I'll write.", {"a": {"who": "Bo", "due": date(2026, 3, 12)}}],
        ["Ada", "Bye."],
    ]
    case = Case.model_validate({"id": "x", "lang": "en", "date": date(2026, 3, 11), "turns": turns})

    def said(turn: int, **more: Any) -> dict[str, Any]:
        return {"at": turn, "turn": turn, "speaker": "", "text": "x", "evidence": "x", "lang": "en", **more}

    view = MeetingsView.model_validate(
        {
            "timed": False,
            "held_on": None,
            "languages": {},
            "speakers": (),
            "decisions": [said(0), said(2)],
            "actions": [said(3, owner="Bo", due=date(2026, 3, 13)), said(4, owner="Ada")],
        }
    )
    tally = Tally()
    judge(case, view, tally)
    assert tally.figures() == {
        "decision_f1": round(2 / 3, 4),
        "action_f1": round(2 / 3, 4),
        "owner_right": 1,
        "due_right": 0,
        "open_as_decided": 1,
        "open_found": 0,
    }


def test_rouge_counts_as_by_hand() -> None:
    told, reference = english_tokens("The cat sat, the cat ran."), english_tokens("the CAT sat still")
    assert rouge_n(told, reference, 1) == pytest.approx(2 * (3 / 6) * (3 / 4) / (3 / 6 + 3 / 4))
    assert rouge_n(told, reference, 2) == pytest.approx(2 * (2 / 5) * (2 / 3) / (2 / 5 + 2 / 3))
    assert chinese_tokens("选CP-80，好。") == ["选", "cp", "80", "好"]
    assert rouge_n([], reference, 1) == 0


def test_summaries_are_scored_beside_simpler_ones(score: Scorer, tmp_path: Path) -> None:
    said = [
        "We talked about the weather.",
        "The price of the pump is too high for our budget.",
        "See you tomorrow then.",
    ]
    meeting = {
        "general_query_list": [{"query": "Summarize the whole meeting", "answer": "The price was too high."}],
        "specific_query_list": [{"query": "What about the price?", "answer": "The price of the pump was too high."}],
        "meeting_transcripts": [{"speaker": "Ada", "content": text} for text in said],
    }
    (tmp_path / "val.jsonl").write_text(json.dumps(meeting))
    report = score(tmp_path, "qmsum")
    assert (report.n, "file:val.jsonl" in report.by) == (2, True)
    assert set(report.baselines) == {"lead", "random", "text_rank", "lex_rank", "query_tfidf"}
    assert all(0 <= one["rouge_2"] <= one["rouge_1"] <= 1 for one in (report.figures, *report.baselines.values()))


def test_stretches_that_are_learned_from_are_not_scored(score: Scorer, tmp_path: Path) -> None:
    lines = [
        {
            "id": f"{number}_0",
            "av_num": number,
            "context": [["今天讨论价格。", "价格太高了，我们接受不了。"]],
            "speaker": [1],
        }
        for number in (1, 2, 3)
    ]
    text = "\n".join(json.dumps({**line, "discussion": "价格太高"}, ensure_ascii=False) for line in lines)
    (tmp_path / "short_dev.jsonl").write_text(text)
    report = score(tmp_path, "vcsum")
    assert (report.n, set(report.baselines)) == (2, {"lead", "random", "text_rank", "lex_rank"})


def test_a_folder_in_another_format_is_named(score: Scorer, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError):
        score(tmp_path, "qmsum")
    (tmp_path / "short_dev.jsonl").write_text("{}")
    with pytest.raises(InvalidInputError, match="line 1"):
        score(tmp_path, "vcsum")
