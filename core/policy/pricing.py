"""How far a price may go down."""

from decimal import ROUND_UP, Decimal, localcontext
from functools import lru_cache

from core.domain.base import Frozen
from core.domain.effects import Verdict
from core.domain.money import Money
from core.domain.products import PricingRule
from core.policy.decision import (
    ANY_CODE,
    OTHER_CODE,
    Cell,
    Decision,
    PolicyError,
    Row,
    Table,
    build_decision,
    code_names,
    code_of,
)
from core.policy.units import LARGEST

_FIELDS = ("family", "customer_class", "quantity")
_NONE = Decimal(0)
_MINOR_UNIT = Decimal("0.01")
_NO_MINOR_UNIT = frozenset({"JPY", "KRW", "VND"})


class PriceBounds(Frozen):
    """Discounts as fractions.

    Up to `max_discount_rep` a rep may give alone, up to `max_discount_approved` with approval. `rules` are
    the ids of the rules that say so; without a rule there is no discount.
    """

    max_discount_rep: Decimal = _NONE
    max_discount_approved: Decimal = _NONE
    rules: tuple[str, ...] = ()
    play: str | None = None
    play_zh: str | None = None


class BoundedPrice(Frozen):
    """A unit price with what policy says to it; a forbidden discount has no price."""

    verdict: Verdict
    discount: Decimal
    unit_price: Money | None = None


def price_bounds(
    rules: tuple[PricingRule, ...], family: str | None, customer_class: str, quantity: int | None
) -> PriceBounds:
    """The bounds that the most specific matching rule sets; zero when none matches.

    A rule naming the family beats one naming the class, which beats one with a higher minimum quantity; between equals
    the stricter wins. An unknown quantity counts as one piece. Raises PolicyError when a rule cannot be applied.
    """
    decision, ordered, families, classes = _compiled(rules)
    rows = decision.rows_for(
        {
            "family": code_of(family, families, unknown=OTHER_CODE),
            "customer_class": code_of(customer_class, classes, unknown=OTHER_CODE),
            "quantity": max(1, min(quantity or 1, LARGEST)),
        }
    )
    if not rows:
        return PriceBounds()
    rule = ordered[rows[0]]
    return PriceBounds(
        max_discount_rep=min(rule.max_discount_rep, rule.max_discount_approved),
        max_discount_approved=rule.max_discount_approved,
        rules=(rule.id,),
        play=rule.play,
        play_zh=rule.play_zh,
    )


def price_within(list_price: Money, discount: Decimal, bounds: PriceBounds) -> BoundedPrice:
    """`list_price` less `discount`, rounded up to the minor unit so that rounding never goes below a floor.

    A discount below zero counts as zero. Beyond what approval may allow there is no price.
    """
    wanted = max(_NONE, discount)
    if wanted > bounds.max_discount_approved:
        return BoundedPrice(verdict=Verdict.FORBIDDEN, discount=wanted)
    unit = Decimal(1) if list_price.currency in _NO_MINOR_UNIT else _MINOR_UNIT
    with localcontext(prec=60):
        amount = (list_price.amount * (1 - wanted)).quantize(unit, ROUND_UP)
    verdict = Verdict.ALLOWED if wanted <= bounds.max_discount_rep else Verdict.NEEDS_APPROVAL
    return BoundedPrice(verdict=verdict, discount=wanted, unit_price=Money(amount=amount, currency=list_price.currency))


def _precedence(rule: PricingRule) -> tuple[bool, bool, int, Decimal, Decimal, str]:
    return (
        rule.family is None,
        rule.customer_class is None,
        -max(1, rule.min_quantity),
        rule.max_discount_approved,
        rule.max_discount_rep,
        rule.id,
    )


@lru_cache(maxsize=64)
def _compiled(
    rules: tuple[PricingRule, ...],
) -> tuple[Decision, tuple[PricingRule, ...], dict[str, int], dict[str, int]]:
    for rule in rules:
        if not (0 <= rule.max_discount_rep <= 1 and 0 <= rule.max_discount_approved <= 1):
            raise PolicyError(f"pricing rule {rule.id}: a discount limit is a fraction between 0 and 1")
    ordered = tuple(sorted(rules, key=_precedence))
    families = code_names(rule.family for rule in rules)
    classes = code_names(rule.customer_class for rule in rules)
    rows = tuple(_row(rule, families, classes) for rule in ordered)
    return build_decision(Table("pricing", "first", _FIELDS, rows)), ordered, families, classes


def _row(rule: PricingRule, families: dict[str, int], classes: dict[str, int]) -> Row:
    least = max(1, min(rule.min_quantity, LARGEST))
    return (_is(rule.family, families), _is(rule.customer_class, classes), Cell(f">= {least}", least))


def _is(name: str | None, codes: dict[str, int]) -> Cell | None:
    if name is None:
        return None
    code = code_of(name, codes, unknown=ANY_CODE)
    return Cell(str(code), code)
