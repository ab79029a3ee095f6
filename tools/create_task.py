"""Write tool `create_task`."""

from datetime import date

from pydantic import Field

from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import CreateTask, Operation
from tools.proposals import build_proposal
from tools.resolving import AboutDeal, Words, check_day, find_account, find_deal, find_seller
from tools.spec import WriteContext, WriteSpec


class CreateTaskArgs(AboutDeal):
    """What is to be done, until when and by whom."""

    subject: Words
    due_on: date
    assignee: Words | None = Field(default=None, description="One of our sellers, by name or address")


async def create_task(context: WriteContext, args: CreateTaskArgs) -> Proposal:
    """Give somebody something to do; `assignee` is written as the CRM names that seller."""
    account = await find_account(context, args.account)
    due_on = check_day(context, args.due_on, "due_on")
    deal = await find_deal(context, account, args.deal, closed=True) if args.deal else None
    assignee = (await find_seller(context, args.assignee, field="assignee")).name if args.assignee else None
    payload = CreateTask(
        account_id=account.id,
        subject=args.subject,
        due_on=due_on,
        assignee=assignee,
        opportunity_id=deal.id if deal else None,
    )
    return build_proposal(payload, account, RiskClass.LOW, about=[deal])


TOOL = WriteSpec(
    operation=Operation.CREATE_TASK,
    purpose="Give somebody something to do by a day",
    args_model=CreateTaskArgs,
    run=create_task,
)
