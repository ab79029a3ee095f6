"""Discounts and other shares as fractions taken off: what a percent sign, a bare number and 折 mean in a column."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from connectors.exports.numbers import NumberError, parse_number

_HALF, _ONE, _TEN, _FIFTY = Decimal("0.5"), Decimal(1), Decimal(10), Decimal(50)
_HAN_DIGITS = {char: str(digit) for digit, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_ZHE = re.compile(r"(\d{1,2}(?:\.\d{1,3})?|[〇零一二三四五六七八九十]{1,2})\s*折")
_PERCENT = re.compile(r"[%％]|percent|\bpct\b|百分", re.IGNORECASE)
# A ceiling or a reduction says what is taken off; 折扣 alone says what is left to pay.
_TAKEN_OFF = re.compile(r"上限|下限|最[大高低小]|起点|起始|降|优惠|让利|减")
_PAID_REMEDY = "write what is taken off, such as 5%, or what is paid, such as 9.5折"
_SIGN_REMEDY = "write the percent sign, such as 5%, or put % in the heading"


@dataclass(frozen=True, slots=True)
class ShareColumn:
    """How one column writes its shares; `say` takes notes on what was assumed."""

    heading: str
    of_hundred: bool
    paid: bool
    limit: bool
    signed: bool
    bare: tuple[Decimal, ...]
    say: Callable[[str], None]
    decimal_comma: bool = False

    def parse(self, text: str) -> Decimal:
        """The share as a fraction taken off: `12%` is 0.12, `8折` (pay eight tenths) is 0.2.

        Raises NumberError outside 0–100 %, and where two readings far apart are both plausible.
        """
        cleaned = text.strip().replace("％", "%")
        if zhe := _ZHE.fullmatch(cleaned):
            share = 1 - _paid_share(zhe[1])
        else:
            signed = cleaned.endswith("%")
            number = parse_number(cleaned.removesuffix("%"), decimal_comma=self.decimal_comma)
            share = self._signed(number) if signed or self.of_hundred else self._bare(number)
        if not 0 <= share <= 1:
            raise NumberError(f"“{text}” is outside 0–100 %")
        return share

    def _signed(self, number: Decimal) -> Decimal:
        if "折" in self.heading and _FIFTY <= number <= 100:
            raise NumberError(f"{number} % may be taken off or be paid: {_PAID_REMEDY}")
        return number / 100

    def _bare(self, number: Decimal) -> Decimal:
        if number == 0:
            return number
        return self._bare_paid(number) if self.paid else self._bare_off(number)

    def _bare_off(self, number: Decimal) -> Decimal:
        if any(value > 1 for value in self.bare):
            return self._signed(number)
        if self.limit or self.signed:
            raise NumberError(f"“{number}” may be a fraction or a percentage: {_SIGN_REMEDY}")
        self.say(f"“{self.heading}” read as fractions, 0.05 being 5 %: no value is above 1")
        return number

    def _bare_paid(self, number: Decimal) -> Decimal:
        """A bare number under 折扣: 0.95 and 9.5 are what is paid, 12 and 0.05 what is taken off."""
        shares = any(_HALF < value <= 1 for value in self.bare)
        tenths = any(_ONE < value < _TEN for value in self.bare)
        percentages = any(_TEN < value < _FIFTY for value in self.bare)
        if _HALF < number <= 1 and not percentages:
            self.say(f"“{self.heading}” read as the share that is paid: 0.95 is 5 % off")
            return 1 - number
        if _TEN / 2 <= number < _TEN and not percentages:
            self.say(f"“{self.heading}” read as 折: 8.5 is 15 % off")
            return 1 - number / 10
        if _TEN < number < _FIFTY and not tenths:
            self.say(f"“{self.heading}” read as percentages taken off: 12 is 12 % off")
            return number / 100
        if 0 < number <= _HALF and not (shares or tenths or percentages):
            self.say(f"“{self.heading}” read as fractions taken off: 0.05 is 5 % off")
            return number
        raise NumberError(f"“{number}” may be taken off or be paid: {_PAID_REMEDY}")


def share_column(
    heading: str,
    cells: Sequence[str],
    say: Callable[[str], None],
    *,
    described: str = "",
    limit: bool = False,
    decimal_comma: bool = False,
) -> ShareColumn:
    """How the column of these cells writes shares; `limit` for the bounds of rules, where a guess is dangerous."""
    bare: list[Decimal] = []
    for cell in cells:
        with suppress(NumberError):
            bare.append(parse_number(cell, decimal_comma=decimal_comma))
    return ShareColumn(
        heading=heading,
        of_hundred=_PERCENT.search(f"{heading} {described}") is not None,
        paid="折" in heading and not limit and _TAKEN_OFF.search(heading) is None,
        limit=limit,
        signed=any(cell.rstrip().endswith(("%", "％")) for cell in cells),
        bare=tuple(bare),
        say=say,
        decimal_comma=decimal_comma,
    )


def _paid_share(number: str) -> Decimal:
    """What is still paid: 8 → 0.8, 85 → 0.85, 8.5 → 0.85, 九五 → 0.95, 10 → 1."""
    if number in ("十", "10"):
        return _ONE
    digits = "".join(_HAN_DIGITS.get(char, char) for char in number)
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise NumberError(f"“{number}折” is not a discount") from None
    paid = value / (100 if "." not in digits and len(digits) > 1 else 10)
    if not 0 < paid <= 1:
        raise NumberError(f"“{number}折” is outside 0–100 %")
    return paid
