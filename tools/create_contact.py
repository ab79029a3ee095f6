"""Write tool `create_contact`."""

from core.domain.accounts import Contact
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import CreateContact, Operation
from core.errors import InvalidInputError
from core.policy.field_rights import require_readable
from core.text import normalise_name
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, MailAddress, Words, find_account
from tools.spec import WriteContext, WriteSpec


class CreateContactArgs(AboutAccount):
    """A person at the account."""

    name: Words
    title: Words | None = None
    department: Words | None = None
    email: MailAddress | None = None
    phone: Words | None = None


async def create_contact(context: WriteContext, args: CreateContactArgs) -> Proposal:
    """Add a person to an account; somebody of that name or address who is there already is refused."""
    # Who does not see these fields could not tell whether the person is there already.
    if args.email is not None or args.phone is not None:
        require_readable(context.caller, Contact.kind)
    account = await find_account(context, args.account)
    people = (await context.systems.crm.contacts(context.caller, account.id)).records
    for person in people:
        same_address = args.email is not None and normalise_name(person.email or "") == normalise_name(args.email)
        if same_address or normalise_name(person.name) == normalise_name(args.name):
            raise InvalidInputError(
                f"{person.name} ({person.id}) is at {account.name} already",
                field="email" if same_address else "name",
                remedy="Change that person with update_contact.",
            )
    payload = CreateContact(
        account_id=account.id,
        name=args.name,
        title=args.title,
        department=args.department,
        email=args.email,
        phone=args.phone,
    )
    return build_proposal(payload, account, RiskClass.LOW)


TOOL = WriteSpec(
    operation=Operation.CREATE_CONTACT,
    purpose="Add a person to an account",
    args_model=CreateContactArgs,
    run=create_contact,
)
