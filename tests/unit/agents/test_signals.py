"""Needs, objections, competitors and deadlines in single sentences."""

from datetime import UTC, datetime

import pytest

from agents.analysis.due_dates import days_until_due
from agents.analysis.signals import find_signals, known_names
from agents.analysis.voices import lines_of
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.views.stage import SignalKind
from core.language import Lang

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def labels(text: str, kind: SignalKind, competitors: tuple[str, ...] = ()) -> list[str]:
    said = Interaction(
        id="i1",
        account_id="a1",
        form=InteractionKind.MAIL,
        at=START,
        text=text,
        lang=Lang.EN,
        author=Author.CUSTOMER,
    )
    rivals = known_names(competitors)
    found = [finding for line in lines_of(said) for finding in find_signals(line, rivals)]
    return [finding.label for finding in found if finding.kind is kind]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Your price is eight percent above the other bidder.", "price"),
        ("The machine is simply too expensive for us.", "price"),
        ("你们的报价还是太高了。", "price"),
        ("比另一家贵了八个点。", "price"),
        ("A lead time of 20 weeks is too long for us.", "delivery"),
        ("交期太长，我们来不及。", "delivery"),
        ("The pump keeps failing and quality is a problem.", "quality"),
        ("设备老是坏，不稳定。", "quality"),
        ("Our lawyers cannot accept the liability clause.", "contract"),
        ("预付款百分之五十接受不了。", "contract"),
        ("We are leaning towards another supplier.", "competition"),
        ("The project is on hold, the budget was cut.", "timing"),
        ("今年没有预算，明年再说。", "timing"),
        ("It needs the approval of headquarters.", "authority"),
        ("我做不了主，还要等总部审批。", "authority"),
        ("Nobody answered our service call for days.", "service"),
        ("售后响应太慢了。", "service"),
    ],
)
def test_an_objection_is_recognised(text: str, label: str) -> None:
    assert label in labels(text, SignalKind.OBJECTION)


@pytest.mark.parametrize(
    "text",
    [
        "The price is not a problem.",
        "It is not too expensive.",
        "We have no concerns about the lead time being too long.",
        "We are happy with the response times.",
        "价格不是问题。",
        "这个价不算太贵，可以接受。",
        "质量问题已经解决了。",
        "我们不担心交期太长。",
        "Thank you for the pleasant meeting.",
        "明天见。",
    ],
)
def test_a_denied_objection_is_none(text: str) -> None:
    assert labels(text, SignalKind.OBJECTION) == []


def test_a_denial_ends_with_its_clause() -> None:
    assert labels("价格不是问题，但交期太长。", SignalKind.OBJECTION) == ["delivery"]
    assert labels("Quality is not an issue, but your price is too high.", SignalKind.OBJECTION) == ["price"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("We need pumps with fewer unplanned stops and better reliability.", "uptime"),
        ("我们希望节能，把电费降下来。", "cost"),
        ("We are looking for a system with an interface to our ERP.", "integration"),
        ("我们需要更高的产能。", "capacity"),
    ],
)
def test_a_need_is_named_by_its_topic(text: str, topic: str) -> None:
    assert labels(text, SignalKind.NEED) == [topic]


def test_competitors_are_found_by_known_name_and_by_context() -> None:
    known = ("Kaltwerk", "西马泵业")
    assert labels("kaltwerk was here last week.", SignalKind.COMPETITOR, known) == ["Kaltwerk"]
    assert labels("西马泵业的人上周来过。", SignalKind.COMPETITOR, known) == ["西马泵业"]
    assert labels("We have a quote from Brenner Pumps on the table.", SignalKind.COMPETITOR) == ["Brenner Pumps"]
    assert labels("We need the quote by Monday.", SignalKind.COMPETITOR, known) == []
    assert labels("The offer from Monday is still missing.", SignalKind.COMPETITOR) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("We need it by 20 January.", 15),
        ("Please answer before January 12th.", 7),
        ("请在1月15日之前回复。", 10),
        ("截止日期2026年2月4日。", 30),
        ("deadline: 2026-01-06", 1),
        ("by 30 February", None),
        ("On 20 January we were in Lyon.", None),
    ],
)
def test_a_date_named_as_a_limit_is_read(text: str, days: int | None) -> None:
    assert days_until_due(text, START.date()) == days
