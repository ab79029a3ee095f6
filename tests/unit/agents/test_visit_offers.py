"""Offers of the proposal agent: never below the floor, no delivery date that stock does not bear."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.proposal import run
from agents.spec import AgentOutput
from core.domain.money import Money
from core.domain.views.operations import OperationsView, Quote
from core.domain.views.proposals import ProposalsView, RecommendationKind
from core.domain.views.stage import BuyingStage
from tests.unit.agents.business import DEAL, STOCK, cny
from tests.unit.agents.visit import proposal_input, stage

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
    ("asked", "pressed", "price", "approval"),
    [
        (None, True, "22800.00", False),
        (None, False, "24000.00", False),
        ("0.03", True, "23280.00", False),
        ("0.05", True, "22800.00", False),
        ("0.1", True, "21600.00", True),
        ("0.1001", True, "22800.00", False),
        ("0.9", False, "22800.00", False),
    ],
)
def test_the_offer_is_what_policy_allows(asked: str | None, pressed: bool, price: str, approval: bool) -> None:  # noqa: FBT001
    deal = DEAL.model_copy(update={"discount": Decimal(asked) if asked else None})
    changes: dict[str, Any] = {} if pressed else {"stage": stage(BuyingStage.DECISION), "market": None}
    output = run(proposal_input(records={"opportunities": (deal,)}, **changes))
    offer = output.view.offers[0]
    assert (offer.unit_price, offer.needs_approval) == (cny(price), approval)


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
