"""What the purpose names is on the agenda, in both languages alike."""

import pytest

from agents.analysis.visit_topics import Topic, find_topics
from agents.proposal import run
from core.domain.views.proposals import RecommendationKind
from core.language import Lang
from tests.unit.agents.visit import proposal_input

P, D, C, PAY = Topic.PRICE, Topic.DELIVERY, Topic.CONTRACT, Topic.PAYMENT


@pytest.mark.parametrize(
    ("purpose", "topics"),
    [
        ("Win the pump replacement: settle delivery, price and the frame agreement", [D, P, C]),
        ("拿下泵的更换项目：谈定交期、价格和框架协议", [D, P, C]),
        ("Renew the contract", [C]),
        ("续签框架协议", [C]),
        ("Talk about payment and service", [PAY, Topic.SERVICE]),
        ("谈付款和售后", [PAY, Topic.SERVICE]),
        ("Find out who decides, answer technical questions", [Topic.DECIDERS, Topic.TECHNICAL]),
        ("摸清决策人，回答技术问题", [Topic.DECIDERS, Topic.TECHNICAL]),
        ("Introduce our new drives", [Topic.PRODUCT]),
        ("产品介绍", [Topic.PRODUCT]),
        ("First visit, introduce the team", []),
        ("", []),
    ],
)
def test_topics_come_in_the_order_of_the_purpose(purpose: str, topics: list[Topic]) -> None:
    assert find_topics(purpose) == topics


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("lang", Lang)
def test_each_topic_of_the_purpose_is_one_point_of_an_agenda_that_fits(topic: Topic, lang: Lang) -> None:
    said = {
        Topic.PRICE: "price", Topic.DELIVERY: "delivery", Topic.CONTRACT: "合同", Topic.PAYMENT: "付款",
        Topic.TECHNICAL: "技术", Topic.SERVICE: "service", Topic.DECIDERS: "决策人", Topic.PRODUCT: "新品",
    }  # fmt: skip
    purpose = " / ".join(dict.fromkeys([said[topic], "交期", "价格", "协议"]))
    output = run(proposal_input(lang, purpose=purpose))
    points = [each for each in output.view.recommendations if each.kind is RecommendationKind.AGENDA]
    assert 40 <= sum(each.minutes or 0 for each in points) <= 90
    kinds = [claim.kind for claim in output.claims]
    assert kinds.count(f"proposal.agenda_topic_{topic}") == 1
    assert "proposal.agenda_commercial" not in kinds


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("the frame agreement", "框架协议"), ("price and the frame agreement", "价格和框架协议"), ("Renew", "续签")],
)
def test_an_agreement_alone_is_a_renewal_and_beside_a_price_one_topic_of_the_deal(english: str, chinese: str) -> None:
    goals = [run(proposal_input(purpose=purpose)).view.goal for purpose in (english, chinese)]
    assert goals[0] == goals[1]
    assert goals[0].startswith("Leave with a decision" if "price" in english else "Agree the renewal")
