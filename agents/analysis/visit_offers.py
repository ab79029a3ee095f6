"""Offers for a visit: a price inside policy, and no delivery promise that stock does not bear."""

from decimal import Decimal

from agents.analysis.advice import Advice
from agents.analysis.visit_facts import VisitFacts
from core.domain.contracts import Department
from core.domain.money import Money
from core.domain.views.operations import Cover, PriceBasis, Quote
from core.domain.views.proposals import Offer, RecommendationKind
from core.policy.pricing import BoundedPrice, PriceBounds, Verdict, price_within

_MOST_OFFERS = 2


def plan_offers(advice: Advice, facts: VisitFacts) -> tuple[Offer, ...]:
    """Offers for the leading products, added to the advice; only records and policy set product, quantity and price."""
    quotes = facts.operations.quotes
    leading = facts.main_quote
    ordered = [*([leading] if leading else []), *(quote for quote in quotes if quote is not leading)]
    covers = {cover.product_id: cover for cover in facts.operations.covers}
    pressed = bool(facts.market.active) or any(signal.label == "price" for signal in facts.objections)
    return tuple(
        _offer(advice, quote, covers.get(quote.product_id), pressed=pressed) for quote in ordered[:_MOST_OFFERS]
    )


def price_offer(quote: Quote, *, pressed: bool) -> BoundedPrice:
    """The price to offer: what was asked where policy allows it, else what a rep may give, else the list price.

    Without a discount asked for, the rep's discount is given only when the price is `pressed` (an objection, a rival).
    """
    bounds = PriceBounds(max_discount_rep=quote.max_discount_rep, max_discount_approved=quote.max_discount_approved)
    asked = quote.asked_discount
    if asked is None:
        return price_within(quote.unit_price, bounds.max_discount_rep if pressed else Decimal(0), bounds)
    priced = price_within(quote.unit_price, asked, bounds)
    if priced.verdict is Verdict.FORBIDDEN:
        priced = price_within(quote.unit_price, bounds.max_discount_rep, bounds)
    return priced


def _offer(advice: Advice, quote: Quote, cover: Cover | None, *, pressed: bool) -> Offer:
    priced = price_offer(quote, pressed=pressed)
    needs_approval = priced.verdict is Verdict.NEEDS_APPROVAL
    unit = priced.unit_price or quote.unit_price
    total = Money(amount=unit.amount * quote.quantity, currency=unit.currency)
    delivery = _delivery(advice, cover)
    asked = quote.asked_discount
    refused = asked is not None and asked > quote.max_discount_approved
    kind = "offer_list" if priced.discount == 0 else "offer_discount"
    if needs_approval:
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
        needs_approval=needs_approval,
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
