"""The commercial approach that the pricing rules provide for a deal."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.analysis.fit import foremost, shared_families
from core.domain.accounts import Account
from core.domain.products import PricingRule, Product
from core.domain.views.operations import DealView
from core.text import normalise_name


@dataclass(frozen=True, slots=True)
class Play:
    """A rule that names a play, and the deal it applies to (None when it applies to the visit as such)."""

    rule: PricingRule
    deal: DealView | None
    family: str | None

    @property
    def conditions(self) -> int:
        """How many conditions the rule has."""
        rule = self.rule
        return sum((rule.family is not None, rule.customer_class is not None, rule.min_quantity > 1))


def _applies(rule: PricingRule, account: Account, family: str | None, quantity: int) -> bool:
    classes = {normalise_name(rule.customer_class or ""), normalise_name(account.customer_class)}
    return (
        (rule.family is None or bool(family and shared_families((rule.family,), (family,))))
        and (rule.customer_class is None or len(classes) == 1)
        and quantity >= rule.min_quantity
    )


def find_play(
    rules: Iterable[PricingRule],
    account: Account,
    deals: Iterable[DealView],
    products: Iterable[Product],
    families: Iterable[str],
) -> Play | None:
    """The matching rule with most conditions that names a play; of equals, the foremost deal's, then the highest step.

    An unknown quantity counts as one piece.
    """
    family_of = {product.id: product.family for product in products}
    cases: list[tuple[DealView | None, str | None, int]] = [
        (deal, family_of.get(deal.product_id or ""), deal.quantity or 1) for deal in foremost(deals)
    ]
    cases += [(None, family, 1) for family in families] + [(None, None, 1)]
    ranked = [
        (Play(rule, deal, family), place)
        for rule in rules
        if (rule.play or rule.play_zh or "").strip()
        for place, (deal, family, quantity) in enumerate(cases)
        if _applies(rule, account, family, quantity)
    ]
    best = max(
        ranked, key=lambda one: (one[0].conditions, -one[1], one[0].rule.min_quantity, one[0].rule.id), default=None
    )
    return best[0] if best else None
