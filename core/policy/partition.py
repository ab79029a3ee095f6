"""The cases that a table tells apart: one for every cell that its limits and names cut out of all facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from core.domain.effects import EffectFacts
from core.domain.payloads import Operation
from core.policy.effects import EffectRule
from core.policy.findings import Case, case_of
from core.text import normalise_name

_FEN = Decimal("0.01")
_POINT = Decimal("0.0001")
_ZERO = Decimal(0)
_AXES = ("amount_cny", "discount", "region", "customer_class")


@dataclass(frozen=True, slots=True)
class Cell:
    """One case, and which facts the table asks about at all."""

    facts: EffectFacts
    asked: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether every fact that is asked about is there."""
        return all(getattr(self.facts, name) is not None for name in self.asked)

    @property
    def words(self) -> Case:
        """The case in words."""
        return case_of(self.facts, self.asked)


class Partition:
    """The cells of one operation under the `rules` that concern it.

    Amounts are from zero on, discounts from 0 to 1: around every limit the last step before it, the limit and the
    first step after it. Names are those that a rule mentions, and one that none does. Each fact may be unknown, too.
    """

    def __init__(self, operation: Operation, rules: tuple[EffectRule, ...]) -> None:
        self._operation = operation
        self._amounts = _points((limit for rule in rules for limit in (rule.min_amount, rule.max_amount)), _FEN, None)
        limits = (limit for rule in rules for limit in (rule.min_discount, rule.max_discount))
        self._discounts = _points(limits, _POINT, Decimal(1))
        self._regions = _names(rule.region for rule in rules)
        self._classes = _names(rule.customer_class for rule in rules)

    def __len__(self) -> int:
        return len(self._amounts) * len(self._discounts) * len(self._regions) * len(self._classes)

    def __iter__(self) -> Iterator[Cell]:
        sizes = (len(self._amounts), len(self._discounts), len(self._regions), len(self._classes))
        asked = frozenset(name for name, size in zip(_AXES, sizes, strict=True) if size > 1)
        for amount, discount, region, customer_class in product(
            self._amounts, self._discounts, self._regions, self._classes
        ):
            facts = EffectFacts(
                operation=self._operation,
                amount_cny=amount,
                discount=discount,
                region=region,
                customer_class=customer_class,
            )
            yield Cell(facts, asked)


def _points(limits: Iterable[Decimal | None], step: Decimal, most: Decimal | None) -> list[Decimal | None]:
    """Known points first; only the unknown one where there is no limit."""
    cut = {limit for limit in limits if limit is not None}
    if not cut:
        return [None]
    around = {point for limit in cut for point in (limit - step, limit, limit + step)} | {_ZERO}
    return [*sorted(point for point in around if point >= 0 and (most is None or point <= most)), None]


def _names(names: Iterable[str | None]) -> list[str | None]:
    named = {normalise_name(name): name for name in names if name is not None}
    if not named:
        return [None]
    other = "other"
    while other in named:
        other += "+"
    return [*(named[key] for key in sorted(named)), other, None]
