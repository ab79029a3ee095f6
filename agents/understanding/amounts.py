"""Quantities, days, shares and sums of a request, by what they are needed for."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agents.planning.values.months import month_end
from agents.planning.values.periods import Period
from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sign, Sort
from agents.understanding.names import Kind
from core.domain.money import Money
from core.policy.countries import currency_of

_MANY = 1_000_000
_DOUBTFUL = 0.8
_THOSE = re.compile(r"\b(?:those|these|them|it|all)\b|这些|那些|它们|这几|那几|都", re.ASCII)


def number_of(value: Decimal) -> int | float:
    """A decimal as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def counts(frame: Frame) -> list[tuple[Sign, int]]:
    """The whole numbers of a request that may count pieces."""
    found = []
    for sign in frame.of(Sort.NUMBER):
        value = sign.value
        if isinstance(value, Decimal) and value == value.to_integral_value() and 1 <= value <= _MANY:
            found.append((sign, int(value)))
    return found


def put_quantity(frame: Frame, draft: Draft, slot: str = "quantity", *, needed: bool = False) -> None:
    """How many pieces: the number next to a product, else the first."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
        return
    found = [(sign, value) for sign, value in counts(frame) if sign.at not in draft.used]
    products = [sign.at for sign in frame.of(Kind.PRODUCT)]
    found.sort(key=lambda each: (min((abs(each[0].at - at) for at in products), default=0), each[0].at))
    if len({value for _, value in found}) > 1:
        draft.sure *= _DOUBTFUL
    if found:
        draft.put(slot, found[0][1], *(sign for sign, value in found if value == found[0][1]))
    elif needed and frame.focus.quantity and _THOSE.search(frame.wording):
        draft.put(slot, frame.focus.quantity)
    elif needed:
        draft.lack(slot)


def put_day(
    frame: Frame, draft: Draft, slot: str, *, needed: bool = False, last: bool = True, around: bool = False
) -> None:
    """A day, or of a stretch of days the last or the first; with `around` also one said elsewhere in the message."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
        return
    signs = [sign for sign in frame.of(Sort.DAY, Sort.SPAN) if sign.at not in draft.used]
    signs = signs or (frame.around(Sort.DAY) if around else [])
    signs.sort(key=lambda sign: (sign.sort is not Sort.DAY, sign.at))
    for sign in signs:
        day = day_of(sign, last=last)
        if day is not None:
            same = [each for each in signs if day_of(each, last=last) == day]
            draft.put(slot, day.isoformat(), *same)
            if len(signs) > len(same):
                draft.sure *= _DOUBTFUL
            return
    if needed:
        draft.lack(slot, options=_days_ahead(frame.today))


def _days_ahead(today: date) -> tuple[Option, ...]:
    """Days that are often meant: the next Friday, the one after it, the end of the month."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    days = sorted({friday, friday + timedelta(days=7), month_end(friday)})
    return tuple(Option(label=day.isoformat(), value=day.isoformat()) for day in days)


def day_of(sign: Sign, *, last: bool) -> date | None:
    """The day that a sign gives."""
    value = sign.value
    if isinstance(value, Period):
        return (value.last or value.first) if last else (value.first or value.last)
    return value if isinstance(value, date) else None


def put_share(frame: Frame, draft: Draft, slot: str = "discount") -> None:
    """A discount as a fraction."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
        return
    signs = frame.of(Sort.SHARE) or frame.around(Sort.SHARE)[:1]
    for sign in signs:
        if isinstance(sign.value, Decimal) and 0 < sign.value < 1:
            draft.put(slot, number_of(sign.value), sign)
            if len({each.value for each in signs}) > 1:
                draft.sure *= _DOUBTFUL
            return


def money_of(frame: Frame, draft: Draft) -> tuple[Sign, Money] | None:
    """A sum with its currency; a large number alone counts in the currency of the account's country."""
    for sign in frame.of(Sort.MONEY):
        if isinstance(sign.value, Money):
            return sign, sign.value
    account = frame.names.accounts.get(draft.account_id or "")
    for sign in frame.of(Sort.NUMBER):
        if isinstance(sign.value, Decimal) and sign.value >= 1000 and sign.at not in draft.used and account is not None:
            currency = currency_of(account.country)
            if currency is not None:
                return sign, Money(amount=sign.value, currency=currency)
    return None


def days_lasting(frame: Frame) -> tuple[Sign, int] | None:
    """A span of time in days."""
    for sign in frame.of(Sort.LASTING):
        if isinstance(sign.value, timedelta) and sign.value >= timedelta(days=1):
            return sign, sign.value.days
    for sign in frame.of(Sort.SPAN):
        if isinstance(sign.value, Period) and sign.value.first and sign.value.last == frame.today:
            return sign, (sign.value.last - sign.value.first).days
    return None


def json_money(money: Money) -> dict[str, Any]:
    """A sum as JSON."""
    return {"amount": number_of(money.amount), "currency": money.currency}
