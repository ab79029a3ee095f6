"""What the operations agent says about deals, stock and prices, and to which department each sentence goes."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from agents.analysis.deals import Need
from agents.analysis.quoting import quoted
from agents.spec import Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.contracts import Department
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.effects import Verdict
from core.domain.money import Money, plausible_money
from core.domain.views.operations import Cover, PriceBasis, Quote
from core.policy.decision import PolicyError
from core.policy.pricing import PriceBounds, price_within

_SUPPLY = (Department.SUPPLY_CHAIN,)
_FINANCE = (Department.FINANCE,)
_INFERRED = ClaimState.INFERRED
_MOST_PRODUCTS = 6

Figures = dict[str, Any]


def say_deals(
    note: Notebook, account: Account, opportunities: Iterable[Opportunity], deals: tuple[Opportunity, ...]
) -> None:
    """The open deals, the overdue ones among the leading, and what was won and lost."""
    today = note.given.today
    if not deals:
        note.claim(Section.HISTORY, "deals_none", account, account=quoted(account.name, 80))
    else:
        _say_open(note, deals)
    for deal in deals[:3]:
        if deal.close_on and deal.close_on < today:
            days, stage = (today - deal.close_on).days, note.phrase(f"stage_{deal.stage}")
            name = quoted(deal.name, 80)
            note.claim(Section.HISTORY, "deal_overdue", deal, deal=name, close_on=deal.close_on, days=days, stage=stage)
    if deals and deals[0].next_step:
        step = quoted(deals[0].next_step, 120)
        note.claim(Section.HISTORY, "deal_next_step", deals[0], deal=quoted(deals[0].name, 80), step=step)
    closed = [deal for deal in opportunities if not deal.stage.is_open]
    if closed:
        won = sum(deal.stage is PipelineStage.WON for deal in closed)
        lost = [deal for deal in closed if deal.stage is PipelineStage.LOST and deal.loss_reason]
        latest = max(lost, key=lambda deal: (deal.close_on or date.min, deal.id), default=None)
        reason = quoted(latest.loss_reason or "", 100) if latest else None
        figures: Figures = {"won": won, "lost": len(closed) - won, "reason": reason}
        cited = [*([latest] if latest else []), *closed[-5:]]
        note.claim(Section.HISTORY, "deals_closed", *cited, state=_INFERRED, **figures)


def _say_open(note: Notebook, deals: tuple[Opportunity, ...]) -> None:
    first = deals[0]
    shown: Figures = {
        "deal": quoted(first.name, 80),
        "amount": plausible_money(first.amount),
        "stage": note.phrase(f"stage_{first.stage}"),
        "close_on": first.close_on,
    }
    if len(deals) == 1:
        note.claim(Section.HISTORY, "deals_one", first, **shown)
        return
    total, mixed = _total(deals)
    figures: Figures = {"count": len(deals), "total": total, "mixed": mixed}
    note.claim(Section.HISTORY, "deals_open", *deals[:12], state=_INFERRED, **shown, **figures)


def _total(deals: Iterable[Opportunity]) -> tuple[Money | None, bool]:
    amounts = [money for deal in deals if (money := plausible_money(deal.amount))]
    currencies = {money.currency for money in amounts}
    if len(currencies) == 1:
        return Money(amount=sum((money.amount for money in amounts), Decimal(0)), currency=currencies.pop()), False
    known = [amount for money in amounts if (amount := money.in_cny()) is not None]
    return (Money(amount=sum(known, Decimal(0))), True) if known else (None, False)


def say_orders(note: Notebook, account: Account, orders: tuple[Order, ...]) -> None:
    """How much was ordered, and when last."""
    if not orders:
        note.claim(Section.HISTORY, "orders_none", account, account=quoted(account.name, 80))
        return
    last = max(orders, key=lambda order: (order.ordered_on or date.min, order.id))
    figures: Figures = {"count": len(orders), "last_on": last.ordered_on, "amount": plausible_money(last.amount)}
    note.claim(Section.HISTORY, "orders", last, state=_INFERRED, **figures)


def say_stock(
    note: Notebook, account: Account, needs: tuple[Need, ...], covers: tuple[Cover, ...], names: Mapping[str, str]
) -> None:
    """Whether stock holds, product by product."""
    by_product = {cover.product_id: cover for cover in covers}
    if not needs:
        note.claim(Section.STOCK, "stock_nothing", account, departments=_SUPPLY)
    for need in needs[:_MOST_PRODUCTS]:
        cover = by_product.get(need.product_id)
        if cover is None:
            product = names[need.product_id]
            note.claim(Section.STOCK, "stock_untracked", need.leading, departments=_SUPPLY, product=product)
        else:
            _say_cover(note, cover)


def _say_cover(note: Notebook, cover: Cover) -> None:
    shown: Figures = {"product": cover.product, "available": cover.available}
    if cover.needed == 0:
        kind = "stock_no_quantity"
    else:
        kind = "stock_enough"
        shown |= {"needed": cover.needed, "estimated": cover.estimated}
    if cover.short_by:
        kind = "stock_short_dated" if cover.ready_on else "stock_short_undated"
        shown |= {"short_by": cover.short_by, "incoming": cover.incoming}
    if cover.short_by and cover.ready_on:
        helps = cover.incoming_on is not None and cover.incoming_on <= cover.ready_on
        incoming_on = cover.incoming_on if helps else None
        shown |= {"ready_on": cover.ready_on, "incoming_on": incoming_on, "lead": cover.lead_time_days}
    note.claim(Section.STOCK, kind, *cover.evidence, state=_INFERRED, departments=_SUPPLY, **shown)


def say_prices(note: Notebook, quotes: tuple[Quote, ...], *, own: bool) -> None:
    """List prices, the room below them, and what becomes of the discount that was asked for."""
    for quote in quotes[:_MOST_PRODUCTS]:
        shown: Figures = {"product": quote.product, "quantity": quote.quantity, "price": quote.unit_price}
        if quote.basis is PriceBasis.PRICE_LIST:
            kind = "price_list"
            shown |= {"valid_to": quote.valid_to}
        else:
            kind = "price_catalogue"
            shown |= {"expired_on": quote.expired_on}
        note.claim(Section.STOCK, kind, quote.evidence[0], departments=_FINANCE, **shown)
        _say_room(note, quote)
    if not own and any(quote.limits_known for quote in quotes):
        cited = quotes[0].evidence
        note.claim(Section.STOCK, "discount_default", *cited, state=_INFERRED, departments=_FINANCE)


def _say_room(note: Notebook, quote: Quote) -> None:
    rep, approved = quote.max_discount_rep, quote.max_discount_approved
    shown: Figures = {"product": quote.product}
    if approved == 0:
        kind = "discount_none" if quote.limits_known else "discount_unread"
        shown |= {"price": quote.unit_price}
    else:
        kind = "discount_room" if rep > 0 else "discount_approval_only"
        shown |= {"approved": approved, "floor_approved": quote.floor_approved}
    if rep > 0:
        shown |= {"rep": rep, "floor_rep": quote.floor_rep}
    note.claim(Section.STOCK, kind, *quote.evidence, state=_INFERRED, departments=_FINANCE, **shown)


def say_asked(note: Notebook, quote: Quote, deal: Opportunity) -> None:
    """What policy says to the discount that `deal` asks for; no price when it is forbidden."""
    asked = quote.asked_discount
    if asked is None:
        return
    bounds = PriceBounds(max_discount_rep=quote.max_discount_rep, max_discount_approved=quote.max_discount_approved)
    priced = price_within(quote.unit_price, asked, bounds)
    shown: Figures = {"deal": quoted(deal.name, 80), "asked": asked, "product": quote.product}
    if priced.verdict is Verdict.FORBIDDEN:
        kind = "discount_asked_forbidden"
        shown |= {"approved": quote.max_discount_approved}
    elif priced.verdict is Verdict.NEEDS_APPROVAL:
        kind = "discount_asked_approval"
        shown |= {"rep": quote.max_discount_rep, "price": priced.unit_price}
    else:
        kind = "discount_asked_free"
        shown |= {"price": priced.unit_price}
    note.claim(Section.STOCK, kind, *quote.evidence, state=_INFERRED, departments=_FINANCE, **shown)


def say_unpriced(note: Notebook, need: Need, product: str, expired_on: date | None) -> None:
    """A product that is asked for and has no price today."""
    note.claim(
        Section.STOCK, "price_missing", need.leading, departments=_FINANCE, product=product, expired_on=expired_on
    )


def say_pricing_unusable(note: Notebook, account: Account, error: PolicyError) -> None:
    """The pricing table cannot be applied."""
    problem = quoted(str(error), 160)
    note.claim(Section.STOCK, "pricing_unusable", account, state=_INFERRED, departments=_FINANCE, problem=problem)
