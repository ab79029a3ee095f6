"""Whole numbers for exact comparison: fen for money, basis points for discounts."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# The rule engine compares whole numbers exactly below 10^18.
LARGEST = 10**17
_BASIS_POINTS = 10_000


def at_least(value: Decimal, per_unit: int) -> int:
    """`value` in the small unit, rounded down: the safe form of a lower limit."""
    return _whole(value, per_unit, ROUND_FLOOR)


def at_most(value: Decimal, per_unit: int) -> int:
    """`value` in the small unit, rounded up: the safe form of an upper limit."""
    return _whole(value, per_unit, ROUND_CEILING)


def fen_below(amount: Decimal) -> int:
    """CNY as fen, rounded down."""
    return at_least(amount, 100)


def fen_above(amount: Decimal) -> int:
    """CNY as fen, rounded up."""
    return at_most(amount, 100)


def points_below(discount: Decimal) -> int:
    """A fraction as basis points, rounded down."""
    return at_least(discount, _BASIS_POINTS)


def points_above(discount: Decimal) -> int:
    """A fraction as basis points, rounded up."""
    return at_most(discount, _BASIS_POINTS)


def _whole(value: Decimal, per_unit: int, rounding: str) -> int:
    limit = Decimal(LARGEST)
    bounded = max(-limit, min(limit, value))
    return max(-LARGEST, min(LARGEST, int((bounded * per_unit).to_integral_value(rounding))))
