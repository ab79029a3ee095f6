"""What a write will change, field by field, from nothing but its payload and the records it was resolved from."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from core.domain.effects import Change
from core.domain.money import Money
from core.domain.payloads import (
    DraftQuote,
    Payload,
    QuoteLine,
    RequestAmendment,
    ReserveStock,
    SetNextStep,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.products import StockLine

Names: TypeAlias = Mapping[tuple[str, str], str]

_NO_NAMES: Names = {}
# The account heads every preview; the operation is its title.
_NOT_SHOWN = frozenset({"account_id", "operation"})
# Control characters, of which terminals make commands, and those that turn the direction of writing.
_DECEIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def preview_of(
    payload: Payload,
    *,
    names: Names = _NO_NAMES,
    stock: StockLine | None = None,
    clause: str | None = None,
) -> tuple[Change, ...]:
    """Each field that the write sets, with what is there before (None: nothing) and after.

    An update shows exactly the fields that change, a new record all fields that it has. Amounts read `EUR 1200.00`,
    days are ISO, enumerated values are their codes, ids stand behind the name that `names` has for a field and an id.
    `stock` is the line before a reservation, `clause` the present wording of a clause to be amended. Characters that
    would hide or reorder others on a screen are shown as their codes, `\\u202e`.
    """
    match payload:
        case UpdateOpportunity() | UpdateContact():
            changes = [*_differences(payload)]
        case SetNextStep():
            changes = [Change(field="next_step", old=payload.expected, new=payload.next_step)]
        case DraftQuote():
            changes = [*_quote_lines(payload, names), *_fields(payload, names, without={"lines"})]
        case ReserveStock():
            changes = [*_fields(payload, names), *_held(payload, stock)]
        case RequestAmendment():
            wording = Change(field="wording", old=clause, new=payload.wording)
            changes = [wording if each.field == "wording" else each for each in _fields(payload, names)]
        case _:
            changes = _fields(payload, names)
    return tuple(Change(field=each.field, old=_visible(each.old), new=_visible(each.new)) for each in changes)


def _visible(text: str | None) -> str | None:
    return None if text is None else _DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _differences(payload: UpdateOpportunity | UpdateContact) -> Iterator[Change]:
    for field in type(payload.changes).model_fields:
        new = getattr(payload.changes, field)
        if new is not None:
            old = getattr(payload.expected, field)
            yield Change(field=field, old=None if old is None else plain_value(old), new=plain_value(new))


def _fields(payload: Payload, names: Names, without: frozenset[str] | set[str] = frozenset()) -> list[Change]:
    values = {name: getattr(payload, name) for name in type(payload).model_fields if name not in _NOT_SHOWN | without}
    return [
        Change(field=name, new=_named(name, plain_value(value), names))
        for name, value in values.items()
        if value not in (None, "", ())
    ]


def _quote_lines(payload: DraftQuote, names: Names) -> Iterator[Change]:
    for number, line in enumerate(payload.lines, start=1):
        yield Change(field=f"line_{number}", new=_quote_line(line, names))
    yield Change(field="total", new=plain_value(total_of(payload)))


def _quote_line(line: QuoteLine, names: Names) -> str:
    less = f" (-{(line.discount * 100).normalize():f}%)" if line.discount else ""
    product = _named("product_id", line.product_id, names)
    return f"{line.quantity} × {product} @ {plain_value(line.unit_price)}{less}"


def total_of(quote: DraftQuote) -> Money:
    """What all lines come to; they share one currency."""
    amount = sum((line.unit_price.amount * line.quantity for line in quote.lines), Decimal(0))
    return Money(amount=amount, currency=quote.lines[0].unit_price.currency)


def _held(payload: ReserveStock, stock: StockLine | None) -> Iterator[Change]:
    if stock is not None:
        after = stock.model_copy(update={"reserved": stock.reserved + payload.quantity})
        yield Change(field="reserved", old=str(stock.reserved), new=str(after.reserved))
        yield Change(field="available", old=str(stock.available), new=str(after.available))


def plain_value(value: object) -> str:
    """A field's value on one line, the same in every language."""
    match value:
        case Money():
            return f"{value.currency} {value.amount:f}"
        case StrEnum():
            return value.value
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(map(plain_value, value))
        case _:
            return str(value)


def _named(field: str, value: str, names: Names) -> str:
    name = names.get((field, value))
    return value if name is None or name == value else f"{name} ({value})"
