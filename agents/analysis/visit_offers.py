"""Offers for a visit: a price inside policy, and no delivery promise that stock does not bear."""

from agents.analysis.advice import Advice
from agents.analysis.price_quotes import offered_price
from agents.analysis.visit_facts import VisitFacts
from core.domain.contracts import Department
from core.domain.effects import Verdict
from core.domain.money import Money
from core.domain.views.operations import Cover, PriceBasis, Quote
from core.domain.views.proposals import Offer, RecommendationKind

_MOST_OFFERS = 2


def plan_offers(advice: Advice, facts: VisitFacts) -> tuple[Offer, ...]:
    """Offers for the leading products, added to the advice; only records and policy set product, quantity and price."""
    quotes = facts.operations.quotes
    leading = facts.main_quote
    ordered = [*([leading] if leading else []), *(quote for quote in quotes if quote is not leading)]
    covers = {cover.product_id: cover for cover in facts.operations.covers}
    return tuple(_offer(advice, quote, covers.get(quote.product_id)) for quote in ordered[:_MOST_OFFERS])


def _offer(advice: Advice, quote: Quote, cover: Cover | None) -> Offer:
    priced = offered_price(quote)
    beyond_rep = priced.verdict is Verdict.NEEDS_APPROVAL
    unit = priced.unit_price or quote.unit_price
    total = Money(amount=unit.amount * quote.quantity, currency=unit.currency)
    delivery = _delivery(advice, cover)
    asked = quote.asked_discount
    refused = asked is not None and asked > quote.max_discount_approved
    kind = "offer_list" if priced.discount == 0 else "offer_discount"
    if beyond_rep:
        kind = "offer_approval"
    elif refused:
        kind = "offer_refused"
    departments = [Department.FINANCE, Department.SUPPLY_CHAIN]
    added = advice.add(
        RecommendationKind.OFFER,
        kind,
        [*quote.evidence[:3], *(cover.evidence[:3] if cover else ())],
        departments=departments,
        product=quote.product,
        quantity=quote.quantity,
        price=unit,
        total=total,
        discount=priced.discount,
        asked=asked,
        limit=quote.max_discount_approved,
        rep=quote.max_discount_rep,
        floor_rep=quote.floor_rep,
        delivery=delivery,
        approvers=list(quote.approvers),
        known=quote.limits_known,
        confirm=quote.basis is PriceBasis.CATALOGUE,
    )
    return Offer(
        product_id=quote.product_id,
        product=quote.product,
        quantity=quote.quantity,
        list_price=quote.unit_price,
        unit_price=unit,
        total=total,
        needs_approval=beyond_rep or bool(quote.approvers),
        beyond_rep=beyond_rep,
        claim=added.claim,
    )


def _delivery(advice: Advice, cover: Cover | None) -> str:
    if cover is None or cover.needed == 0:
        return advice.say("delivery_unknown")
    if cover.short_by == 0:
        return advice.say("delivery_stock", available=cover.available)
    if cover.ready_on is None:
        return advice.say("delivery_open", available=cover.available)
    return advice.say("delivery_from", available=cover.available, from_day=cover.ready_on)
