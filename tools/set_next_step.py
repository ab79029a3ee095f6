"""Write tool `set_next_step`."""

from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import Operation, SetNextStep
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, find_account, find_deal, nothing_changes
from tools.spec import WriteContext, WriteSpec


class SetNextStepArgs(AboutDeal):
    """What comes next in a deal, which may be left out while the account has one open."""

    next_step: Words


async def set_next_step(context: WriteContext, args: SetNextStepArgs) -> Proposal:
    """Say what comes next in an open deal, bound to the next step that it has now."""
    account = await find_account(context, args.account)
    deal = await find_deal(context, account, args.deal)
    if args.next_step == deal.next_step:
        raise nothing_changes("next_step", f"“{deal.name}”")
    payload = SetNextStep(
        account_id=account.id, opportunity_id=deal.id, expected=deal.next_step, next_step=args.next_step
    )
    return build_proposal(payload, account, RiskClass.LOW, about=[deal], amount=deal.amount)


TOOL = WriteSpec(
    operation=Operation.SET_NEXT_STEP,
    purpose="Say what comes next in an open deal",
    args_model=SetNextStepArgs,
    run=set_next_step,
)
