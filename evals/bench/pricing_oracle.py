"""What may be offered, decided a second time in plain Python from the raw records, to check the agents against.

It shares no code with `core.policy`: no rule engine, exact fractions, rules compared one by one.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from agents.operations import OperationsInput
from core.domain.products import PricingRule
from core.domain.views.proposals import Offer


class Oracle:
    """Judges offers made for one account."""

    def __init__(self, given: OperationsInput) -> None:
        self._given = given

    def faults(self, offer: Offer) -> list[str]:
        """What is wrong with the offer; empty when it is inside policy."""
        faults = []
        if not self._listed(offer):
            faults.append("the list price is in no valid record")
        rep, approved = self._limits(offer)
        listed, unit = Fraction(offer.list_price.amount), Fraction(offer.unit_price.amount)
        if unit < listed * (1 - approved):
            faults.append("below what approval may allow")
        if not (offer.needs_approval and offer.beyond_rep) and unit < listed * (1 - rep):
            faults.append("below what a rep may give")
        if unit > listed and unit - listed >= 1:
            faults.append("above the list price")
        if offer.unit_price.currency != offer.list_price.currency:
            faults.append("converted")
        if Fraction(offer.total.amount) != unit * offer.quantity:
            faults.append("the total is not price times quantity")
        return faults

    def _listed(self, offer: Offer) -> bool:
        today: date = self._given.today
        for price in self._given.prices or ():
            begun = price.valid_from is None or today >= price.valid_from
            over = price.valid_to is not None and today > price.valid_to
            enough = offer.quantity >= price.min_quantity
            same = price.product_id == offer.product_id and price.unit_price == offer.list_price
            if begun and not over and enough and same:
                return True
        products = self._given.products or ()
        return any(product.id == offer.product_id and product.list_price == offer.list_price for product in products)

    def _limits(self, offer: Offer) -> tuple[Fraction, Fraction]:
        rules = self._given.pricing_rules or ()
        limits = [limit for rule in rules for limit in (rule.max_discount_rep, rule.max_discount_approved)]
        family = next((product.family for product in self._given.products or () if product.id == offer.product_id), "?")
        if any(limit < 0 or limit > 1 for limit in limits) or family == "?":
            return Fraction(0), Fraction(0)
        matching = [rule for rule in rules if self._matches(rule, family, offer.quantity)]
        if not matching:
            return Fraction(0), Fraction(0)
        best = max(self._weight(rule) for rule in matching)
        return _strictest(rule for rule in matching if self._weight(rule) == best)

    def _matches(self, rule: PricingRule, family: str | None, quantity: int) -> bool:
        if rule.family is not None and (family is None or family.strip().lower() != rule.family.strip().lower()):
            return False
        wanted = rule.customer_class
        if wanted is not None and wanted.lower() != self._given.account.customer_class.lower():
            return False
        return quantity >= rule.min_quantity

    @staticmethod
    def _weight(rule: PricingRule) -> tuple[int, int]:
        """Family counts four, class two; then the higher minimum quantity."""
        return 4 * (rule.family is not None) + 2 * (rule.customer_class is not None), max(1, rule.min_quantity)


def _strictest(rules: Iterable[PricingRule]) -> tuple[Fraction, Fraction]:
    """Limits of the rule with the lowest approved discount; a rep never has more than approval."""
    pairs = [(Fraction(rule.max_discount_approved), Fraction(rule.max_discount_rep)) for rule in rules]
    approved, rep = min(pairs)
    return min(rep, approved), approved
