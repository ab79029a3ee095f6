"""Clauses of a contract: found by their numbered headings, told apart by the words in them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from core.domain.contracts import Clause, ClauseKind

_ENGLISH = re.compile(
    r"^\s*(?:(?:Article|Section|Clause)\s+)?(?P<number>\d{1,2}|[IVX]{1,5})[.):]?\s+(?P<rest>[A-Z][^\n]*)$"
)
_CHINESE = re.compile(
    r"^\s*(?:第\s*[一二三四五六七八九十百零\d]{1,4}\s*条|[一二三四五六七八九十]{1,3}\s*、)[\s、.:：]*(?P<rest>[^\n]*)$"
)
_HEADING_END = re.compile(r"[:：。]|\.(?=\s|$)|\s[-–—]\s|\s{2,}")
_LONGEST_HEADING = 60

# First match wins: the narrower topics stand first.
_WORDS = (
    (ClauseKind.EXCLUSIVITY, r"exclusiv|独家|排他"),
    (ClauseKind.CONFIDENTIALITY, r"confidential|non-disclosure|secrecy|保密"),
    (ClauseKind.DATA, r"\bdata\b|privacy|personal information|数据|个人信息|隐私"),
    (
        ClauseKind.GOVERNING_LAW,
        r"governing law|applicable law|jurisdiction|arbitration|dispute|适用法律|争议|仲裁|管辖",
    ),
    (ClauseKind.RENEWAL, r"renew|extension|续约|续签|续期|展期"),
    (ClauseKind.TERMINATION, r"terminat|cancel|终止|解除"),
    (ClauseKind.LIABILITY, r"liabilit|indemn|damages|penalt|breach|责任|违约|赔偿|违约金"),
    (ClauseKind.WARRANTY, r"warrant|guarantee|defect|质保|保修|质量保证|质量"),
    (ClauseKind.PAYMENT, r"payment|invoic|paid|付款|支付|结算|发票"),
    (ClauseKind.PRICE, r"\bprice|pricing|fees?\b|rebate|discount|价格|价款|合同金额|返利|折扣"),
    (ClauseKind.DELIVERY, r"deliver|shipment|incoterm|acceptance|lead time|transport|交付|交货|运输|验收"),
)
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)


class _Heading(NamedTuple):
    line: int
    title: str
    inline: str


def find_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a contract in order; empty when it has no numbered headings."""
    lines = text.splitlines()
    clauses = []
    for heading, following in pairwise([*_headings(lines), _Heading(len(lines), "", "")]):
        below = map(str.strip, lines[heading.line + 1 : following.line])
        body = "\n".join(part for part in [heading.inline, *below] if part)
        clauses.append(Clause(kind=classify_clause(heading.title, body), heading=heading.title, text=body))
    return tuple(clauses)


def classify_clause(heading: str, text: str) -> ClauseKind:
    """The kind a clause's heading names; its text decides only where there is no heading."""
    for kind, words in _PATTERNS:
        if words.search(heading or text):
            return kind
    return ClauseKind.OTHER


def _headings(lines: list[str]) -> Iterator[_Heading]:
    expected = 1
    for index, line in enumerate(lines):
        found = _CHINESE.match(line)
        if found is None and (found := _ENGLISH.match(line)):
            # Numbered sentences inside a clause do not continue the count of the headings.
            number = found["number"]
            if number.isdigit() and int(number) not in (expected, expected + 1):
                continue
            if not number.isdigit() and not line.strip().casefold().startswith(("article", "section", "clause")):
                continue
        if found is None:
            continue
        title, inline = _split(found["rest"].strip())
        if len(title) <= _LONGEST_HEADING:
            expected = int(found["number"]) + 1 if found.groupdict().get("number", "").isdigit() else expected
            yield _Heading(index, title, inline)


def _split(rest: str) -> tuple[str, str]:
    """Heading and what follows it on the same line."""
    end = _HEADING_END.search(rest)
    if end and end.start() <= _LONGEST_HEADING:
        return rest[: end.start()].strip(), rest[end.end() :].strip()
    if " " in rest and any("\u4e00" <= char <= "\u9fff" for char in rest):
        title, _, inline = rest.partition(" ")
        return title, inline.strip()
    return rest, ""
