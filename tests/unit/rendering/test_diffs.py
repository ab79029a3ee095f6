"""Two wordings side by side."""

from hypothesis import given
from hypothesis import strategies as st

from hub.rendering.diffs import Piece, compare


@given(before=st.text(), after=st.text())
def test_the_pieces_are_the_wordings(before: str, after: str) -> None:
    left, right = compare(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    same = ["".join(piece.text for piece in side if not piece.changed) for side in (left, right)]
    assert same[0] == same[1]


def test_words_and_figures_are_whole() -> None:
    left, right = compare("Pay EUR 1,250.50 in 30 days", "Pay EUR 1,200 in 30 days")
    assert [piece.text for piece in left if piece.changed] == ["1,250.50"]
    assert [piece.text for piece in right if piece.changed] == ["1,200"]


def test_chinese_is_compared_letter_by_letter() -> None:
    _left, right = compare("三十天内付款", "三十天后付款")
    assert right == [Piece("三十天", False), Piece("后", True), Piece("付款", False)]
