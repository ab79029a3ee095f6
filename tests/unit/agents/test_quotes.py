"""How a speaker is named to the reader."""

import pytest

from agents.analysis.quotes import display_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Ada Frost <ada@acme.example>", "Ada Frost"),
        ('"Frost, Ada"  <ada@acme.example> ', "Frost, Ada"),
        ("ada@acme.example", "ada@acme.example"),
        ("<ada@acme.example>", "<ada@acme.example>"),
        ("Ada" + " " * 200_000 + "Frost", "Ada" + " " * 200_000 + "Frost"),
    ],
    ids=["address", "quoted", "address only", "brackets only", "made to be slow"],
)
def test_a_sender_is_shown_by_name_where_there_is_one(address: str, name: str) -> None:
    assert display_name(address) == name
