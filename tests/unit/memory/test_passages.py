"""Passages: verbatim, in order, nothing lost."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.domain.interactions import Interaction, InteractionKind, Turn
from core.language import Lang
from core.text import split_sentences
from memory.passages import split_passages, weight

LETTERS = st.sampled_from("abc XYZ0129.,;!?\n\r\t '\"(-。！？，；交期价格订单合同\u3000\u2028\U0001f600é")
TEXTS = st.one_of(st.text(LETTERS, max_size=2500), st.text(max_size=300))


def mail(text: str, subject: str | None = None, turns: tuple[Turn, ...] = ()) -> Interaction:
    return Interaction(
        id="m1",
        account_id="a1",
        form=InteractionKind.MEETING if turns else InteractionKind.MAIL,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        subject=subject,
        text=text,
        turns=turns,
        lang=Lang.EN,
    )


@given(TEXTS)
def test_passages_are_slices_of_the_text_in_order_with_only_white_space_between(text: str) -> None:
    at = 0
    for passage in split_passages(mail(text)):
        begin = text.index(passage.text, at)
        assert not text[at:begin].strip()
        at = begin + len(passage.text)
    assert not text[at:].strip()


@given(TEXTS)
def test_every_sentence_that_fits_lies_within_one_passage(text: str) -> None:
    passages = split_passages(mail(text))
    for sentence in split_sentences(text):
        if weight(sentence) <= 520:
            assert any(sentence in passage.text for passage in passages)


@given(TEXTS, st.text(max_size=400))
def test_passages_are_bounded_numbered_and_the_same_each_time(text: str, subject: str) -> None:
    interaction = mail(text, subject)
    passages = split_passages(interaction)
    assert passages == split_passages(interaction)
    assert [passage.id for passage in passages] == [f"m1#{seq}" for seq in range(len(passages))]
    assert all(passage.text and weight(passage.text) <= 1100 for passage in passages)
    assert bool(passages) == bool(text.strip() or subject.strip())


@given(st.lists(st.tuples(st.sampled_from(["Ana", "李工"]), TEXTS), min_size=1, max_size=12))
def test_no_sentence_of_a_turn_is_lost(turns: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{who}: {said}" for who, said in turns)
    passages = split_passages(mail(text, turns=tuple(Turn(speaker=who, text=said) for who, said in turns)))
    assert "".join("".join(passage.text for passage in passages).split()) == "".join(text.split())


def test_a_turn_keeps_its_speaker_and_is_not_cut_when_it_fits() -> None:
    turns = tuple(Turn(speaker="Ana", text=f"Point {i}. " + "We need this soon. " * 10) for i in range(8))
    lines = [f"{turn.speaker}: {turn.text}".strip() for turn in turns]
    passages = split_passages(mail("\n".join(lines), turns=turns))
    assert len(passages) > 1
    assert all(passage.text.startswith("Ana: Point") for passage in passages)
    assert all(any(line in passage.text for passage in passages) for line in lines)


def test_the_first_passage_starts_with_the_subject() -> None:
    first, *others = split_passages(mail("We agree. " * 120, "Delivery of the HX-200"))
    assert first.text.startswith("Delivery of the HX-200\nWe agree.")
    assert others
    assert all("HX-200" not in passage.text for passage in others)


def test_a_subject_alone_is_a_passage() -> None:
    assert [passage.text for passage in split_passages(mail(" ", "Call me"))] == ["Call me"]


def test_chinese_passages_hold_about_half_as_many_characters() -> None:
    english = split_passages(mail("The delivery date must not slip again this year. " * 40))
    chinese = split_passages(mail("交货期今年不能再推迟了，否则产线会停。" * 100))
    assert 400 <= len(english[0].text) <= 600
    assert 200 <= len(chinese[0].text) <= 300


def test_a_sentence_without_end_is_cut_whatever_it_is_made_of() -> None:
    for endless in ("a" * 200_000, "a" + " " * 200_000 + "b", "价" * 100_000):
        assert "".join(passage.text for passage in split_passages(mail(endless))) == endless.replace(" ", "")
