"""One transcript by itself, in each form that meeting programs give it."""

import json
from datetime import date
from pathlib import Path

import docx
import pytest

from connectors.exports.outcome import RefusedError
from connectors.exports.spoken_files import read_spoken

TODAY = date(2026, 6, 1)

VTT = """WEBVTT

00:00:01.000 --> 00:00:05.000
<v Ada Holm>Your price &amp; lead time are too high.

00:01:10.500 --> 00:01:15.000
<v Ben Ode>I'll send a new offer by Friday.
"""
SRT = """1
00:00:01,000 --> 00:00:05,000
Ada Holm: Your price & lead time are too high.

2
00:01:10,500 --> 00:01:15,000
Ben Ode: I'll send a new offer by Friday.
"""
TIMED = "[00:01] Ada Holm: Your price & lead time are too high.\n[01:10] Ben Ode: I'll send a new offer by Friday.\n"
EXPORTED = "Ada Holm   0:01\nYour price & lead time are too high.\n\nBen Ode   1:10\nI'll send a new offer by Friday.\n"
LAST = "[01:20] Ada Holm: Good.\n"


@pytest.mark.parametrize(
    ("name", "text", "second"),
    [
        ("a.vtt", VTT, 70.5),
        ("a.srt", SRT, 70.5),
        ("a.txt", TIMED + LAST, 70),
        ("a.txt", EXPORTED + "\nAda Holm   1:20\nGood.\n", 70),
        ("a.docx", EXPORTED + "\nAda Holm   1:20\nGood.\n", 70),
        ("a.docx", TIMED + LAST, 70),
    ],
)
def test_each_form_gives_the_same_turns(tmp_path: Path, name: str, text: str, second: float) -> None:
    path = tmp_path / name
    if path.suffix == ".docx":
        document = docx.Document()
        for line in text.splitlines():
            document.add_paragraph(line)
        document.save(str(path))
    else:
        path.write_text(text, encoding="utf-8")
    turns = read_spoken(path, TODAY).turns
    assert [(turn.speaker, turn.text) for turn in turns[:2]] == [
        ("Ada Holm", "Your price & lead time are too high."),
        ("Ben Ode", "I'll send a new offer by Friday."),
    ]
    assert [turn.start for turn in turns[:2]] == [1, second]


def test_chinese_names_and_times_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "会议_2026年3月11日.txt"
    path.write_text(
        "张三 00:00:05\n我们决定用甲方案。\n\n李四 00:00:12\n我明天发合同。\n\n张三 00:01:12\n好的。\n", "gb18030"
    )
    spoken = read_spoken(path, TODAY)
    assert [(turn.speaker, turn.start) for turn in spoken.turns] == [("张三", 5), ("李四", 12), ("张三", 72)]
    assert spoken.held_on == date(2026, 3, 11)


def test_the_day_comes_from_the_header_before_the_name_and_a_strange_one_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01_call.txt"
    path.write_text("Date: 2026-03-11\n" + TIMED + LAST)
    assert read_spoken(path, TODAY).held_on == date(2026, 3, 11)
    odd = tmp_path / "10663322.txt"
    odd.write_text(TIMED + LAST)
    assert read_spoken(odd, TODAY).held_on is None


def test_turns_may_come_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"turns": [{"speaker": "Ada", "text": "Hello.", "start": 2}], "date": "2026-03-11"}))
    spoken = read_spoken(path, TODAY)
    assert (spoken.turns[0].text, spoken.turns[0].start, spoken.held_on) == ("Hello.", 2, date(2026, 3, 11))


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "Only prose, and nobody speaks."), ("a.vtt", "no cues"), ("a.json", "[]"), ("a.json", '{"turns": [1]}')],
)
def test_what_is_no_transcript_is_refused_for_the_file(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(RefusedError) as refused:
        read_spoken(path, TODAY)
    assert refused.value.field == "file"
