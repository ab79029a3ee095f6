"""What a person writes in place of a claim keeps the claim's state only while its evidence bears it out."""

import pytest

from core.language import Lang
from graphs.visit.facts import Names
from graphs.visit.fidelity import Fault
from graphs.visit.support import find_unsupported

PLAIN = "The pump is 13 short: the open deals need 20, 7 are free. All of it can be there by 1 July 2026."
QUOTES = ["amount: EUR 24000; quantity: 20", "Ada Frost asked for delivery."]
ZH = "齿轮泵缺13件：在谈商机需要20件，可用7件。2026年7月1日前可全部到货。"


def fault(
    text: str, lang: Lang = Lang.EN, names: tuple[str, ...] = ("Ada Frost", "Ben Okoro", "陈志远")
) -> Fault | None:
    return find_unsupported(PLAIN if lang is Lang.EN else ZH, text, QUOTES, lang, Names(names))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "The pump is 13 short. All of it can be there by 1 July 2026.",
        "The pump is 13 short, and the deals of EUR 24,000 need 20.",
        "All of it can be there by 1 July 2026, the delivery Ada Frost asked for.",
    ],
)
def test_leaving_out_and_using_the_evidence_is_fine(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The pump is 14 short.", Fault.FIGURES),
        ("The pump is thirteen short.", Fault.FIGURES),
        ("All of it can be there by 1 August 2026.", Fault.FIGURES),
        ("Ben Okoro: the pump is 13 short.", Fault.NAMES),
        ("The pump is 13 short, see ferrum.example.", Fault.ADDRESSES),
        ("The pump is not 13 short.", Fault.SENSE),
        ("All of it cannot be there by 1 July 2026.", Fault.SENSE),
        ("The pump is 13 short. Somebody painted everything yellow yesterday.", Fault.ADDED),
        ("", Fault.EMPTY),
        ("The pump\u200e is 13 short.", Fault.MARKUP),
        ("The pump is 13 short. " * 200, Fault.LENGTH),
    ],
)
def test_what_is_nowhere_in_the_evidence_is_named(text: str, why: Fault) -> None:
    assert fault(text) is why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("齿轮泵缺13件。2026年7月1日前可全部到货。", None),
        ("齿轮泵缺15件。", Fault.FIGURES),
        ("陈志远：齿轮泵缺13件。", Fault.NAMES),
        ("2026年7月1日前不可全部到货。", Fault.SENSE),
    ],
)
def test_the_same_holds_in_chinese(text: str, why: Fault | None) -> None:
    assert fault(text, Lang.ZH) is why
