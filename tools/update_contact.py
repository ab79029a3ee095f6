"""Write tool `update_contact`."""

from pydantic import Field

from core.domain.accounts import Contact
from core.domain.effects import Proposal, RiskClass
from core.domain.payloads import ContactFields, Operation, UpdateContact
from core.policy.field_rights import require_readable
from tools.proposals import build_proposal
from tools.resolving import AboutAccount, MailAddress, Words, find_account, find_contact, only_changes
from tools.spec import WriteContext, WriteSpec


class UpdateContactArgs(AboutAccount):
    """The new values; what is left out stays."""

    contact: Words = Field(description="Name, address or id of the person")
    name: Words | None = None
    title: Words | None = None
    department: Words | None = None
    email: MailAddress | None = None
    phone: Words | None = None


async def update_contact(context: WriteContext, args: UpdateContactArgs) -> Proposal:
    """Change a person at an account, bound to the values that are on record now."""
    # Who does not see what is there cannot say what it changes to.
    if args.email is not None or args.phone is not None:
        require_readable(context.caller, Contact.kind)
    account = await find_account(context, args.account)
    person = await find_contact(context, account, args.contact)
    wanted = ContactFields(
        name=args.name, title=args.title, department=args.department, email=args.email, phone=args.phone
    )
    expected, changes = only_changes(person, wanted, what=person.name)
    payload = UpdateContact(account_id=account.id, contact_id=person.id, expected=expected, changes=changes)
    return build_proposal(payload, account, RiskClass.MEDIUM, about=[person])


TOOL = WriteSpec(
    operation=Operation.UPDATE_CONTACT,
    purpose="Change name, title, department, address or phone of a person at an account",
    args_model=UpdateContactArgs,
    run=update_contact,
)
