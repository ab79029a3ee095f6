"""Write tool `schedule_signature`."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import Operation, ScheduleSignature
from core.errors import InvalidInputError
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, Words, check_day, find_account, find_running_contract, resolve_name
from tools.spec import WriteContext, WriteSpec


class ScheduleSignatureArgs(AboutAccount):
    """When a contract will be signed, and by whom."""

    contract: Words = Field(description="Title, number or id of the contract")
    on: date
    signatories: tuple[Words, ...] = Field(
        min_length=1, max_length=20, description="People at the account or our sellers, by name, address or id"
    )


async def schedule_signature(context: WriteContext, args: ScheduleSignatureArgs) -> Proposal:
    """Plan the signing of a contract; only people on record sign, and nobody who has left."""
    account = await find_account(context, args.account)
    on = check_day(context, args.on, "on")
    contract = await find_running_contract(context, account, args.contract, on=on, field="on")
    people: list[Contact | SalesPerson] = [
        *(await context.systems.crm.contacts(context.caller, account.id)).records,
        *(await context.systems.crm.sales_people(context.caller)).records,
    ]
    signatories = tuple(dict.fromkeys(_signatory(account, people, name) for name in args.signatories))
    payload = ScheduleSignature(account_id=account.id, contract_id=contract.id, on=on, signatories=signatories)
    return build_proposal(payload, account, RiskClass.HIGH, amount=contract.value, about=[contract])


def _signatory(account: Account, people: Sequence[Contact | SalesPerson], name: str) -> str:
    person = resolve_name(
        people,
        name,
        lambda person: (person.name, person.email),
        field="signatories",
        what="signatory",
        remedy=f"Name people at {account.name} or our sellers; add others to the CRM first.",
    )
    if isinstance(person, Contact) and not person.active:
        raise InvalidInputError(
            f"{person.name} has left {account.name}", field="signatories", remedy="Name somebody who is still there."
        )
    return person.name


TOOL = WriteSpec(
    operation=Operation.SCHEDULE_SIGNATURE,
    purpose="Plan the signing of a contract",
    args_model=ScheduleSignatureArgs,
    run=schedule_signature,
)
