"""Offers over generated deals stay inside policy, and the oracle that says so would notice if they did not."""

from decimal import Decimal

import pytest

from core.domain.money import Money
from core.domain.products import PricingRule
from core.domain.views.proposals import Offer
from core.policy.pricing import price_bounds
from evals.bench.pricing import main, measure, offers_for
from evals.bench.pricing_cases import generate
from evals.bench.pricing_oracle import Oracle
from tests.unit.agents.business import operations_input


def pump_offer() -> Offer:
    return offers_for(operations_input(), pressed=True)[0]


def test_no_offer_over_generated_deals_is_outside_policy() -> None:
    result = measure(250, seed=11)
    assert result.deals == 250
    assert result.offers > 150
    assert result.outside_policy == 0


def test_the_same_seed_gives_the_same_deals() -> None:
    assert list(generate(20, 3)) == list(generate(20, 3))
    assert list(generate(20, 3)) != list(generate(20, 4))


def test_the_bench_reports_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--deals", "10", "--json"]) == 0
    assert '"outside_policy": 0' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"unit_price": "21599.99"}, "below what approval may allow"),
        ({"unit_price": "22799.99", "needs_approval": False}, "below what a rep may give"),
        ({"list_price": "20000"}, "the list price is in no valid record"),
        ({"list_price": "25500"}, "the list price is in no valid record"),
        ({"unit_price": "24001"}, "above the list price"),
        ({"total": "1"}, "the total is not price times quantity"),
    ],
)
def test_the_oracle_refuses_an_offer_that_was_tampered_with(changes: dict[str, object], fault: str) -> None:
    offer, oracle = pump_offer(), Oracle(operations_input())
    assert oracle.faults(offer) == []
    prices = {name: Money(amount=Decimal(each)) for name, each in changes.items() if isinstance(each, str)}
    assert fault in oracle.faults(offer.model_copy(update=changes | prices))


def test_the_oracle_and_the_decision_table_agree_on_precedence() -> None:
    for given in generate(120, 5):
        rules: tuple[PricingRule, ...] = given.pricing_rules or ()
        if any(rule.max_discount_rep > 1 for rule in rules):
            continue
        for offer in offers_for(given, pressed=True):
            product = next((each for each in given.products or () if each.id == offer.product_id), None)
            if product is None:
                continue
            bounds = price_bounds(rules, product.family, given.account.customer_class, offer.quantity)
            lowest = offer.list_price.amount * (1 - bounds.max_discount_approved)
            assert offer.unit_price.amount >= lowest
            at_the_limit = offer.model_copy(
                update={
                    "unit_price": Money(amount=lowest - Decimal("0.01"), currency=offer.list_price.currency),
                    "needs_approval": True,
                }
            )
            assert "below what approval may allow" in Oracle(given).faults(at_the_limit)
