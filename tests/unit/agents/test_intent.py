"""The intent agent: the belief over buying stages, and the signals in a customer's words."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import intent
from agents.analysis.stage_model import STAGES
from agents.intent import IntentInput
from agents.spec import AgentOutput
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section, sentences_of
from core.domain.interactions import Author, Interaction, InteractionKind, Turn
from core.domain.views.stage import BuyingStage, StageView
from core.language import Lang

ACCOUNT = Account(id="a1", name="Norvane Mills", domain="norvane.example")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 4, 1)


def message(
    text: str,
    day: int = 0,
    *,
    author: Author = Author.CUSTOMER,
    form: InteractionKind = InteractionKind.MAIL,
    turns: tuple[Turn, ...] = (),
    sender: str = "Ada Holm <ada.holm@norvane.example>",
) -> Interaction:
    return Interaction(
        id=f"i{day}",
        account_id="a1",
        form=form,
        at=START + timedelta(days=day),
        sender=sender,
        text=text,
        turns=turns,
        lang=Lang.EN,
        author=author,
    )


def judge(*interactions: Interaction, lang: Lang = Lang.EN, competitors: tuple[str, ...] = ()) -> StageView:
    return ask(*interactions, lang=lang, competitors=competitors).view


def ask(*interactions: Interaction, lang: Lang = Lang.EN, competitors: tuple[str, ...] = ()) -> AgentOutput[StageView]:
    return intent.run(
        IntentInput(lang=lang, today=TODAY, account=ACCOUNT, interactions=interactions, competitors=competitors)
    )


DECISION = (
    "Please send us your best and final offer by Friday.",
    "The board will decide on your offer next week.",
    "Legal still has comments on the liability clause before we sign.",
    "如果再降三个点，我们就可以签合同。",
    "It is between you and one other supplier now.",
)
JOURNEY = (
    "I saw your leaflet at a fair and would like to know what you do.",
    "We have a list of requirements and are comparing suppliers. What would be a rough price?",
    "We tested the sample in our laboratory; please answer the technical questions.",
    *DECISION,
)


ANY_TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([*JOURNEY, "Hi.", "合同已签。", "> quoted", "\x00\ufffd", "12 %"]), max_size=6).map(
        "\n".join
    ),
)


@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_one_odd_mail_does_not_flip_a_settled_belief(text: str) -> None:
    settled = [message(each, day) for day, each in enumerate(DECISION * 2)]
    assert judge(*settled).likeliest is BuyingStage.DECISION
    assert judge(*settled, message(text, day=20)).likeliest is BuyingStage.DECISION


def test_the_belief_follows_a_buyer_from_first_contact_to_decision() -> None:
    view = judge(*(message(text, day=12 * index) for index, text in enumerate(JOURNEY)))
    path = [max(STAGES, key=lambda stage: point.distribution[stage]) for point in view.history]
    assert path[0] is BuyingStage.AWARENESS
    assert path[-1] is view.likeliest is BuyingStage.DECISION
    order = [STAGES.index(stage) for stage in path]
    assert all(earlier <= later for earlier, later in pairwise(order))


def test_our_own_mail_moves_nothing() -> None:
    customer = [message(text, day) for day, text in enumerate(JOURNEY[:3])]
    ours = message(DECISION[0], day=9, author=Author.INTERNAL, sender="rep@ours.example")
    assert judge(*customer, ours).distribution == judge(*customer).distribution


def test_posts_of_third_parties_move_nothing() -> None:
    assert judge(message(DECISION[0], author=Author.EXTERNAL, form=InteractionKind.POST)).confidence == 0


def test_mail_from_an_unknown_address_counts_less_than_the_customers() -> None:
    unknown = judge(message(DECISION[0], author=Author.EXTERNAL)).confidence
    assert 0 < unknown < judge(message(DECISION[0])).confidence


def test_our_note_about_a_customer_counts_less_than_their_mail() -> None:
    note = message(DECISION[1], author=Author.INTERNAL, form=InteractionKind.NOTE)
    share, said = (judge(each).distribution[BuyingStage.DECISION] for each in (note, message(DECISION[1])))
    assert 1 / 6 < share < said


def test_in_a_transcript_only_the_customers_turns_count() -> None:
    turns = (Turn(speaker="Rep One", text=DECISION[0]), Turn(speaker="Ada Holm", text="Yes, that works for me."))
    talk = message(
        "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns), day=3, form=InteractionKind.MEETING, turns=turns
    )
    ours = message("See you on Monday.", day=1, author=Author.INTERNAL, sender="Rep One <rep.one@ours.example>")
    assert judge(ours, talk).urgency == 0
    assert judge(talk).urgency > 0


def test_a_quoted_earlier_mail_is_not_read_again() -> None:
    quoted = "Thanks, got it.\nOn Monday Ada Holm wrote:\n> " + DECISION[0]
    assert judge(message(quoted)).distribution == judge(message("Thanks, got it.")).distribution


def test_urgency_fades_with_time() -> None:
    late, early = (judge(message("请尽快处理，非常紧急。", day=day)).urgency for day in (85, 20))
    assert 0 < early < 0.2 < late <= 1


def test_a_label_is_shown_at_most_three_times_newest_first() -> None:
    view = judge(*(message("It is too expensive.", day=day) for day in range(8)))
    assert [signal.evidence for signal in view.objections] == [f"memory:interaction:i{day}#s0" for day in (7, 6, 5)]


@pytest.mark.parametrize("lang", list(Lang))
def test_the_claims_say_stage_movement_needs_objections_and_urgency(lang: Lang) -> None:
    mails = [message(text, day=12 * index) for index, text in enumerate(JOURNEY)]
    urgent = message("Your price is too high. We need more capacity asap.", day=84)
    output = ask(*mails, urgent, lang=lang)
    kinds = {claim.kind: claim for claim in output.claims}
    assert {"intent.stage_now", "intent.moved", "intent.need", "intent.objection", "intent.urgent"} <= kinds.keys()
    assert kinds["intent.stage_now"].state is ClaimState.INFERRED
    assert kinds["intent.objection"].state is ClaimState.SUPPORTED
    assert ("商务决策" if lang is Lang.ZH else "decision stage (") in kinds["intent.stage_now"].text
    assert {claim.section for claim in output.claims} == {Section.STAGE}
    quotes = {sentence.evidence_id: sentence.text for each in (*mails, urgent) for sentence in sentences_of(each)}
    assert all(quotes[item.id] == item.quote for item in output.evidence)
    assert {source for claim in output.claims for source in claim.evidence} <= quotes.keys()


def test_little_evidence_is_admitted() -> None:
    output = ask(message("Could you send me a brochure?"))
    assert output.view.confidence < 0.25
    assert next(claim.kind for claim in output.claims) == "intent.stage_thin"


def test_long_silence_is_mentioned() -> None:
    old = [message(text, day=day - 300) for day, text in enumerate(DECISION)]
    assert "intent.stage_silent" in {claim.kind for claim in ask(*old).claims}


def test_without_a_word_of_the_customer_every_stage_is_alike() -> None:
    output = ask()
    assert set(output.view.distribution.values()) == {round(1 / 6, 6)}
    assert output.view.confidence == 0
    assert [claim.kind for claim in output.claims] == ["intent.stage_unknown"]


def test_an_unreadable_memory_says_nothing() -> None:
    output = intent.run(IntentInput(today=TODAY, account=ACCOUNT, interactions=None))
    assert output.claims == ()


@given(texts=st.lists(ANY_TEXT.filter(str.strip), max_size=5), lang=st.sampled_from(list(Lang)))
@settings(max_examples=40, deadline=None)
def test_any_text_gives_a_distribution_and_citable_claims(texts: list[str], lang: Lang) -> None:
    output = ask(*(message(text, day) for day, text in enumerate(texts)), lang=lang)
    view = output.view
    assert sum(view.distribution.values()) == pytest.approx(1, abs=1e-5)
    assert view.distribution[view.likeliest] == max(view.distribution.values())
    assert 0 <= view.confidence <= 1
    assert 0 <= view.urgency <= 1
    assert all(claim.evidence and claim.text for claim in output.claims)


def test_five_hundred_messages_in_any_order_give_the_same_answer() -> None:
    many = [message(JOURNEY[day % len(JOURNEY)], day=day - 450) for day in range(500)]
    assert judge(*many) == judge(*reversed(many))


def test_a_signal_from_our_note_is_marked_as_reported_and_never_worded_as_the_customers() -> None:
    note = message("They say our price is too expensive.", 70, author=Author.INTERNAL, form=InteractionKind.NOTE)
    said = message("Your lead time is too long for us.", 60)
    objections = judge(note, said).objections
    assert [signal.reported for signal in objections] == [True, False]
    wording = "\n".join(claim.text for claim in ask(note).claims)
    assert "They object" not in wording
    assert "Our note says there are doubts about price" in wording
    assert "我方记录：对价格有顾虑" in "\n".join(claim.text for claim in ask(note, lang=Lang.ZH).claims)


@pytest.mark.parametrize(
    "text",
    [
        "They ask for 90 days. Legal has to look at exclusivity and finance has to approve 90 days.",
        "我方法务还要审批独家条款，账期要延到90天得财务点头。",
    ],
)
def test_our_own_work_in_a_note_is_no_objection_of_the_customer(text: str) -> None:
    note = message(text, 70, author=Author.INTERNAL, form=InteractionKind.NOTE)
    assert not [one for one in judge(note).objections if "90 days." in one.quote or "财务" in one.quote]


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        (
            "Nobody at Corvex could tell us what happens at night. We would be paying for the same failures again.",
            False,
        ),
        ("Corvex pumps are unreliable and too expensive.", False),
        ("Corvex的设备老是坏。", False),
        ("Corvex is eight percent cheaper.", True),
        ("Your pumps keep failing, unlike Corvex.", True),
        ("A lead time of 20 weeks is too long for us. Corvex delivers in eight.", True),
    ],
)
def test_a_complaint_about_a_competitor_is_no_objection_to_us(text: str, *, objects: bool) -> None:
    assert bool(judge(message(text, 70), competitors=("Corvex",)).objections) is objects
