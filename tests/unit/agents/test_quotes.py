"""How a speaker is named to the reader."""

import pytest

from agents.analysis.quotes import display_name
from agents.analysis.quoting import unstopped


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


def test_a_quotation_before_a_stop_loses_its_own() -> None:
    assert [unstopped(text) for text in ("号称现货。", "Our target.", "And then...")] == [
        "号称现货",
        "Our target",
        "And then...",
    ]
