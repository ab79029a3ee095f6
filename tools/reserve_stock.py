"""Write tool `reserve_stock`."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import Count, Operation, ReserveStock
from core.domain.products import Product, StockLine
from core.errors import InvalidInputError
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, check_day, find_account, find_deal, find_product, resolve_name
from tools.spec import WriteContext, WriteSpec


class ReserveStockArgs(AboutDeal):
    """What to hold until the end of a day; without a warehouse, the one that has most of it."""

    product: Words = Field(description="Code or name of the product")
    quantity: Count
    until: date
    warehouse: Words | None = None


async def reserve_stock(context: WriteContext, args: ReserveStockArgs) -> Proposal:
    """Hold pieces of a product in one warehouse; more than is there and not reserved is refused."""
    account = await find_account(context, args.account)
    until = check_day(context, args.until, "until")
    deal = await find_deal(context, account, args.deal) if args.deal else None
    product = await find_product(context, args.product)
    lines = (await context.systems.erp.stock(context.caller, (product.id,))).records
    line = _line(product, lines, args.warehouse)
    if args.quantity > line.available:
        elsewhere = [f"{each.available} in {each.warehouse}" for each in lines if each is not line and each.available]
        raise InvalidInputError(
            f"only {line.available} of {product.name} ({product.id}) are free in {line.warehouse}",
            field="quantity",
            remedy="Ask for fewer, or take the rest from another warehouse.",
            nearest=elsewhere,
        )
    payload = ReserveStock(
        account_id=account.id,
        product_id=product.id,
        warehouse=line.warehouse,
        quantity=args.quantity,
        until=until,
        opportunity_id=deal.id if deal else None,
    )
    value = product.list_price.times(args.quantity) if product.list_price else None
    return build_proposal(payload, account, RiskClass.MEDIUM, amount=value, about=[product, deal], stock=line)


def _line(product: Product, lines: Sequence[StockLine], warehouse: str | None) -> StockLine:
    if not lines:
        raise InvalidInputError(
            f"no warehouse keeps {product.name} ({product.id})", field="product", remedy="Name a product in stock."
        )
    if warehouse is None:
        return max(lines, key=lambda line: (line.available, line.warehouse))
    return resolve_name(
        lines,
        warehouse,
        lambda line: (line.warehouse,),
        field="warehouse",
        what="warehouse",
        remedy=f"Name a warehouse that keeps {product.id}.",
    )


TOOL = WriteSpec(
    operation=Operation.RESERVE_STOCK,
    purpose="Hold pieces of a product in a warehouse for a customer until a day",
    args_model=ReserveStockArgs,
    run=reserve_stock,
)
