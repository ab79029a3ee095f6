"""Question `find_price`."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import Field

from agents.analysis.stock_cover import name_of
from agents.answers.desk import Desk, named, pick
from agents.answers.fields import AccountId, Pieces, ProductId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.deals import Opportunity
from core.domain.money import Money
from core.domain.products import Price, PricingRule, Product
from core.policy.countries import currency_of
from core.policy.decision import PolicyError
from core.policy.defaults import load_default_tables
from core.policy.list_price import ListPrice, find_list_price, last_expiry
from core.policy.pricing import PriceBounds, price_bounds, price_within
from tools.spec import OfAccount, OfProducts, ToolArgs


class FindPriceArgs(ToolArgs):
    """Arguments of `find_price`."""

    product_id: ProductId
    quantity: Pieces | None = Field(default=None, description="How many pieces; quantity sets the price step")
    account_id: AccountId | None = Field(
        default=None, description="The customer it is for, whose class sets the limits"
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be priced: so many pieces, for a customer where one is named."""

    product: Product
    account: Account | None
    quantity: int


async def find_price(asking: Asking, args: FindPriceArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Find the list price that applies, and the discounts that policy allows on it."""
    desk = Desk(asking, notebook, Section.STOCK)
    products, prices, rules, account, deals = await asyncio.gather(
        desk.records("read_products"),
        desk.records("read_prices", OfProducts(product_ids=(args.product_id,))),
        desk.records("read_pricing_rules"),
        _account(desk, args.account_id),
        _deals(desk, args.account_id),
    )
    if products is None or prices is None:
        return desk.finish({"product_id": args.product_id})
    product: Product = pick(products, args.product_id, field="product_id", what="product")
    name, quantity = name_of(product.id, product, chinese=desk.chinese), args.quantity or 1
    listed = find_list_price(
        product.id,
        quantity,
        currencies=_currencies(product.id, account, deals),
        prices=prices,
        product=product,
        today=desk.today,
    )
    facts = {"product_id": product.id, "product": name, "quantity": args.quantity, "account_id": args.account_id}
    if listed is None:
        expired_on = last_expiry(prices, desk.today)
        desk.say("price_missing", product, product=name, expired_on=expired_on)
        return desk.finish({**facts, "unit_price": None, "expired_on": expired_on})
    facts |= _say_list(desk, listed, name, args.quantity)
    if rules is not None:
        facts |= _say_room(desk, listed, Wish(product, account, quantity), rules)
    facts |= _say_step(desk, listed, prices, quantity)
    return desk.finish(facts)


async def _account(desk: Desk, account_id: str | None) -> Account | None:
    return await desk.account(account_id) if account_id else None


async def _deals(desk: Desk, account_id: str | None) -> tuple[Opportunity, ...]:
    if account_id is None:
        return ()
    return await desk.records("read_opportunities", OfAccount(account_id=account_id), needed=False) or ()


def _currencies(product_id: str, account: Account | None, deals: tuple[Opportunity, ...]) -> list[str]:
    """In which currency to quote: that of an open deal on the product, then that of the customer's country."""
    own = [
        deal.amount.currency for deal in deals if deal.amount and deal.stage.is_open and deal.product_id == product_id
    ]
    home = currency_of(account.country) if account else None
    return list(dict.fromkeys([*own, *([home] if home else [])]))


def _say_list(desk: Desk, listed: ListPrice, name: str, quantity: int | None) -> dict[str, Any]:
    price = listed.unit_price
    total = price.times(quantity) if quantity and quantity > 1 else None
    shown: dict[str, Any] = {"product": name, "price": price, "total": total, "quantity": quantity}
    if isinstance(listed.source, Price):
        desk.say("price_list", listed.source, **shown, valid_to=listed.valid_to)
    else:
        desk.say("price_catalogue", listed.source, **shown, expired_on=listed.expired_on)
    return {"unit_price": price, "total": total, "valid_to": listed.valid_to, "expired_on": listed.expired_on}


def _say_room(desk: Desk, listed: ListPrice, wish: Wish, rules: tuple[PricingRule, ...]) -> dict[str, Any]:
    """Say how far the price may go down; without an account only rules for every class count."""
    table = rules or load_default_tables().pricing
    account, customer_class = wish.account, wish.account.customer_class if wish.account else ""
    try:
        bounds = price_bounds(table, wish.product.family, customer_class, wish.quantity)
    except PolicyError as error:
        desk.say("pricing_unusable", wish.product, state=ClaimState.INFERRED, problem=named(str(error)))
        return {"max_discount_rep": None, "max_discount_approved": None}
    rep, approved = (_floor(listed, share, bounds) for share in (bounds.max_discount_rep, bounds.max_discount_approved))
    cited = [*(rule for rule in rules if rule.id in bounds.rules), listed.source, *([account] if account else [])]
    whom = named(account.name) if account else None
    if bounds.max_discount_approved == 0:
        by_class = account is None and any(rule.customer_class for rule in table)
        desk.say("room_none", *cited, state=ClaimState.INFERRED, account=whom, by_class=by_class)
    else:
        shown = {"rep": bounds.max_discount_rep, "approved": bounds.max_discount_approved}
        floors = {"floor_rep": rep, "floor_approved": approved, "account": whom, "own": bool(rules)}
        desk.say("room", *cited, state=ClaimState.INFERRED, **shown, **floors)
    return {
        "max_discount_rep": bounds.max_discount_rep,
        "max_discount_approved": bounds.max_discount_approved,
        "floor_rep": rep,
        "floor_approved": approved,
        "customer_class": customer_class or None,
    }


def _floor(listed: ListPrice, discount: Decimal, bounds: PriceBounds) -> Money:
    return price_within(listed.unit_price, discount, bounds).unit_price or listed.unit_price


def _say_step(desk: Desk, listed: ListPrice, prices: tuple[Price, ...], quantity: int) -> dict[str, Any]:
    """Say from how many pieces on the list price is lower."""
    today, price = desk.today, listed.unit_price
    steps = [
        step
        for step in prices
        if step.min_quantity > quantity
        and step.unit_price.currency == price.currency
        and 0 < step.unit_price.amount < price.amount
        and (step.valid_from is None or step.valid_from <= today)
        and (step.valid_to is None or step.valid_to >= today)
    ]
    if not steps:
        return {}
    step = min(steps, key=lambda one: (one.min_quantity, one.unit_price.amount))
    desk.say("price_step", step, quantity=step.min_quantity, price=step.unit_price)
    return {"next_step": {"quantity": step.min_quantity, "unit_price": step.unit_price}}


ANSWER = AnswerSpec(
    name="find_price",
    agent="operations",
    purpose="List price of a product for a quantity, and how far a rep or an approver may go down",
    args_model=FindPriceArgs,
    run=find_price,
)
