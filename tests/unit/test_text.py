"""Sentences: verbatim, in order, the same each time, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import split_sentences

LETTERS = st.sampled_from("ab AZ19.;,!?\n\r\t '\"(。！？；甲乙\u3000\u2028\x85")
LONG = 200_000


@given(st.one_of(st.text(LETTERS, max_size=400), st.text(max_size=200)))
def test_sentences_are_slices_in_order_with_only_white_space_between(text: str) -> None:
    at = 0
    for sentence in split_sentences(text):
        assert sentence == sentence.strip() != ""
        assert "\n" not in sentence
        begin = text.index(sentence, at)
        assert not text[at:begin].strip()
        at = begin + len(sentence)
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We need ten. The budget is approved!", ["We need ten.", "The budget is approved!"]),
        ("At 3.5 bar. e.g. this; \n Then;  more", ["At 3.5 bar. e.g. this;", "Then;  more"]),
        ("价格太高。交期呢？请回复；谢谢", ["价格太高。", "交期呢？", "请回复；", "谢谢"]),
        ("好. 的", ["好.", "的"]),
        ("What?!\r\n\r\nYes", ["What?", "!", "Yes"]),
        (" \n ", []),
    ],
)
def test_stops_and_line_breaks_end_a_sentence(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" + " " * LONG + "b", 1),
        ("a." + " \t" * LONG + "b", 1),
        ("a." + " \t" * LONG + "B", 2),
        ("a" + " \n" * LONG + "b", 2),
        (". " * LONG, 1),
        ("!" * LONG, LONG),
    ],
    ids=["spaces", "after a stop", "before a sentence", "line breaks", "stops", "exclamations"],
)
def test_a_text_made_to_be_slow_is_split_all_the_same(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count
