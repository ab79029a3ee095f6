"""The day by which the customer needs the goods: found in their words, compared with stock, said to the reader."""

from datetime import UTC, date, datetime

import pytest

from agents.analysis.visit_deadline import find_deadline, refuses_parts
from agents.proposal import run
from core.domain.views.stage import BuyingStage, Signal, SignalKind, StageView
from core.language import Lang
from tests.unit.agents.visit import SAID, proposal_input, stage

TODAY = date(2026, 3, 2)


def said(quote: str, *, reported: bool = False, at: datetime = SAID, label: str = "date") -> Signal:
    kind = SignalKind.URGENCY
    return Signal(kind=kind, label=label, at=at, quote=quote, evidence="memory:interaction:i-9#s0", reported=reported)


def stage_with(*signals: Signal) -> StageView:
    return stage(BuyingStage.DECISION, "delivery").model_copy(update={"urgency_signals": signals})


@pytest.mark.parametrize(
    ("quote", "by"),
    [
        ("Everything has to be on site by 14 March.", date(2026, 3, 14)),
        ("设备必须在3月14日之前到货。", date(2026, 3, 14)),
        ("Please send your offer with delivery dates by 14 March.", None),
        ("We decide by 14 March.", None),
        ("It had to be delivered by 28 February.", None),
        ("We need it delivered soon.", None),
    ],
)
def test_only_a_day_for_the_goods_that_is_still_to_come_counts(quote: str, by: date | None) -> None:
    found = find_deadline([said(quote)], TODAY)
    assert (found.by if found else None) == by


def test_the_customers_own_words_go_before_a_later_report() -> None:
    own = said("All of it delivered by 14 March.")
    note = said("They want it delivered by 30 March.", reported=True, at=datetime(2026, 3, 1, tzinfo=UTC))
    found = find_deadline([note, own], TODAY)
    assert found is not None
    assert found.said is own


@pytest.mark.parametrize(
    ("quote", "refused"),
    [
        ("All twelve, not six now and six later.", True),
        ("We accept no part deliveries.", True),
        ("No partial shipments, please.", True),
        ("我们不接受分批交货。", True),
        ("分批到货我们不接受。", True),
        ("设备要一次性到货。", True),
        ("Part deliveries would help us.", False),
        ("This is no part of the contract.", False),
        ("可以分批到货。", False),
    ],
)
def test_part_deliveries_are_ruled_out_only_when_the_customer_says_so(quote: str, refused: bool) -> None:  # noqa: FBT001
    assert refuses_parts([said(quote)]) is refused


@pytest.mark.parametrize("lang", Lang)
def test_a_day_that_is_missed_leads_the_goal_and_has_its_own_message(lang: Lang) -> None:
    late = stage_with(said("Everything has to be on site by 14 March. All forty, not ten now and thirty later."))
    output = run(proposal_input(lang, stage=late))
    (claim,) = [claim for claim in output.claims if claim.kind == "proposal.deadline_late"]
    assert "memory:interaction:i-9#s0" in claim.evidence
    for text in (claim.text, output.view.goal):
        assert ("14 March" if lang is Lang.EN else "3月14日") in text.replace(" ", "" if lang is Lang.ZH else " ")
        assert ("6 days late" if lang is Lang.EN else "晚 6 天") in text
    everything = " ".join(each.text for each in output.view.recommendations)
    assert ("a first part" if lang is Lang.EN else "先发") not in everything
    assert ("ruled them out" if lang is Lang.EN else "不接受分批") in everything


def test_a_day_that_holds_is_no_obstacle() -> None:
    output = run(proposal_input(stage=stage_with(said("Everything has to be on site by 14 April."))))
    assert not [claim for claim in output.claims if claim.kind == "proposal.deadline_late"]
    assert "a first part from stock" in " ".join(each.text for each in output.view.recommendations)


@pytest.mark.parametrize("lang", Lang)
def test_a_report_is_not_put_in_the_customers_mouth_and_does_not_lead(lang: Lang) -> None:
    direct = stage(BuyingStage.DECISION, "delivery")
    note = direct.objections[0].model_copy(
        update={"label": "price", "reported": True, "at": datetime(2026, 3, 1, tzinfo=UTC), "quote": "They want 12 %"}
    )
    output = run(proposal_input(lang, stage=direct.model_copy(update={"objections": (note, *direct.objections)})))
    (price,) = [claim.text for claim in output.claims if claim.kind == "proposal.answer_price"]
    (delivery,) = [claim.text for claim in output.claims if claim.kind == "proposal.answer_delivery"]
    assert price.startswith("Our record of 1 March 2026 says" if lang is Lang.EN else "我方")
    assert delivery.startswith("They said on" if lang is Lang.EN else "对方")
    assert ("the delivery time" if lang is Lang.EN else "交期") in output.view.goal
