"""What a visit package suggests to write to the systems, derived by code; the write tools then check each of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from core.domain.base import Frozen
from core.domain.claims import Claim
from core.domain.contracts import Contract, Department
from core.domain.packages import Package, StockView
from core.domain.payloads import ActivityForm, Operation
from core.domain.views.operations import Quote
from core.domain.views.proposals import Offer, ProposalsView, RecommendationKind
from hub.rendering.labels import Labels, load_labels

_RECORD_WITHIN = timedelta(days=2)
_HOLD_FOR = timedelta(days=14)
_LONGEST_LINE = 300
_LONGEST_QUESTION = 4000
_CONTRACT = f"{Contract.system}:{Contract.kind}:"
_CLAUSE = "operations.clause"


class FollowUp(Frozen):
    """One write in the words of its tool; `kind` is unique within the run, and the same whenever it is asked."""

    kind: str
    operation: Operation
    args: dict[str, Any]


def follow_ups_of(package: Package, today: date) -> tuple[FollowUp, ...]:
    """Record the visit, set the next step of the leading deal, hold stock and draft quotes for the offers, ask legal.

    Deterministic. Sections that are missing suggest nothing.
    """
    return tuple(_all(package, today, load_labels(package.lang, "effects")))


def _all(package: Package, today: date, say: Labels) -> Iterator[FollowUp]:
    plan = package.sections.proposals.data
    stock = package.sections.stock.data or StockView()
    quotes = {quote.product_id: quote for quote in stock.quotes}
    yield _visit(package, plan, today, say)
    if plan is None:
        return
    leading = next((quotes[offer.product_id] for offer in plan.offers if offer.product_id in quotes), None)
    yield from _next_step(package, plan, leading)
    yield from _reservations(package, plan, stock, today)
    yield from _quotes(package, plan, quotes)
    yield from _legal(package, today, say)


def _visit(package: Package, plan: ProposalsView | None, today: date, say: Labels) -> FollowUp:
    """A visit that has been is logged; for one to come there is a task to record it."""
    if package.visit_on is not None and package.visit_on < today:
        at = f"{package.visit_on}T12:00:00Z"
        subject = _line(say("visit", purpose=package.purpose))
        args = {"form": ActivityForm.VISIT, "subject": subject, "text": plan.goal if plan else "", "at": at}
        return _follow(package, "visit", Operation.LOG_ACTIVITY, args)
    due = (package.visit_on or today) + _RECORD_WITHIN
    args = {"subject": _line(say("record_visit", purpose=package.purpose)), "due_on": due.isoformat()}
    return _follow(package, "visit", Operation.CREATE_TASK, args)


def _next_step(package: Package, plan: ProposalsView, leading: Quote | None) -> Iterator[FollowUp]:
    step = next((each for each in plan.recommendations if each.kind is RecommendationKind.NEXT_STEP), None)
    if step is not None:
        args = {"deal": leading.opportunity_id if leading else None, "next_step": _line(step.text)}
        yield _follow(package, "next_step", Operation.SET_NEXT_STEP, args)


def _reservations(package: Package, plan: ProposalsView, stock: StockView, today: date) -> Iterator[FollowUp]:
    quotes = {quote.product_id: quote for quote in stock.quotes}
    covers = {cover.product_id: cover for cover in stock.covers}
    until = max(package.visit_on or today, today) + _HOLD_FOR
    for offer in plan.offers:
        cover = covers.get(offer.product_id)
        if cover is not None and offer.quantity <= cover.available:
            args = {
                "deal": _deal_of(offer, quotes),
                "product": offer.product_id,
                "quantity": offer.quantity,
                "until": until.isoformat(),
            }
            yield _follow(package, f"reserve/{offer.product_id}", Operation.RESERVE_STOCK, args)


def _quotes(package: Package, plan: ProposalsView, quotes: dict[str, Quote]) -> Iterator[FollowUp]:
    """One quote per deal and currency, at the prices that the package offers."""
    lots: dict[tuple[str | None, str], list[Offer]] = {}
    for offer in plan.offers:
        lots.setdefault((_deal_of(offer, quotes), offer.unit_price.currency), []).append(offer)
    for (deal, currency), offers in lots.items():
        lines = [
            {"product": offer.product_id, "quantity": offer.quantity, "unit_price": str(offer.unit_price.amount)}
            for offer in offers
        ]
        args = {"deal": deal, "currency": currency, "lines": lines}
        yield _follow(package, f"quote/{deal or '-'}/{currency}", Operation.DRAFT_QUOTE, args)


def _legal(package: Package, today: date, say: Labels) -> Iterator[FollowUp]:
    """A review of each contract of which a claim for legal names a clause, with all that legal reads about it."""
    theirs = [claim for claim in package.claims if Department.LEGAL in claim.departments]
    contracts = dict.fromkeys(id_ for claim in theirs if claim.kind == _CLAUSE for id_ in _contracts_of(claim))
    before = (package.visit_on or today) - timedelta(days=1)
    for contract in contracts:
        points = [claim.text for claim in theirs if contract in _contracts_of(claim)]
        args = {
            "department": Department.LEGAL,
            "subject": _line(say("legal_review", purpose=package.purpose)),
            "question": "\n".join(points)[:_LONGEST_QUESTION],
            "contract": contract,
            "due_on": max(before, today + timedelta(days=1)).isoformat(),
        }
        yield _follow(package, f"legal/{contract}", Operation.OPEN_REVIEW, args)


def _contracts_of(claim: Claim) -> list[str]:
    return [cited.removeprefix(_CONTRACT) for cited in claim.evidence if cited.startswith(_CONTRACT)]


def _deal_of(offer: Offer, quotes: dict[str, Quote]) -> str | None:
    quote = quotes.get(offer.product_id)
    return quote.opportunity_id if quote else None


def _follow(package: Package, kind: str, operation: Operation, args: dict[str, Any]) -> FollowUp:
    given = {name: value for name, value in args.items() if value is not None}
    return FollowUp(kind=kind, operation=operation, args={"account": package.account_id, **given})


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
