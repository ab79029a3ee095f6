"""Words: one form for all spellings."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.words import date_words, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HX-200", "hx200"),
        ("HX-200", "ＨＸ－２００"),
        ("deliveries", "Delivery"),
        ("prices", "pricing"),
        ("the client's order", "CLIENTS ordered"),
        ("1,200,000", "1200000"),
        ("2026年3月5日", "2026-03-05"),
        ("3月5号", "5 March"),
        ("March 5", "5th of march"),
        ("三月", "mar"),
        ("十二月", "December"),
    ],
)
def test_spellings_of_one_thing_share_their_words(one: str, other: str) -> None:
    assert set(words(one)) == set(words(other)) != set()


def test_chinese_is_segmented_and_codes_beside_it_are_kept() -> None:
    found = words("请确认HX-200液压泵的交货期")
    assert {"hx200", "液压泵", "交货"} <= set(found)


def test_words_without_meaning_are_left_out() -> None:
    assert words("Where is it and what is the price of it? 我们的") == ["pric"]


def test_a_day_is_found_by_its_date() -> None:
    assert set(words("on 5 March 2026")) == set(date_words(datetime(2026, 3, 5, tzinfo=UTC)))


@given(st.one_of(st.text(), st.text("0123456789年月日号-/,. 一十三marchy", max_size=60)))
def test_any_text_has_words_or_none(text: str) -> None:
    found = words(text)
    assert found == words(text)
    assert all(found)
