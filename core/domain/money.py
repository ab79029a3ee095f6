"""Amounts of money, and the one place where currencies are compared."""

from decimal import ROUND_HALF_UP, Decimal

from core.domain.base import Frozen

# Fixed planning rates, CNY per unit. They only bring amounts into one currency for policy thresholds and
# ranking; prices are never converted. Rounded from 2025 annual averages of the People's Bank of China.
_CNY_PER = {
    "CNY": Decimal(1),
    "USD": Decimal("7.19"),
    "EUR": Decimal("8.09"),
    "GBP": Decimal("9.45"),
    "JPY": Decimal("0.048"),
    "HKD": Decimal("0.92"),
    "SGD": Decimal("5.49"),
}


class Money(Frozen):
    """`amount` in major units of `currency` (ISO 4217)."""

    amount: Decimal
    currency: str = "CNY"

    def in_cny(self) -> Decimal | None:
        """The amount in CNY at the fixed planning rate, rounded to fen; None for an unknown currency."""
        rate = _CNY_PER.get(self.currency)
        if rate is None:
            return None
        return (self.amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def times(self, factor: Decimal | int) -> "Money":
        """The amount multiplied and rounded to the minor unit."""
        product = (self.amount * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Money(amount=product, currency=self.currency)


# Beyond this a figure is a slip of the keyboard, not a price or a deal; it is treated as not given.
_LARGEST = Decimal(10) ** 15


def plausible_money(money: Money | None) -> Money | None:
    """The amount if it can be a deal's or a price, else None."""
    return money if money is not None and 0 < money.amount < _LARGEST else None
