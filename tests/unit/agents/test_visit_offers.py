"""Offers of the proposal agent: never below the floor, no delivery date that stock does not bear."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.proposal import run
from agents.spec import AgentOutput
from core.domain.contracts import Department
from core.domain.money import Money
from core.domain.views.operations import OperationsView, Quote
from core.domain.views.proposals import Offer, ProposalsView, RecommendationKind
from core.language import Lang
from tests.unit.agents.business import APPROVALS, DEAL, STOCK, approval, cny
from tests.unit.agents.visit import proposal_input

EVERYTHING = proposal_input()
FRACTIONS = st.decimals(0, 1, places=5)


def of(output: AgentOutput[ProposalsView], kind: RecommendationKind) -> list[str]:
    return [each.text for each in output.view.recommendations if each.kind is kind]


def claims(output: AgentOutput[ProposalsView], phrase: str) -> list[str]:
    return [claim.text for claim in output.claims if claim.kind == f"proposal.{phrase}"]


def test_an_asked_discount_within_approval_is_offered_as_needing_approval() -> None:
    output = run(proposal_input())
    offer = output.view.offers[0]
    assert (offer.unit_price, offer.total, offer.needs_approval) == (cny("22080.00"), cny("883200.00"), True)
    assert of(output, RecommendationKind.OFFER)[0].startswith("Once approved, offer 40 × Pulse pump P-100")
    assert "Tom Hale, Ines Kost and Ruo Bai" in claims(output, "next_approval")[0]


@pytest.mark.parametrize(
    ("asked", "price", "beyond_rep"),
    [
        (None, "24000.00", False),
        ("0.03", "23280.00", False),
        ("0.05", "22800.00", False),
        ("0.1", "21600.00", True),
        ("0.1001", "22800.00", False),
        ("0.9", "22800.00", False),
    ],
)
def test_the_offer_is_what_was_asked_where_policy_allows_it(asked: str | None, price: str, beyond_rep: bool) -> None:  # noqa: FBT001
    deal = DEAL.model_copy(update={"discount": Decimal(asked) if asked else None})
    output = run(proposal_input(records={"opportunities": (deal,)}))
    offer = output.view.offers[0]
    assert (offer.unit_price, offer.beyond_rep) == (cny(price), beyond_rep)


@pytest.mark.parametrize("lang", Lang)
def test_a_discount_nobody_asked_for_is_a_fallback_and_one_beyond_policy_gets_a_counter_offer(lang: Lang) -> None:
    def offer(asked: str | None) -> str:
        deal = DEAL.model_copy(update={"discount": Decimal(asked) if asked else None})
        return of(run(proposal_input(lang, records={"opportunities": (deal,)})), RecommendationKind.OFFER)[0]

    assert ("as a fallback" if lang is Lang.EN else "留作后手") in offer(None)
    assert ("Counter-offer: 40" if lang is Lang.EN else "还价：脉冲泵") in offer("0.9")


def test_an_offer_at_list_price_needs_approval_when_the_size_of_the_deal_does() -> None:
    def offered(**changes: Any) -> Offer:
        deal = DEAL.model_copy(update={"discount": None})
        return run(proposal_input(records={"opportunities": (deal,)} | changes)).view.offers[0]

    assert offered().needs_approval
    assert not offered(approval_rules=(APPROVALS[0], APPROVALS[1])).needs_approval
    # The CRM's amount is below what the offer comes to: 40 x 24,000.
    rule = approval("from-950k", 1, Department.SALES, "Tom Hale", min_amount=Decimal(950_000))
    small = DEAL.model_copy(update={"discount": None, "amount": cny("10000")})
    assert offered(approval_rules=(rule,), opportunities=(small,)).needs_approval


def test_while_limits_are_unknown_the_list_price_is_offered_and_no_discount_promised() -> None:
    output = run(proposal_input(records={"pricing_rules": None}))
    assert output.view.offers[0].unit_price == cny("24000.00")
    assert "promise none" in of(output, RecommendationKind.OFFER)[0]


def test_a_short_product_is_promised_for_the_day_it_is_ready_and_not_before() -> None:
    short = of(run(proposal_input()), RecommendationKind.OFFER)[0]
    assert "complete delivery from 20 March 2026 on, not earlier" in short
    dateless = tuple(line.model_copy(update={"incoming_on": None, "lead_time_days": None}) for line in STOCK)
    undated = of(run(proposal_input(records={"stock": dateless})), RecommendationKind.OFFER)[0]
    assert "promise none" in undated
    untracked = of(run(proposal_input(records={"stock": ()})), RecommendationKind.OFFER)[0]
    assert "Name no delivery date" in untracked


@settings(max_examples=200, deadline=None)
@given(
    price=st.decimals("0.01", "1e12", places=3),
    quantity=st.integers(1, 10**9),
    limits=st.tuples(FRACTIONS, FRACTIONS),
    asked=st.one_of(st.none(), st.decimals("0.00001", 10, places=5)),
    currency=st.sampled_from(["CNY", "EUR", "JPY", "XYZ"]),
)
def test_no_offer_is_ever_below_the_floor(
    price: Decimal, quantity: int, limits: tuple[Decimal, Decimal], asked: Decimal | None, currency: str
) -> None:
    rep, approved = sorted(limits)
    listed = Money(amount=price, currency=currency)
    quote = Quote(
        product_id="P",
        product="Pump",
        quantity=quantity,
        unit_price=listed,
        max_discount_rep=rep,
        max_discount_approved=approved,
        floor_rep=listed,
        floor_approved=listed,
        asked_discount=asked,
        evidence=("erp:price:1",),
    )
    (offer,) = run(EVERYTHING.model_copy(update={"operations": OperationsView(quotes=(quote,))})).view.offers
    floor = price * (1 - approved)
    assert offer.unit_price.amount >= floor
    assert offer.needs_approval or offer.unit_price.amount >= price * (1 - rep)
    assert offer.total.amount == offer.unit_price.amount * quantity
