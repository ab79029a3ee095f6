"""Write tool `open_review`."""

from datetime import date

from pydantic import Field

from core.domain.contracts import Department
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import LongText, OpenReview, Operation
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, Words, check_day, find_account, find_contract
from tools.spec import WriteContext, WriteSpec


class OpenReviewArgs(AboutAccount):
    """What a department is asked, by when, and about which contract if there is one."""

    department: Department
    subject: Words
    question: LongText = Field(min_length=1)
    contract: Words | None = Field(default=None, description="Title, number or id of the contract")
    due_on: date


async def open_review(context: WriteContext, args: OpenReviewArgs) -> Proposal:
    """Ask a department to review a contract of the account, or a question about it."""
    account = await find_account(context, args.account)
    due_on = check_day(context, args.due_on, "due_on")
    contract = await find_contract(context, account, args.contract) if args.contract else None
    payload = OpenReview(
        account_id=account.id,
        department=args.department,
        subject=args.subject,
        question=args.question,
        contract_id=contract.id if contract else None,
        due_on=due_on,
    )
    value = contract.value if contract else None
    return build_proposal(payload, account, RiskClass.LOW, amount=value, about=[contract])


TOOL = WriteSpec(
    operation=Operation.OPEN_REVIEW,
    purpose="Ask a department to review a contract or a question about an account",
    args_model=OpenReviewArgs,
    run=open_review,
)
