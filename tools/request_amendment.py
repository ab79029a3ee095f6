"""Write tool `request_amendment`."""

from pydantic import Field

from core.domain.contracts import ClauseKind
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import LongText, Operation, RequestAmendment
from core.errors import InvalidInputError
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, Words, find_account, find_running_contract
from tools.spec import WriteContext, WriteSpec


class RequestAmendmentArgs(AboutAccount):
    """Which clause of which contract should read how, and why."""

    contract: Words = Field(description="Title, number or id of the contract")
    clause: ClauseKind
    wording: LongText = Field(min_length=1)
    reason: Words


async def request_amendment(context: WriteContext, args: RequestAmendmentArgs) -> Proposal:
    """Ask for a clause of a running contract to be changed, or added where the contract has none of the kind."""
    account = await find_account(context, args.account)
    contract = await find_running_contract(context, account, args.contract, on=context.today, field="contract")
    present = "\n\n".join(clause.text for clause in contract.clauses if clause.kind is args.clause) or None
    if present is not None and present.split() == args.wording.split():
        raise InvalidInputError(
            f"nothing of the clause on {args.clause} in “{contract.title}” would change",
            field="wording",
            remedy="Give at least one new value.",
        )
    payload = RequestAmendment(
        account_id=account.id,
        contract_id=contract.id,
        clause=args.clause,
        wording=args.wording,
        reason=args.reason,
    )
    return build_proposal(payload, account, RiskClass.HIGH, amount=contract.value, about=[contract], clause=present)


TOOL = WriteSpec(
    operation=Operation.REQUEST_AMENDMENT,
    purpose="Ask for a clause of a contract to be changed",
    args_model=RequestAmendmentArgs,
    run=request_amendment,
)
