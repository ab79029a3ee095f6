"""Answers as text: short enough for a terminal, with all that the sources are."""

from core.domain.chat import Answer, AnswerStatus, Source, Statement
from core.domain.claims import ClaimState
from core.language import Lang
from hub.rendering.answers import render_answer

LONG = "The delivery is late.\n\n" + "We wait for the castings. " * 40


def answer(*sources: Source) -> Answer:
    told = Statement(
        text="It is late.", agent="history", state=ClaimState.SUPPORTED, sources=tuple(one.id for one in sources)
    )
    return Answer(
        thread="t",
        answer=told.text,
        lang=Lang.EN,
        status=AnswerStatus.ANSWERED,
        sources=sources,
        statements=(told,),
    )


def test_a_long_record_is_cut_to_one_line_that_says_so() -> None:
    text = render_answer(answer(Source(id="a", system="memory", record="mail:1", quote=LONG)))
    [line] = [line for line in text.splitlines() if line.strip().startswith("[1]")]
    assert line.endswith("… (history)")
    assert "The delivery is late. We wait for" in line
    assert len(line) < 220


def test_a_short_record_is_whole() -> None:
    text = render_answer(answer(Source(id="a", system="crm", record="A1", quote="Acme")))
    assert "crm A1: Acme (history)" in text
    assert text.startswith("It is late. [1]")
