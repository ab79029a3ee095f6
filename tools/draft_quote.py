"""Write tool `draft_quote`."""

from datetime import date, timedelta
from decimal import Decimal

from pydantic import Field, model_validator

from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.domain.effects import Proposal, RiskClass, Verdict
from core.domain.payloads import Count, DraftQuote, Operation, QuoteLine
from core.domain.previews import total_of
from core.domain.products import PricingRule, Product
from core.policy.countries import currency_of
from core.policy.defaults import load_default_tables
from core.policy.field_rights import require_readable
from tools.pricing import Amount, Currency, bounds_for, list_price_in, priced_line
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, check_day, find_account, find_deal, find_product
from tools.spec import ToolArgs, WriteContext, WriteSpec

_VALID_FOR = timedelta(days=30)


class LineArgs(ToolArgs):
    """One line: a unit price, or a discount off the list price, or neither for the list price itself."""

    product: Words = Field(description="Code or name of the product")
    quantity: Count
    unit_price: Amount | None = None
    discount: Decimal | None = Field(default=None, ge=0, le=1, description="A fraction: 0.1 is ten per cent")

    @model_validator(mode="after")
    def _one_price(self) -> "LineArgs":
        if self.unit_price is not None and self.discount is not None:
            raise ValueError("a line takes unit_price or discount, not both")
        return self


class DraftQuoteArgs(AboutDeal):
    """Lines in one currency; left out, that of the deal, or the first in which the first product is listed."""

    lines: tuple[LineArgs, ...] = Field(min_length=1, max_length=200)
    currency: Currency | None = None
    valid_until: date | None = Field(default=None, description="Left out: in 30 days")


async def draft_quote(context: WriteContext, args: DraftQuoteArgs) -> Proposal:
    """Draft a quote at prices inside policy; the discount that counts is the one that the list price shows."""
    require_readable(context.caller, PricingRule.kind)
    account = await find_account(context, args.account)
    valid_until = check_day(context, args.valid_until or context.today + _VALID_FOR, "valid_until")
    deal = await find_deal(context, account, args.deal) if args.deal else None
    products = [
        await find_product(context, line.product, field=f"lines.{number}.product")
        for number, line in enumerate(args.lines)
    ]
    priced = await _price(context, account, deal, args, products)
    payload = DraftQuote(
        account_id=account.id,
        lines=tuple(line for line, _verdict in priced),
        valid_until=valid_until,
        opportunity_id=deal.id if deal else None,
    )
    beyond_rep = any(verdict is not Verdict.ALLOWED for _line, verdict in priced)
    return build_proposal(
        payload,
        account,
        RiskClass.HIGH if beyond_rep else RiskClass.MEDIUM,
        amount=total_of(payload),
        discount=max(line.discount for line in payload.lines),
        about=[*products, deal],
    )


async def _price(
    context: WriteContext, account: Account, deal: Opportunity | None, args: DraftQuoteArgs, products: list[Product]
) -> list[tuple[QuoteLine, Verdict]]:
    erp, caller = context.systems.erp, context.caller
    prices = (await erp.prices(caller, tuple({product.id for product in products}))).records
    rules = (await erp.pricing_rules(caller)).records or load_default_tables().pricing
    currency = args.currency or (deal.amount.currency if deal and deal.amount else currency_of(account.country))
    strict = args.currency is not None
    priced = []
    for number, (line, product) in enumerate(zip(args.lines, products, strict=True)):
        field = f"lines.{number}"
        listed = list_price_in(
            product, line.quantity, currency, prices, strict=strict, today=context.today, field=f"{field}.product"
        )
        currency, strict = listed.currency, True
        bounds = bounds_for(rules, product, account, line.quantity)
        priced.append(
            priced_line(
                product, line.quantity, listed, bounds, unit_price=line.unit_price, discount=line.discount, field=field
            )
        )
    return priced


TOOL = WriteSpec(
    operation=Operation.DRAFT_QUOTE,
    purpose="Draft a quote at prices inside policy",
    args_model=DraftQuoteArgs,
    run=draft_quote,
)
