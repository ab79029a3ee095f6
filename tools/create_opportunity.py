"""Write tool `create_opportunity`."""

from datetime import date

from pydantic import Field

from core.domain.accounts import Account
from core.domain.deals import PipelineStage
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import Count, CreateOpportunity, Operation
from core.errors import InvalidInputError
from core.text import normalise_name
from tools.pricing import Amount, Currency, money_of
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, Words, check_day, find_account, find_product, find_seller
from tools.spec import WriteContext, WriteSpec


class CreateOpportunityArgs(AboutAccount):
    """A deal as one would enter it."""

    name: Words
    stage: PipelineStage = PipelineStage.PROSPECTING
    amount: Amount | None = None
    currency: Currency | None = None
    close_on: date | None = None
    owner: Words | None = Field(default=None, description="One of our sellers, by name or address")
    product: Words | None = Field(default=None, description="Code or name of the product")
    quantity: Count | None = None


async def create_opportunity(context: WriteContext, args: CreateOpportunityArgs) -> Proposal:
    """Open a deal; one of that name that is open already is refused, and so is a stage that ends a deal."""
    if not args.stage.is_open:
        raise InvalidInputError(
            f"a new deal cannot be {args.stage}", field="stage", remedy="Give a stage in which a deal is open."
        )
    account = await find_account(context, args.account)
    await _refuse_twin(context, account, args.name)
    owner = (await find_seller(context, args.owner, field="owner")).name if args.owner else None
    product = await find_product(context, args.product) if args.product else None
    amount = money_of(args.amount, args.currency, account) if args.amount is not None else None
    payload = CreateOpportunity(
        account_id=account.id,
        name=args.name,
        stage=args.stage,
        amount=amount,
        close_on=check_day(context, args.close_on, "close_on") if args.close_on else None,
        owner=owner,
        product_id=product.id if product else None,
        quantity=args.quantity,
    )
    return build_proposal(payload, account, RiskClass.MEDIUM, amount=amount, about=[product])


async def _refuse_twin(context: WriteContext, account: Account, name: str) -> None:
    deals = (await context.systems.crm.opportunities(context.caller, account.id)).records
    twin = next((deal for deal in deals if normalise_name(deal.name) == normalise_name(name)), None)
    if twin is not None and twin.stage.is_open:
        raise InvalidInputError(
            f"{account.name} has an open deal of this name ({twin.id})",
            field="name",
            remedy="Change that one with update_opportunity, or give another name.",
        )


TOOL = WriteSpec(
    operation=Operation.CREATE_OPPORTUNITY,
    purpose="Open a deal with an account",
    args_model=CreateOpportunityArgs,
    run=create_opportunity,
)
