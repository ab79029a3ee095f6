"""What a customer's message asks of us, by topic."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agents.analysis.lexicon import asserted
from agents.analysis.salience import is_question
from agents.analysis.signals import load_signals
from agents.analysis.voices import Line, customer_lines
from core.domain.interactions import Interaction


class Topic(StrEnum):
    """What a request is about, as far as our records may answer it."""

    DELIVERY = "delivery"
    PRICE = "price"
    TERMS = "terms"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence that asks for something."""

    topic: Topic
    line: Line


_CUE = re.compile(
    r"\b(?:please|kindly|could you|can you|would you|let (?:us|me) know|send (?:us|me)|confirm|we (?:still |also )?need"
    r"|we would like|we ask|waiting for|would help)\b"
    r"|请|麻烦|烦请|能否|可否|能不能|是否可以|希望(?:贵|你|您)|盼|等(?:着)?(?:贵|你|您)",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(r"(?:什么时候|何时|多久|几号).{0,4}(?:到|交|发货|供)|能(?:到|交)货", re.IGNORECASE)
_TERMS = re.compile(
    r"\b(?:contract|agreement|clauses?|penalt\w+|liabilit\w+|payment terms?|warranty terms?|terms and conditions)\b"
    r"|合同|协议|条款|违约|账期|付款(?:方式|条件|比例|节点)|质保金",
    re.IGNORECASE,
)


def find_requests(message: Interaction, ours: frozenset[str]) -> list[Request]:
    """Every sentence of the message's author that asks for something, in order; `ours` as `our_names` gives it."""
    asking = (line for line in customer_lines(message, ours) if _asks(line.words))
    return [Request(topic, line) for line in asking for topic in topics_of(line.words)]


def first_of_each(requests: Iterable[Request]) -> list[Request]:
    """The first request of each topic, in order; every one of the topic OTHER."""
    seen: set[Topic] = set()
    kept = []
    for request in requests:
        if request.topic is Topic.OTHER or request.topic not in seen:
            seen.add(request.topic)
            kept.append(request)
    return kept


def topics_of(words: str) -> list[Topic]:
    """The topics of one sentence, at least OTHER; payment belongs to the terms of the contract, not to the price."""
    lowered, lexicon = words.lower(), load_signals()
    on_terms = bool(_TERMS.search(words))
    found = []
    for topic in (Topic.DELIVERY, Topic.PRICE):
        # An objection to a price or a date asks for another one.
        patterns = (lexicon.topics[topic.value], lexicon.objections[topic.value])
        if any(asserted(pattern, _TERMS.sub("", lowered)) for pattern in patterns):
            found.append(topic)
    if _DATE_ASKED.search(words) and Topic.DELIVERY not in found:
        found.insert(0, Topic.DELIVERY)
    return [*found, *([Topic.TERMS] if on_terms else [])] or [Topic.OTHER]


def _asks(words: str) -> bool:
    lowered, lexicon = words.lower(), load_signals()
    if is_question(words) or _CUE.search(words) or asserted(lexicon.need, lowered):
        return True
    return any(asserted(lexicon.objections[topic.value], lowered) for topic in (Topic.DELIVERY, Topic.PRICE))
