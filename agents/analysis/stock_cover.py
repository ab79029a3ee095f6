"""Whether stock covers what the open deals are likely to need, and by when the rest can be there."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TypeGuard

from agents.analysis.deals import Need
from agents.analysis.quoting import quoted
from core.domain.products import Product, StockLine
from core.domain.views.operations import Cover

_LONGEST_LEAD_DAYS = 3650
_MOST_PIECES = 10**12


def build_covers(
    needs: Iterable[Need],
    stock: Iterable[StockLine],
    catalogue: Mapping[str, Product],
    names: Mapping[str, str],
    today: date,
) -> tuple[Cover, ...]:
    """One cover per needed product that has stock lines, over all its warehouses."""
    lines: dict[str, list[StockLine]] = {}
    for line in stock:
        lines.setdefault(line.product_id, []).append(line)
    return tuple(
        _cover(need, lines[need.product_id], catalogue.get(need.product_id), names[need.product_id], today)
        for need in needs
        if need.product_id in lines
    )


def name_of(product_id: str, product: Product | None, *, chinese: bool) -> str:
    """The product's name in the language asked for, else its code."""
    name = (product.name_zh if chinese else None) or product.name if product else None
    return quoted(name or product_id, 80)


def _cover(need: Need, lines: list[StockLine], product: Product | None, name: str, today: date) -> Cover:
    available = min(sum(line.available for line in lines), _MOST_PIECES)
    short_by = max(0, need.quantity - available)
    incoming = [line for line in lines if line.incoming > 0]
    arrivals = sorted(line.incoming_on for line in incoming if line.incoming_on and line.incoming_on >= today)
    lead = shortest_lead(lines)
    cited = [*need.deals, *lines, *([product] if product and need.estimated else [])]
    return Cover(
        product_id=need.product_id,
        product=name,
        needed=need.quantity,
        available=available,
        incoming=min(sum(line.incoming for line in incoming), _MOST_PIECES),
        incoming_on=arrivals[0] if arrivals else None,
        lead_time_days=lead,
        short_by=short_by,
        ready_on=ready_on(short_by, incoming, lead, today),
        estimated=need.estimated,
        evidence=tuple(record.evidence_id for record in cited),
    )


def ready_on(short_by: int, incoming: Iterable[StockLine], lead: int | None, today: date) -> date | None:
    """When `short_by` missing pieces can be there; None when unknown.

    The earlier of: enough incoming goods with a date still to come, or building the rest anew in `lead` days.
    """
    if short_by == 0:
        return today
    dates = [today + timedelta(days=lead)] if lead is not None else []
    missing = short_by
    for line in sorted(incoming, key=lambda line: line.incoming_on or date.max):
        if line.incoming_on is None or line.incoming_on < today:
            continue
        missing -= line.incoming
        if missing <= 0:
            dates.append(line.incoming_on)
            break
    return min(dates, default=None)


def shortest_lead(lines: Iterable[StockLine]) -> int | None:
    """Days to buy or build more, the shortest over the warehouses; None when none is given that can be true."""
    return min((line.lead_time_days for line in lines if _is_lead(line.lead_time_days)), default=None)


def _is_lead(days: int | None) -> TypeGuard[int]:
    return days is not None and 0 <= days <= _LONGEST_LEAD_DAYS
