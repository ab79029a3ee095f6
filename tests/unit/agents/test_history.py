"""The history agent: moments, and what the last contacts were about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import history
from agents.analysis.salience import is_question
from agents.history import HistoryInput, Recalled
from agents.spec import AgentOutput
from core.domain.accounts import Account, Contact
from core.domain.claims import ClaimState, Section, sentences_of
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.views.history import HistoryView
from core.language import Lang

ACCOUNT = Account(id="a1", name="Norvane Mills", domain="norvane.example")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 4, 1)


def mail(day: int, text: str, *, ours: bool = False, form: InteractionKind = InteractionKind.MAIL) -> Interaction:
    return Interaction(
        id=f"m{day}",
        account_id="a1",
        form=form,
        at=START + timedelta(days=day),
        sender="Rep One <rep.one@ours.example>" if ours else "Ada Holm <ada.holm@norvane.example>",
        subject="Pumps",
        text=text,
        lang=Lang.EN,
        author=Author.INTERNAL if ours else Author.CUSTOMER,
    )


def ask(
    *interactions: Interaction, recalled: tuple[Recalled, ...] | None = (), lang: Lang = Lang.EN
) -> AgentOutput[HistoryView]:
    return history.run(
        HistoryInput(lang=lang, today=TODAY, account=ACCOUNT, interactions=interactions, recalled=recalled)
    )


def kinds(output: AgentOutput[HistoryView]) -> list[str]:
    return [claim.kind.removeprefix("history.") for claim in output.claims]


def test_moments_are_the_latest_and_the_recalled_each_once_newest_first() -> None:
    mails = [mail(day, f"We tested unit {day}. Another sentence.") for day in range(12)]
    recalled = tuple(
        Recalled(interaction_id=f"m{day}", quote=f"We tested unit {day}.", score=day / 10) for day in (2, 11)
    )
    view = ask(*mails, recalled=recalled).view
    assert [moment.interaction for moment in view.moments] == ["m11", "m10", "m9", "m8", "m7", "m2"]
    assert [moment.why for moment in view.moments] == [
        "on the purpose of the visit",
        *["recent"] * 4,
        "on the purpose of the visit",
    ]
    assert (view.total, view.first_at, view.last_at) == (12, mails[0].at, mails[-1].at)


def test_a_moment_quotes_what_matters_not_the_greeting() -> None:
    view = ask(mail(3, "Good morning!\nThe pilot failed twice on line 3.\nBest regards\nAda")).view
    assert view.moments[0].quote == "The pilot failed twice on line 3."
    assert view.moments[0].evidence == "memory:interaction:m3#s1"


def test_a_recalled_passage_is_quoted_by_its_sentence() -> None:
    said = mail(3, "The pilot failed twice on line 3. We also need a spare gasket set for the tank farm.")
    hit = Recalled(interaction_id="m3", quote="We also need a spare gasket set for the tank farm.", score=0.9)
    assert ask(said, recalled=(hit,)).view.moments[0].evidence == "memory:interaction:m3#s1"


def test_a_recalled_passage_of_an_unknown_interaction_is_passed_over() -> None:
    hit = Recalled(interaction_id="other", quote="Hello", score=1.0)
    assert ask(mail(3, "The pilot failed."), recalled=(hit,)).view.moments[0].why == "recent"


@pytest.mark.parametrize(
    ("lang", "words"), [(Lang.EN, "6 January 2026, 85 days ago"), (Lang.ZH, "2026年1月6日，距今85天")]
)
def test_the_first_claim_says_how_long_ago_the_last_contact_was(lang: Lang, words: str) -> None:
    claim = ask(mail(0, "We tested it."), mail(1, "It works."), lang=lang).claims[0]
    assert words in claim.text
    assert claim.state is ClaimState.SUPPORTED


def test_a_question_without_any_answer_is_open() -> None:
    asked = "Thanks.\nWhich certificates do you have for this pump?"
    first = mail(60, "We attach our offer.", ours=True)
    assert "open_question" in kinds(ask(first, mail(70, asked)))
    assert "open_question" not in kinds(ask(first, mail(70, asked), mail(71, "See attachment.", ours=True)))
    assert "open_question" not in kinds(ask(first, mail(70, asked), mail(72, "Talked.", form=InteractionKind.CALL)))


def test_without_any_mail_of_ours_on_record_no_question_is_called_open() -> None:
    assert "open_question" not in kinds(ask(mail(70, "Which certificates do you have?")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which certificates do you have?", True),
        ("质保期能不能延长到三年？", True),
        ("How are you?", False),
        ("周二下午您方便吗？", False),
        ("OK?", False),
        ("We tested it.", False),
    ],
)
def test_a_question_is_more_than_a_courtesy(text: str, *, expected: bool) -> None:
    assert is_question(text) is expected


def test_an_empty_record_is_said_and_an_unreadable_one_is_not_guessed_at() -> None:
    assert kinds(ask()) == ["nothing"]
    unreadable = history.run(HistoryInput(today=TODAY, account=ACCOUNT))
    assert unreadable.claims == ()
    assert unreadable.view == HistoryView()


@given(
    texts=st.lists(st.text(min_size=1, max_size=200), max_size=12),
    quotes=st.lists(st.tuples(st.integers(0, 14), st.text(max_size=50), st.floats(-1, 1)), max_size=8),
    lang=st.sampled_from(list(Lang)),
)
@settings(max_examples=60, deadline=None)
def test_any_text_gives_at_most_eight_citable_claims(
    texts: list[str], quotes: list[tuple[int, str, float]], lang: Lang
) -> None:
    mails = [mail(day, text, ours=day % 3 == 1) for day, text in enumerate(texts)]
    recalled = tuple(Recalled(interaction_id=f"m{day}", quote=quote, score=score) for day, quote, score in quotes)
    output = ask(*mails, recalled=recalled, lang=lang)
    assert len(output.claims) <= 8
    assert {claim.section for claim in output.claims} <= {Section.HISTORY}
    known = {evidence.id: evidence.quote for evidence in output.evidence}
    assert all(claim.evidence and set(claim.evidence) <= known.keys() for claim in output.claims)
    verbatim = {sentence.evidence_id: sentence.text for each in mails for sentence in sentences_of(each)}
    assert all(verbatim[moment.evidence] == moment.quote == known[moment.evidence] for moment in output.view.moments)
    times = [moment.at for moment in output.view.moments]
    assert times == sorted(times, reverse=True)


def test_our_note_is_no_contact_and_our_mail_is_no_note() -> None:
    note = mail(60, "Call them soon.", ours=True, form=InteractionKind.NOTE)
    said = ask(mail(1, "It works."), mail(20, "Our offer for the pumps is attached.", ours=True), note, lang=Lang.ZH)
    texts = [claim.text for claim in said.claims]
    assert "2026年1月25日" in texts[0]
    assert any("我方邮件" in text for text in texts)


def test_a_known_address_is_shown_as_the_persons_name() -> None:
    known = Contact(id="c1", account_id="a1", name="Nora Petrov", email="Nora.Petrov@norvane.example")
    said = mail(1, "The pump passed our test.").model_copy(update={"sender": "nora.petrov@norvane.example"})
    given = HistoryInput(today=TODAY, account=ACCOUNT, interactions=(said,), contacts=(known,))
    assert any("Nora Petrov" in claim.text for claim in history.run(given).claims)
