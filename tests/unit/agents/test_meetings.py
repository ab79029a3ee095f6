"""The meetings agent: what counts as decided, who promised what, and where every sentence stands."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis.meetings.spoken import length, spoken_in
from agents.meetings import SPEC, MeetingsInput, run
from core.domain.interactions import Turn
from core.domain.views.meetings import MeetingsView, Undecided
from core.language import Lang

DAY = date(2026, 3, 11)

TALK = (
    ("Amir", "Your quote is fifteen percent above what we budgeted, and the lead time is too long for us."),
    ("Tessa", "I understand. What is the budget, roughly?"),
    ("Amir", "We have 240,000 dollars for this year. Hexaflow offers four weeks."),
    ("Tessa", "I'll send you the installation plan by Friday."),
    ("Amir", "We did not agree on the dryer, but we decided on the CP-80."),
    ("Amir", "What happens if the seal breaks in the first year?"),
)


def minutes(*turns: tuple[str, str], **told: Any) -> MeetingsView:
    spoken = tuple(Turn(speaker=speaker, text=text) for speaker, text in turns)
    return SPEC.run(MeetingsInput(today=DAY, **{"held_on": DAY, "turns": spoken, **told})).view


def test_minutes_tell_each_part_of_a_meeting() -> None:
    view = minutes(*TALK, competitors=("Hexaflow",), ours=("Tessa",))
    assert [one.text for one in view.decisions] == ["We decided on the CP-80"]
    assert [(one.text, one.why) for one in view.not_decided] == [("We did not agree on the dryer", Undecided.DENIED)]
    assert [(one.owner, one.due, one.due_said) for one in view.actions] == [("Tessa", date(2026, 3, 13), "Friday")]
    assert [one.evidence for one in view.questions] == ["What happens if the seal breaks in the first year?"]
    assert {one.label for one in view.objections} == {"price", "delivery"}
    assert [one.label for one in view.competitors] == ["Hexaflow"]
    assert "240000" in str([one.amounts for one in view.budget])
    assert date(2026, 3, 13) in [day for one in view.timing for day in one.days]
    assert not any(one.speaker == "Tessa" for one in (*view.quotes, *view.objections))


@pytest.mark.parametrize(
    "said",
    [
        *("We did not agree.", "Nothing has been decided.", "Let's not decide today.", "We almost agreed on 60 days."),
        *("If the board agrees we would take both.", "Who decided that?", "We agreed to discuss it next time."),
        *("I don't think, honestly, that we agreed on it.", "The board hasn't approved it.", "We need to decide soon."),
        *("Maybe we'll use the old contract.", "I thought we had agreed on it.", "It's far from settled."),
        *("没有定下来。", "我可没说同意。", "差一点就定下来了。", "等预算批了就定。", "如果董事会同意，我们两样都要。"),
        *(
            "原则上同意，细节再谈。",
            "谁决定的？",
            "下周再敲定。",
            "这个得开会决定。",
            "先别定下来。",
            "不同意这个方案。",
        ),
    ],
)
def test_what_is_denied_asked_put_off_or_conditional_is_never_decided(said: str) -> None:
    assert minutes(("Ada", said)).decisions == ()


@pytest.mark.parametrize(
    "said",
    [
        *(
            "We've agreed on sixty days.",
            "We decided not to buy the dryer.",
            "The board approved the budget yesterday.",
        ),
        *("Let's go with option B.", "Okay, it's a deal.", "Agreed, sixty days.", "We are going with option B."),
        *("我们决定不买干燥机。", "双方达成一致，账期六十天。", "那就这么定了。", "董事会昨天批准了预算。"),
    ],
)
def test_what_is_settled_in_so_many_words_is_decided(said: str) -> None:
    assert [one.evidence for one in minutes(("Ada", said)).decisions] == [said]


def test_a_proposal_is_decided_when_another_accepts_it_and_not_when_another_objects() -> None:
    proposed = ("Zoe", "I suggest we replace all eight seals.")
    assert minutes(proposed, ("Bo", "Agreed, do it.")).decisions[0].turn == 0
    assert minutes(proposed, ("Bo", "Let me think about it.")).decisions == ()
    taken_back = minutes(("Zoe", "So it's agreed: we go first."), ("Bo", "No, wait, not yet."))
    assert taken_back.decisions == ()
    assert taken_back.not_decided[0].why is Undecided.CONTESTED


@pytest.mark.parametrize(
    ("turns", "owner", "due"),
    [
        ((("Bo", "Ada, could you send the list before Thursday?"), ("Ada", "Sure.")), "Ada", date(2026, 3, 12)),
        ((("Bo", "Can you send the list?"), ("Ada", "Yes, I'll send it tomorrow.")), "Ada", date(2026, 3, 12)),
        ((("Bo", "Ada will draft the invitation by 25 March."),), "Ada", date(2026, 3, 25)),
        ((("Bo", "I have to send you the analysis within three days."),), "Bo", date(2026, 3, 14)),
        ((("Bo", "I'll call them."),), "Bo", None),
        ((("王芳", "麻烦您下周五前把草稿发给我们。"), ("李强", "没问题。")), "李强", date(2026, 3, 20)),
        ((("王芳", "报告我三天内发给你。"),), "王芳", date(2026, 3, 14)),
        ((("王芳", "邀请函由李强起草，月底前完成。"),), "李强", date(2026, 3, 31)),
    ],
)
def test_a_promise_has_its_owner_and_its_day(turns: tuple[tuple[str, str], ...], owner: str, due: date | None) -> None:
    assert [(one.owner, one.due) for one in minutes(*turns).actions] == [(owner, due)]


@pytest.mark.parametrize("said", ["I won't send it.", "If they pay, I'll send it.", "Let me be frank.", "我不发了。"])
def test_a_refusal_a_condition_or_a_turn_of_phrase_is_no_promise(said: str) -> None:
    assert minutes(("Bo", said)).actions == ()


def test_without_the_date_of_the_meeting_a_day_is_told_in_its_words_only() -> None:
    (action,) = minutes(("Bo", "I'll send it by Friday."), held_on=None).actions
    assert (action.due, action.due_said) == (None, "Friday")


@pytest.mark.parametrize(("query", "lang"), [("What did Amir say about price?", Lang.EN), ("价格怎么说？", Lang.ZH)])
def test_an_answer_keeps_to_the_question_and_to_its_words(query: str, lang: Lang) -> None:
    view = minutes(*TALK, query=query, words=20, lang=lang)
    assert view.answer[0].turn == 0
    assert sum(length(one.text) for one in view.answer) <= 20


def test_what_a_caller_must_give_is_turns_alone() -> None:
    told = MeetingsInput.model_validate({"turns": [{"speaker": "王芳", "content": "我们决定用甲方案。"}]})
    assert told.lang is Lang.ZH
    assert SPEC.run(told).view.decisions[0].lang is Lang.ZH
    empty = SPEC.run(MeetingsInput.model_validate({"turns": []}))
    assert (empty.view.summary, empty.claims) == ((), ())


WORDS = st.sampled_from(
    [
        *(text for _speaker, text in TALK),
        *(
            "Let's go with B.",
            "没有定下来。",
            "我们决定用甲方案，周五前发合同。",
            "uh so um I I think , you know , it 's fine .",
        ),
        *("{disfmarker}", "?!", "。。。", "\u200b", "A:B. C: d", "<i>x</i>", "Dr. No said no. Mr. Yes agreed."),
    ]
)
SPOKEN = st.tuples(st.sampled_from(["Ada", "王芳", "", "Dr. No"]), st.one_of(WORDS, st.text(max_size=60)))


@settings(max_examples=60, deadline=None)
@given(said=st.lists(SPOKEN, max_size=12), timed=st.booleans(), query=st.sampled_from(["", "price", "价格"]))
def test_every_sentence_stands_in_the_transcript_at_the_place_given(
    said: list[tuple[str, str]],
    timed: bool,  # noqa: FBT001
    query: str,
) -> None:
    turns = tuple(
        Turn(speaker=speaker, text=text, start=number * 7.5 if timed else None)
        for number, (speaker, text) in enumerate(said)
    )
    output = run(MeetingsInput(today=DAY, held_on=DAY, turns=turns, query=query, words=30))
    found = list(sentences(output.view.model_dump(mode="json")))
    for one in found:
        turn = turns[one["turn"]]
        assert one["evidence"] in turn.text
        assert one["evidence"]
        assert one["text"]
        assert one["at"] == (one["turn"] if turn.start is None else turn.start)
    known = {one.id: one.quote for one in output.evidence}
    for claim in output.claims:
        assert any(claim.at == one["at"] and known[claim.evidence[0]] == one["evidence"] for one in found)
    assert bool(found) or not spoken_in(turns)


def sentences(value: Any) -> Any:
    """Everything in a view that has evidence."""
    if isinstance(value, dict):
        if "evidence" in value:
            yield value
        for inner in value.values():
            yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)
