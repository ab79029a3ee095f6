"""Question `check_stock`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from agents.analysis.stock_cover import name_of, ready_on, shortest_lead
from agents.answers.desk import Desk, named
from agents.answers.fields import Day, Pieces, ProductIds
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.base import System
from core.domain.claims import ClaimState, Section
from core.domain.products import Product, StockLine
from prompts.filters import number
from tools.spec import OfProducts, ToolArgs


class CheckStockArgs(ToolArgs):
    """Arguments of `check_stock`."""

    product_ids: ProductIds
    quantity: Pieces | None = Field(default=None, description="How many pieces are needed of each product")
    by: Day | None = Field(default=None, description="The day by which they are needed")


_STALE = timedelta(hours=24)
_WAREHOUSES = 4


@dataclass(frozen=True, slots=True)
class Shelf:
    """Stock of one product over all warehouses; `arriving` pieces are due from today to the day asked for.

    `ready_on` is when the quantity asked for can be there: today when it is free, None when unknown. `late` are
    incoming pieces whose day has passed.
    """

    name: str
    lines: tuple[StockLine, ...]
    free: int
    arriving: int
    next_on: date | None
    late: int
    short_by: int
    ready_on: date | None
    lead: int | None


def build_shelf(name: str, lines: tuple[StockLine, ...], quantity: int | None, by: date | None, today: date) -> Shelf:
    """Add up the lines of one product; without `by` all incoming goods with a day to come count as arriving."""
    free = sum(line.available for line in lines)
    due = [line for line in lines if line.incoming > 0 and line.incoming_on and line.incoming_on >= today]
    wanted = [line for line in due if by is None or (line.incoming_on and line.incoming_on <= by)]
    late = [line for line in lines if line.incoming > 0 and line.incoming_on and line.incoming_on < today]
    lead, short_by = shortest_lead(lines), max(0, (quantity or 0) - free)
    return Shelf(
        name=name,
        lines=lines,
        free=free,
        arriving=sum(line.incoming for line in wanted),
        next_on=min((line.incoming_on for line in wanted if line.incoming_on), default=None),
        late=sum(line.incoming for line in late),
        short_by=short_by,
        ready_on=ready_on(short_by, due, lead, today),
        lead=lead,
    )


async def check_stock(asking: Asking, args: CheckStockArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Add up what is free and what arrives, and compare it with what is needed."""
    desk = Desk(asking, notebook, Section.STOCK)
    ids = tuple(dict.fromkeys(args.product_ids))
    lines, products = await asyncio.gather(
        desk.records("read_stock", OfProducts(product_ids=ids)), desk.records("read_products", needed=False)
    )
    catalogue = {product.id: product for product in products or ()}
    facts = []
    for product_id in ids if lines is not None else ():
        product = catalogue.get(product_id)
        name = name_of(product_id, product, chinese=desk.chinese)
        shelf = build_shelf(name, _of(product_id, lines), args.quantity, args.by, desk.today)
        facts.append(_say(desk, args, shelf, product_id, product))
    _say_age(desk, lines)
    return desk.finish({"products": facts, "quantity": args.quantity, "by": args.by})


def _of(product_id: str, lines: Sequence[StockLine]) -> tuple[StockLine, ...]:
    return tuple(line for line in lines if line.product_id == product_id)


def _say(desk: Desk, args: CheckStockArgs, shelf: Shelf, product_id: str, product: Product | None) -> dict[str, Any]:
    """Say how it stands with one product, and return it as facts."""
    enough = None
    if not shelf.lines:
        desk.say("stock_untracked", *([product] if product else []), product=shelf.name)
    elif args.quantity is None:
        _say_free(desk, shelf, args.by)
    else:
        enough = _say_cover(desk, shelf, args.quantity, args.by)
    if shelf.late:
        desk.say("stock_late", *shelf.lines, state=ClaimState.INFERRED, product=shelf.name, late=shelf.late)
    return {
        "product_id": product_id,
        "product": shelf.name,
        "free": shelf.free if shelf.lines else None,
        "warehouses": {line.warehouse: line.available for line in shelf.lines},
        "arriving": shelf.arriving,
        "arriving_from": shelf.next_on,
        "in_all": shelf.free + shelf.arriving,
        "late": shelf.late,
        "enough": enough,
        "short_by": shelf.short_by,
        "ready_on": shelf.ready_on if shelf.lines else None,
        "days_late": (shelf.ready_on - args.by).days if shelf.ready_on and args.by else None,
        "lead_time_days": shelf.lead,
    }


def _say_free(desk: Desk, shelf: Shelf, by: date | None) -> None:
    desk.say(
        "stock_free",
        *shelf.lines,
        state=ClaimState.INFERRED,
        product=shelf.name,
        free=shelf.free,
        places=_places(shelf),
        arriving=shelf.arriving,
        next_on=shelf.next_on,
        by=by,
        lead=shelf.lead,
    )


def _say_cover(desk: Desk, shelf: Shelf, quantity: int, by: date | None) -> bool:
    """Say whether `quantity` pieces can be there, and return it: by the day, or now when none is given."""
    shown: dict[str, Any] = {"product": shelf.name, "free": shelf.free, "quantity": quantity, "by": by}
    ready = shelf.ready_on
    in_time = by is not None and by >= desk.today and ready is not None and ready <= by
    if shelf.short_by == 0:
        kind = "stock_enough"
        shown |= {"places": _places(shelf)}
    elif in_time and shelf.arriving >= shelf.short_by:
        kind = "stock_enough_arriving"
        shown |= {"arriving": shelf.arriving, "in_all": shelf.free + shelf.arriving}
    elif in_time:
        kind = "stock_enough_ordered"
        shown |= {"short_by": shelf.short_by, "ready_on": ready, "lead": shelf.lead}
    else:
        kind = "stock_short" if ready else "stock_short_undated"
        shown |= {"short_by": shelf.short_by, "places": _places(shelf)}
        if ready:
            shown |= {"ready_on": ready, "late": (ready - by).days if by else 0}
    desk.say(kind, *shelf.lines, state=ClaimState.INFERRED, **shown)
    return shelf.short_by == 0 or in_time


def _places(shelf: Shelf) -> list[str]:
    """Warehouses that hold free pieces, the fullest first; none when there is only one warehouse."""
    holding = sorted((line for line in shelf.lines if line.available), key=lambda line: (-line.available, line.id))
    shown = [f"{named(line.warehouse)} {number(line.available)}" for line in holding[:_WAREHOUSES]]
    return shown if len(shelf.lines) > 1 else []


def _say_age(desk: Desk, lines: Sequence[StockLine] | None) -> None:
    """Say of when the figures are when they are older than a day."""
    as_of = desk.note.given.as_of.get(System.ERP)
    if lines and as_of is not None and desk.asking.now - as_of > _STALE:
        desk.say("stock_age", *lines, as_of=as_of)


ANSWER = AnswerSpec(
    name="check_stock",
    agent="operations",
    purpose="How many pieces of products are free, and whether a quantity is there or can be there by a day",
    args_model=CheckStockArgs,
    run=check_stock,
)
