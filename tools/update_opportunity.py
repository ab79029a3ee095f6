"""Write tool `update_opportunity`."""

from datetime import date

from pydantic import Field

from core.domain.deals import PipelineStage
from core.domain.effects import Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import Operation, OpportunityFields, UpdateOpportunity
from tools.pricing import Amount, Currency, money_of
from tools.proposals import build_proposal
from tools.resolving import (
    AboutDeal,
    Words,
    check_day,
    find_account,
    find_deal,
    find_seller,
    only_changes,
)
from tools.spec import WriteContext, WriteSpec


class UpdateOpportunityArgs(AboutDeal):
    """The new values; what is left out stays. The deal may be left out while the account has one open."""

    name: Words | None = None
    stage: PipelineStage | None = None
    amount: Amount | None = None
    currency: Currency | None = Field(default=None, description="ISO 4217; left out, the deal's own")
    close_on: date | None = None
    owner: Words | None = Field(default=None, description="One of our sellers, by name or address")


async def update_opportunity(context: WriteContext, args: UpdateOpportunityArgs) -> Proposal:
    """Change an open deal, bound to the values that it has now. Winning or losing a deal counts as high risk."""
    account = await find_account(context, args.account)
    deal = await find_deal(context, account, args.deal)
    wanted = OpportunityFields(
        name=args.name,
        stage=args.stage,
        amount=money_of(args.amount, args.currency, account, deal) if args.amount is not None else None,
        close_on=check_day(context, args.close_on, "close_on") if args.close_on else None,
        owner=(await find_seller(context, args.owner, field="owner")).name if args.owner else None,
    )
    expected, changes = only_changes(deal, wanted, what=f"“{deal.name}”")
    payload = UpdateOpportunity(account_id=account.id, opportunity_id=deal.id, expected=expected, changes=changes)
    ends = changes.stage is not None and not changes.stage.is_open
    risk = RiskClass.HIGH if ends else RiskClass.MEDIUM
    return build_proposal(payload, account, risk, about=[deal], amount=_at_stake(deal.amount, changes.amount))


def _at_stake(*amounts: Money | None) -> Money | None:
    """The largest, or one whose worth is not known: a large deal does not become small by being written so."""
    known = [amount for amount in amounts if amount is not None]
    return max(known, key=lambda amount: (amount.in_cny() is None, amount.in_cny() or 0), default=None)


TOOL = WriteSpec(
    operation=Operation.UPDATE_OPPORTUNITY,
    purpose="Change name, stage, amount, closing date or owner of an open deal",
    args_model=UpdateOpportunityArgs,
    run=update_opportunity,
)
