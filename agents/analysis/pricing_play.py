"""The commercial approach that the pricing rules provide for a deal."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.analysis.fit import shared_families
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
    def specificity(self) -> tuple[int, int, int]:
        """Number of conditions met, then the quantity step, then the deal's size in pieces."""
        rule = self.rule
        conditions = sum((rule.family is not None, rule.customer_class is not None, rule.min_quantity > 1))
        return conditions, rule.min_quantity, (self.deal.quantity or 0) if self.deal else 0


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
    """The most specific matching rule that names a play; an unknown quantity counts as one piece."""
    family_of = {product.id: product.family for product in products}
    cases: list[tuple[DealView | None, str | None, int]] = [
        (deal, family_of.get(deal.product_id or ""), deal.quantity or 1) for deal in deals
    ]
    cases += [(None, family, 1) for family in families] + [(None, None, 1)]
    plays = [
        Play(rule, deal, family)
        for rule in rules
        if (rule.play or rule.play_zh or "").strip()
        for deal, family, quantity in cases
        if _applies(rule, account, family, quantity)
    ]
    return max(plays, key=lambda play: (*play.specificity, play.deal is not None, play.rule.id), default=None)
