"""Write tool `request_sample`."""

from datetime import date

from pydantic import Field

from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import Count, Operation, RequestSample, SampleForm
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, check_day, find_account, find_deal, find_product
from tools.spec import WriteContext, WriteSpec


class RequestSampleArgs(AboutDeal):
    """A sample to keep, or a demo unit to lend."""

    product: Words = Field(description="Code or name of the product")
    form: SampleForm = SampleForm.SAMPLE
    quantity: Count = 1
    needed_on: date


async def request_sample(context: WriteContext, args: RequestSampleArgs) -> Proposal:
    """Ask for a sample or a demo unit; it need not be in stock, the supply chain may build it."""
    account = await find_account(context, args.account)
    needed_on = check_day(context, args.needed_on, "needed_on")
    deal = await find_deal(context, account, args.deal) if args.deal else None
    product = await find_product(context, args.product)
    payload = RequestSample(
        account_id=account.id,
        form=args.form,
        product_id=product.id,
        quantity=args.quantity,
        needed_on=needed_on,
        opportunity_id=deal.id if deal else None,
    )
    value = product.list_price.times(args.quantity) if product.list_price else None
    return build_proposal(payload, account, RiskClass.MEDIUM, amount=value, about=[product, deal])


TOOL = WriteSpec(
    operation=Operation.REQUEST_SAMPLE,
    purpose="Ask for a sample or a demo unit for a customer",
    args_model=RequestSampleArgs,
    run=request_sample,
)
