"""The demo's pricing rules and its approval rules tell one story."""

import csv
from decimal import Decimal

import pytest

from demo.policy import APPROVAL_RULES, PRICING_HEADINGS, pricing_rules


def approvals_by_discount(customer_class: str) -> list[Decimal]:
    """Limits in per cent from which somebody must approve a discount to this class, lowest first."""
    with APPROVAL_RULES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return sorted(
        Decimal(row["Min Discount %"])
        for row in rows
        if row["Min Discount %"] and row["Customer Class"] in ("", customer_class)
    )


@pytest.mark.parametrize("customer_class", ["A", "B", "C"])
def test_approval_of_a_discount_begins_right_where_the_rep_must_stop(customer_class: str) -> None:
    rules = [dict(zip(PRICING_HEADINGS, row, strict=True)) for row in pricing_rules()]
    reps = {Decimal(rule["Max Discount % (rep)"]) for rule in rules if rule["Customer Class"] == customer_class}
    assert reps == {approvals_by_discount(customer_class)[0] - Decimal("0.01")}
