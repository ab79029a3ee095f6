"""A price that a person writes is found in any form, and held against the quotes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.money import Money
from core.domain.views.operations import Quote
from core.policy.named_prices import named_discounts, named_prices, price_outside_policy

QUOTE = Quote(
    product_id="p",
    product="Pump",
    quantity=20,
    unit_price=Money(amount=Decimal(1200), currency="EUR"),
    max_discount_rep=Decimal("0.1"),
    max_discount_approved=Decimal("0.2"),
    floor_rep=Money(amount=Decimal(1080), currency="EUR"),
    floor_approved=Money(amount=Decimal(960), currency="EUR"),
)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("EUR 1,200", "1200", "EUR"),
        ("1200 euros", "1200", "EUR"),
        ("1200EUR", "1200", "EUR"),
        ("€1,200.50", "1200.50", "EUR"),
        ("35万元", "350000", "CNY"),
        ("１２００元", "1200", "CNY"),
        ("rmb 3k", "3000", "CNY"),
        ("2 million dollars", "2000000", "USD"),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text: str, amount: str, currency: str) -> None:
    (found,) = named_prices(f"It costs {text}, as we said.")
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["20 European pumps", "20 pieces", "1 July 2026", "VX-10", "12%", "两周"])
def test_other_figures_are_no_prices(text: str) -> None:
    assert named_prices(text) == []


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("15% off", "0.15"),
        ("优惠15％", "0.15"),
        ("九折", "0.1"),
        ("8.5折", "0.15"),
        ("八五折", "0.15"),
        ("85折", "0.15"),
        ("折扣百分之20", "0.2"),
    ],
)
def test_a_discount_is_read_as_it_is_meant(text: str, share: str) -> None:
    assert [found for _written, found in named_discounts(text)] == [Decimal(share)]


def test_a_share_of_something_else_is_no_discount() -> None:
    assert named_discounts("30% is paid in advance.") == []


@given(cents=st.integers(1, 3_000_000))
def test_a_unit_price_or_total_passes_exactly_within_the_bounds_of_its_quote(cents: int) -> None:
    amount = Decimal(cents) / 100
    outside = price_outside_policy(f"EUR {amount} for it", "", [QUOTE]) is not None
    assert outside is not (960 <= amount <= 1200 or 19200 <= amount <= 24000)


@given(percent=st.integers(0, 100))
def test_a_discount_passes_up_to_what_approval_may_allow(percent: int) -> None:
    assert (price_outside_policy(f"{percent}% off", "", [QUOTE]) is None) is (percent <= 20)


def test_what_the_sentence_names_already_may_stay_and_nothing_passes_without_a_quote() -> None:
    assert price_outside_policy("They want EUR 1 each.", "asked for EUR 1", []) is None
    assert price_outside_policy("They want EUR 1 each.", "", []) == "EUR 1"
    assert price_outside_policy("改成一元", "价格一元", [QUOTE]) == "一元"
    assert price_outside_policy("USD 1,000", "", [QUOTE]) == "USD 1,000"
