"""Risks in what the customer says: competitors, objections, payment, urgency."""

import re
from datetime import date

from agents.analysis.quoting import quoted, unstopped
from agents.analysis.risk.rule import Case, Hit, Input, Rule, Term, cite_deals
from agents.analysis.risk.thresholds import (
    OBJECTION_DAYS,
    OBJECTION_MANY,
    OBJECTION_SETTLED_AFTER,
    OBJECTION_UNANSWERED_DAYS,
    PAYMENT_DAYS,
    PRICE_MOVE_RELEVANCE,
    RIVAL_RECENT_DAYS,
    URGENT_DAYS,
    URGENT_GRAVE_DAYS,
    URGENT_UNANSWERED_DAYS,
)
from agents.analysis.voices import Line, customer_lines, our_names
from core.domain.contracts import Department
from core.domain.interactions import Author, InteractionKind
from core.domain.market import MoveKind
from core.domain.views.risks import Severity
from core.domain.views.stage import Signal
from core.text import normalise_name

_OBJECTIONS = ("price", "quality", "delivery")
_PAYMENT = re.compile(
    r"payment terms?|terms of payment|days (?:of )?payment|payment (?:period|deadline|dispute)|\binvoices?\b"
    r"|accounts payable|\bnet \d+|付款|账期|货款|发票|尾款|质保金|应付款|结算",
    re.IGNORECASE,
)
_QUARREL = re.compile(
    r"\bdisput\w+|\bdisagree\w*|\bwithh[eo]ld\w*|\bhold(?:s|ing)? back|(?:will not|won't|refus\w+ to) pay|\bstopped\b"
    r"|\bblocked\b|(?:do not|don't|cannot|can't|can only|not) accept|\binsist\w*|\breject\w*|\boverdue\b"
    r"|争议|分歧|不一致|不(?:能)?同意|(?:无法|不能|没法|不)接受|拒付|暂(?:扣|停|缓)|扣(?:着|住|留|下)|压着|停付|不(?:会|予)?付"
    r"|只(?:能)?(?:接受|认)|逾期|拖欠|坚持",
    re.IGNORECASE,
)
# A promise ("I will push it") is urgent too, but it waits for nobody.
_REQUEST = re.compile(
    r"\?|\bplease\b|\b(?:can|could|would|will) you\b|\bwe (?:urgently )?need\b|\b(?:send|confirm|let) (?:me|us)\b"
    r"|？|请|麻烦|能不能|能否|可否|我们(?:急)?需要|急需|烦请|望",
    re.IGNORECASE,
)
_WITHHELD = re.compile(
    r"withh[eo]ld|hold(?:s|ing)? back|stopped|blocked|will not pay|拒付|暂扣|扣|停付|压着", re.IGNORECASE
)


def _said(text: str) -> str:
    """A quotation after whose closing mark the phrases put a stop."""
    return unstopped(quoted(text))


def competitor_active(case: Case) -> list[Hit]:
    """A competitor was named lately, or stands on a late deal."""
    market = case.market
    if market is None or not case.late_deals:
        return []
    hits = []
    for name in market.active:
        evidence = market.active_evidence.get(name, ())
        named_on = case.day_of(evidence)
        recent = named_on is not None and (case.today - named_on).days <= RIVAL_RECENT_DAYS
        listed = any(deal.evidence in evidence for deal in case.late_deals)
        if not listed and not (recent and case.late_deals):
            continue
        severity = Severity.MEDIUM if recent else Severity.LOW
        facts = {"competitor": quoted(name, 60), "named_on": named_on}
        hits.append(Hit(severity, evidence[:3], facts, named_on))
    return hits


def _undercuts(case: Case) -> dict[str, list[Signal]]:
    """By competitor, the recent sentences in which the customer sets its price against ours."""
    if case.stage is None:
        return {}
    priced = {signal.evidence for signal in case.stage.objections if signal.label == "price"}
    found: dict[str, list[Signal]] = {}
    for signal in case.stage.competitors:
        if signal.evidence in priced and 0 <= (case.today - signal.at.date()).days <= RIVAL_RECENT_DAYS:
            found.setdefault(signal.label, []).append(signal)
    return found


def _recently_named(case: Case) -> frozenset[str]:
    """Normalised names of competitors that the account's side named lately."""
    known = case.market.active_evidence.items() if case.market else ()
    start = case.since(RIVAL_RECENT_DAYS)
    return frozenset(normalise_name(name) for name, evidence in known if (case.day_of(evidence) or date.min) >= start)


def competitor_price_move(case: Case) -> list[Hit]:
    """A competitor in play has moved its price: by what the customer says, or by news close to the account."""
    if not case.live_deals:
        return []
    grave = Severity.HIGH if case.late_deals else Severity.MEDIUM
    hits, told = [], set()
    for name, signals in _undercuts(case).items():
        last = max(signals, key=lambda signal: signal.at)
        told.add(normalise_name(name))
        facts = {
            "competitor": quoted(name, 60),
            "at": last.at.date(),
            "quote": _said(last.quote),
            "said": True,
        }
        sources = (*(signal.evidence for signal in signals[-3:]), *cite_deals(case.live_deals[:1]))
        hits.append(Hit(grave, sources, facts, last.at.date()))
    named = _recently_named(case)
    for move in case.market.moves if case.market else ():
        name = normalise_name(move.competitor)
        if move.move is not MoveKind.PRICE or name in told or name not in named:
            continue
        old = move.at is None or not 0 <= (case.today - move.at).days <= RIVAL_RECENT_DAYS
        if old or move.relevance < PRICE_MOVE_RELEVANCE or not case.late_deals:
            continue
        told.add(name)
        facts = {
            "competitor": quoted(move.competitor, 60),
            "at": move.at,
            "quote": _said(move.title),
            "said": False,
        }
        hits.append(Hit(Severity.MEDIUM, move.evidence[:3], facts, move.at))
    return hits


def _is_unanswered(case: Case, signal: Signal) -> bool:
    """Whether the signal stands in a mail of the customer after which we neither wrote, met nor called."""
    source = signal.evidence.partition("#")[0]
    mailed = any(
        one.evidence_id == source and one.form is InteractionKind.MAIL and one.author is Author.CUSTOMER
        for one in case.past
    )
    return mailed and case.is_answered(signal.at) is False


def _later_customer_messages(case: Case, last: Signal) -> int:
    return sum(one.at > last.at and one.author is Author.CUSTOMER for one in case.past)


def open_objection(case: Case) -> list[Hit]:
    """The customer repeated an objection, or nobody answered it."""
    hits = []
    for label in _OBJECTIONS:
        signals = [
            signal
            for signal in (case.stage.objections if case.stage else ())
            if signal.label == label and 0 <= (case.today - signal.at.date()).days <= OBJECTION_DAYS
        ]
        if not signals:
            continue
        last = max(signals, key=lambda signal: (signal.at, signal.evidence))
        times = len({signal.evidence.partition("#")[0] for signal in signals})
        age = (case.today - last.at.date()).days
        later = _later_customer_messages(case, last)
        unanswered = age >= OBJECTION_UNANSWERED_DAYS and not later and _is_unanswered(case, last)
        settled = later >= OBJECTION_SETTLED_AFTER
        if settled or not (unanswered or times > 1):
            continue
        severity = Severity.MEDIUM if unanswered or times >= OBJECTION_MANY else Severity.LOW
        if unanswered and times > 1 and case.late_deals:
            severity = Severity.HIGH
        facts = {
            "label": Term("objection", label),
            "times": times,
            "at": last.at.date(),
            "days": age if unanswered else 0,
            "quote": _said(last.quote),
        }
        cited = dict.fromkeys(signal.evidence for signal in sorted(signals, key=lambda one: one.at, reverse=True))
        hits.append(Hit(severity, tuple(cited)[:3], facts, last.at.date()))
    return hits


def _quarrels(case: Case) -> list[Line]:
    """Sentences of the last months in which the customer quarrels about payment, oldest first."""
    ours = our_names(case.past)
    start, found = case.since(PAYMENT_DAYS), list[Line]()
    for one in case.past:
        if one.at.date() < start:
            continue
        about = bool(_PAYMENT.search(one.subject or ""))
        for line in customer_lines(one, ours):
            if _QUARREL.search(line.words) and (about or _PAYMENT.search(line.words)):
                found.append(line)
    return found


def payment_terms_dispute(case: Case) -> list[Hit]:
    """The customer disputes payment terms or withholds payment."""
    lines = _quarrels(case)
    if not lines:
        return []
    last = lines[-1]
    times = len({line.interaction.id for line in lines})
    withheld = any(_WITHHELD.search(line.words) for line in lines)
    facts = {
        "at": last.interaction.at.date(),
        "times": times,
        "quote": _said(last.words),
        "withheld": withheld,
    }
    severity = Severity.HIGH if withheld and times > 1 else Severity.MEDIUM
    return [Hit(severity, tuple(line.source for line in lines[-3:]), facts, last.interaction.at.date())]


def urgent_request_unanswered(case: Case) -> list[Hit]:
    """The customer asked for something urgently and has heard nothing since."""
    signals = case.stage.urgency_signals if case.stage else ()
    urgent = [signal for signal in signals if _REQUEST.search(signal.quote)]
    last = max(urgent, key=lambda signal: (signal.at, signal.evidence), default=None)
    age = (case.today - last.at.date()).days if last else 0
    if last is None or not URGENT_UNANSWERED_DAYS <= age <= URGENT_DAYS or not _is_unanswered(case, last):
        return []
    facts: dict[str, object] = {"at": last.at.date(), "days": age, "quote": _said(last.quote)}
    severity = Severity.HIGH if age >= URGENT_GRAVE_DAYS and case.late_deals else Severity.MEDIUM
    return [Hit(severity, (last.evidence,), facts, last.at.date())]


_FINANCE = (Department.FINANCE,)
_SAID = (Input.STAGE, Input.INTERACTIONS)

RULES = (
    Rule("competitor_active", (Input.MARKET, Input.OPERATIONS), competitor_active),
    Rule("competitor_price_move", (Input.MARKET, Input.OPERATIONS), competitor_price_move, _FINANCE),
    Rule("open_objection", _SAID, open_objection),
    Rule("payment_terms_dispute", (Input.INTERACTIONS,), payment_terms_dispute, _FINANCE),
    Rule("urgent_request_unanswered", _SAID, urgent_request_unanswered),
)
