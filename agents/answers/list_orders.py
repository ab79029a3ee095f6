"""Question `list_orders`."""

import asyncio
from datetime import date

from agents.analysis.stock_cover import name_of
from agents.answers.desk import MOST_CITED, Desk, named
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.claims import ClaimState, Section
from core.domain.deals import Order
from core.domain.money import plausible_money
from tools.spec import OfAccount, ToolArgs


class ListOrdersArgs(ToolArgs):
    """Arguments of `list_orders`."""

    account_id: AccountId


_SHOWN = 4


async def list_orders(asking: Asking, args: ListOrdersArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say how many orders there are and what arrives next, then each of the latest."""
    desk = Desk(asking, notebook, Section.HISTORY)
    account, orders, products = await asyncio.gather(
        desk.account(args.account_id),
        desk.records("read_orders", OfAccount(account_id=args.account_id)),
        desk.records("read_products", needed=False),
    )
    if account is None or orders is None:
        return desk.finish({"account_id": args.account_id})
    catalogue = {product.id: product for product in products or ()}
    latest: list[Order] = sorted(orders, key=lambda one: (one.ordered_on or date.min, one.id), reverse=True)
    due = min((one.delivery_on for one in latest if one.delivery_on and one.delivery_on >= desk.today), default=None)
    name = named(account.name)
    if not latest:
        desk.say("orders_none", account, account=name)
    else:
        figures = {"count": len(latest), "last_on": latest[0].ordered_on, "due": due}
        desk.say("orders", *latest[:MOST_CITED], state=ClaimState.INFERRED, account=name, **figures)
    for order in latest[:_SHOWN]:
        product = (
            name_of(order.product_id, catalogue.get(order.product_id), chinese=desk.chinese)
            if order.product_id
            else None
        )
        desk.say(
            "order",
            order,
            id=named(order.id),
            product=product,
            quantity=order.quantity,
            amount=plausible_money(order.amount),
            ordered_on=order.ordered_on,
            delivery_on=order.delivery_on,
            past=bool(order.delivery_on and order.delivery_on < desk.today),
            status=named(order.status or "") or None,
        )
    desk.say_more(latest[_SHOWN:])
    return desk.finish({"account_id": account.id, "count": len(latest), "next_delivery_on": due, "orders": latest})


ANSWER = AnswerSpec(
    name="list_orders",
    agent="operations",
    purpose="Orders of a customer with their delivery dates and status",
    args_model=ListOrdersArgs,
    run=list_orders,
)
