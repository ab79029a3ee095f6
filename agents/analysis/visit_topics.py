"""The topics a manager names in the purpose of a visit, each with the records that belong to it."""

import re
from enum import StrEnum

from agents.analysis.visit_facts import VisitFacts
from core.domain.contracts import Department

MOST_TOPICS = 4


class Topic(StrEnum):
    """What is to be talked about."""

    PRICE = "price"
    DELIVERY = "delivery"
    CONTRACT = "contract"
    PAYMENT = "payment"
    TECHNICAL = "technical"
    SERVICE = "service"
    DECIDERS = "deciders"
    PRODUCT = "product"


_WORDS = {
    Topic.PRICE: r"\bpric(?:e|es|ing)\b|discount|quotation|\bquote\b|价格|报价|折扣|降价|议价|谈价",
    Topic.DELIVERY: r"deliver|lead time|ship(?:ment|ping)|交期|交货|交付|到货|供货",
    Topic.CONTRACT: r"contract|agreement|renew|extend the|合同|协议|续约|续签",
    Topic.PAYMENT: r"payment|prepay|instal?ments|付款|账期|回款|预付",
    Topic.TECHNICAL: r"technical|specification|\btrial\b|\btests?\b|技术|选型|参数|试验|测试",
    Topic.SERVICE: r"\bservice\b|maintenance|complain|outage|spare parts|售后|服务|维保|投诉|备件",
    Topic.DECIDERS: r"decision.?makers?|who decides|stakeholders?|决策人|拍板|决策层|关键人",
    Topic.PRODUCT: r"(?:introduce|present|show) (?:our |the new )(?!team)\w|product introduction"
    r"|产品介绍|介绍.{0,6}(?:产品|新品|方案)|推介|新品",
}
_PATTERNS = {topic: re.compile(words, re.IGNORECASE) for topic, words in _WORDS.items()}
_OF_A_DEAL = frozenset({Topic.PRICE, Topic.DELIVERY, Topic.TECHNICAL, Topic.PRODUCT})
_DEPARTMENTS = {
    Topic.PRICE: [Department.FINANCE],
    Topic.DELIVERY: [Department.SUPPLY_CHAIN],
    Topic.CONTRACT: [Department.LEGAL],
    Topic.PAYMENT: [Department.FINANCE],
}


def find_topics(purpose: str) -> list[Topic]:
    """Topics in the order in which the purpose names them."""
    found = {topic: match.start() for topic, pattern in _PATTERNS.items() if (match := pattern.search(purpose))}
    return sorted(found, key=lambda topic: found[topic])[:MOST_TOPICS]


def is_about_a_deal(purpose: str) -> bool:
    """Whether the purpose asks for what a deal needs, so that a contract in it is one topic among others."""
    return not _OF_A_DEAL.isdisjoint(find_topics(purpose))


def readers_of(topic: Topic) -> list[Department]:
    """Departments that must agree to what is said on the topic."""
    return _DEPARTMENTS.get(topic, [])


def grounds_of(topic: Topic, facts: VisitFacts) -> list[str]:
    """Evidence ids of the records behind the topic; empty when there are none."""
    match topic:
        case Topic.PRICE:
            return list(facts.main_quote.evidence[:2]) if facts.main_quote else []
        case Topic.DELIVERY:
            return list(facts.short.evidence[:3]) if facts.short else []
        case Topic.CONTRACT | Topic.PAYMENT:
            return [facts.ending.evidence] if facts.ending else []
        case _:
            return []
