"""Write tool `log_activity`."""

from pydantic import AwareDatetime, Field

from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import ActivityForm, LogActivity, LongText, Operation
from core.errors import InvalidInputError
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, find_account, find_deal
from tools.spec import WriteContext, WriteSpec


class LogActivityArgs(AboutDeal):
    """What happened with the customer; without a time it happened just now."""

    form: ActivityForm
    subject: Words
    text: LongText = ""
    at: AwareDatetime | None = Field(default=None, description="When it happened, with its zone")


async def log_activity(context: WriteContext, args: LogActivityArgs) -> Proposal:
    """Record a contact with the customer; also a closed deal may have one."""
    account = await find_account(context, args.account)
    deal = await find_deal(context, account, args.deal, closed=True) if args.deal else None
    at = args.at or context.now
    if at > context.now:
        raise InvalidInputError(
            f"{at:%Y-%m-%d %H:%M} has not come yet",
            field="at",
            remedy="Log what has happened; what is to happen is a task (create_task).",
        )
    payload = LogActivity(
        account_id=account.id,
        form=args.form,
        subject=args.subject,
        text=args.text,
        at=at,
        opportunity_id=deal.id if deal else None,
    )
    return build_proposal(payload, account, RiskClass.LOW, about=[deal])


TOOL = WriteSpec(
    operation=Operation.LOG_ACTIVITY,
    purpose="Record a call, meeting, mail, visit or note with the customer",
    args_model=LogActivityArgs,
    run=log_activity,
)
