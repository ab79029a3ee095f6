"""A sentence of a model stands only on what it cites: what a question takes for granted is no fact."""

import pytest

from core.domain.chat import Statement
from core.domain.claims import ClaimState
from core.language import Lang
from graphs.chat.citing import Fault, Grounds
from graphs.visit.facts import Names

ASKED = {
    Lang.EN: ("Ada Frost is head of purchasing at Helios.", "Is Ada Frost leaving Helios for good next summer?"),
    Lang.ZH: ("Helios 有 3 位专家可随访。", "Helios 下周要去，谁说了算？"),
}


def fault(text: str, lang: Lang) -> Fault | None:
    told, question = ASKED[lang]
    grounds = Grounds(
        [Statement(text=told, agent="stakeholders", state=ClaimState.SUPPORTED)],
        question,
        lang,
        Names(("Ada Frost", "Helios")),
    )
    [sentence] = grounds.read(text)
    return sentence.fault


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ada Frost leaves Helios for good next summer [1].", Lang.EN),
        ("Helios 下周要去，[1]。", Lang.ZH),
        ("Helios 下周要去谁说了算[1]。", Lang.ZH),
    ],
)
def test_what_only_the_question_says_is_not_passed_off_as_a_fact(text: str, lang: Lang) -> None:
    assert fault(text, lang) is Fault.ADDED


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Ada Frost is the head of purchasing at Helios [1].", Lang.EN),
        ("Ada Frost heads purchasing [1].", Lang.EN),
        ("Helios 有专家可随访[1]。", Lang.ZH),
    ],
)
def test_what_the_statement_says_stands(text: str, lang: Lang) -> None:
    assert fault(text, lang) is None
