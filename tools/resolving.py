"""From what a person or a model says (names, aliases, days) to the records that are meant; for the write tools."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints, ValidationError
from rapidfuzz import fuzz, process

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Frozen, Record
from core.domain.contracts import Contract
from core.domain.deals import Opportunity
from core.domain.products import Product
from core.errors import AmbiguousError, InvalidInputError, NotFoundError
from core.text import normalise_name
from tools.spec import ToolArgs, WriteContext

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]

MailAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
]

_NEAREST = 5
_FURTHEST = timedelta(days=730)
_ALIKE = 50
R = TypeVar("R", bound=Record)
F = TypeVar("F", bound=Frozen)


class AboutAccount(ToolArgs):
    """Arguments of every write tool."""

    account: Words = Field(description="Name, alias or id of the account")


class AboutDeal(AboutAccount):
    """Arguments of a write that may belong to a deal."""

    deal: Words | None = Field(default=None, description="Name or id of the deal")


def resolve_name(
    records: Sequence[R],
    name: str,
    names_of: Callable[[R], Iterable[str | None]],
    *,
    field: str,
    what: str,
    remedy: str,
    likelier: Callable[[R], bool] | None = None,
) -> R:
    """The one record whose id or one of whose names is `name`, or whose names alone contain it.

    `names_of` gives a record's usual name first; where several fit alike, those that are `likelier` count. Raises
    NotFoundError with the nearest names when none fits, AmbiguousError when several do.
    """
    wanted = normalise_name(name)
    known = {record.id: [normalise_name(each) for each in names_of(record) if each] for record in records}
    found = [record for record in records if record.id == name]
    found = found or [record for record in records if wanted in known[record.id]]
    found = found or [record for record in records if wanted and any(wanted in each for each in known[record.id])]
    if likelier is not None:
        found = [record for record in found if likelier(record)] or found
    if len(found) == 1:
        return found[0]
    titles = {record.id: next(filter(None, names_of(record)), record.id) for record in records}
    if found:
        raise AmbiguousError(
            f"“{name}” fits {len(found)} {what}s",
            field=field,
            remedy="Give the full name or the id.",
            nearest=[f"{titles[record.id]} ({record.id})" for record in found[:_NEAREST]],
        )
    close = process.extract(name, list(titles.values()), scorer=fuzz.WRatio, limit=_NEAREST, score_cutoff=_ALIKE)
    raise NotFoundError(
        f"no {what} is called “{name}”", field=field, remedy=remedy, nearest=[match for match, _score, _index in close]
    )


def resolve_account(accounts: Sequence[Account], name: str) -> Account:
    """The one account whose id, name or alias is `name`, or whose name or alias alone contains it."""
    remedy = "Use a name from `saleshub accounts`." if accounts else "Import accounts first: `saleshub import PATH`."
    return resolve_name(
        accounts, name, lambda account: (account.name, *account.aliases), field="account", what="account", remedy=remedy
    )


async def find_account(context: WriteContext, name: str) -> Account:
    """The account that is meant, among those the caller may see."""
    return resolve_account((await context.systems.crm.accounts(context.caller)).records, name)


async def find_deal(context: WriteContext, account: Account, name: str | None, *, closed: bool = False) -> Opportunity:
    """The deal that is meant; without a name the account's only open one. A closed deal is refused unless `closed`."""
    deals = (await context.systems.crm.opportunities(context.caller, account.id)).records
    running = [deal for deal in deals if deal.stage.is_open]
    if name is None:
        if len(running) != 1:
            raise InvalidInputError(
                f"{account.name} has {len(running)} open deals",
                field="deal",
                remedy="Say which one, by name or id." if running else "Open one with create_opportunity.",
                nearest=[f"{deal.name} ({deal.id})" for deal in running[:_NEAREST]],
            )
        return running[0]
    deal = resolve_name(
        deals,
        name,
        lambda deal: (deal.name,),
        field="deal",
        what="deal",
        remedy=f"Name a deal of {account.name}.",
        likelier=lambda deal: deal.stage.is_open,
    )
    if not closed and not deal.stage.is_open:
        raise InvalidInputError(
            f"“{deal.name}” is closed ({deal.stage})",
            field="deal",
            remedy="Name an open deal, or open a new one.",
            nearest=[each.name for each in running[:_NEAREST]],
        )
    return deal


async def find_contact(context: WriteContext, account: Account, name: str) -> Contact:
    """The person at the account who is meant."""
    contacts = (await context.systems.crm.contacts(context.caller, account.id)).records
    return resolve_name(
        contacts,
        name,
        lambda person: (person.name, person.email),
        field="contact",
        what="contact",
        remedy=f"Name a person at {account.name}, or add them with create_contact.",
    )


async def find_seller(context: WriteContext, name: str, *, field: str) -> SalesPerson:
    """The one of our sellers who is meant."""
    sellers = (await context.systems.crm.sales_people(context.caller)).records
    return resolve_name(
        sellers,
        name,
        lambda person: (person.name, person.email),
        field=field,
        what="sales person",
        remedy="Name one of our sellers as the CRM does.",
    )


async def find_product(context: WriteContext, name: str, *, field: str = "product") -> Product:
    """The product that is meant, by code or by a name in either language."""
    products = (await context.systems.crm.products(context.caller)).records
    return resolve_name(
        products,
        name,
        lambda product: (product.name, product.name_zh),
        field=field,
        what="product",
        remedy="Name a product of the catalogue, by code or name.",
    )


async def find_contract(context: WriteContext, account: Account, name: str) -> Contract:
    """The contract of this account that is meant, by title, number or id."""
    contracts = (await context.systems.contracts.contracts(context.caller, account.id)).records
    return resolve_name(
        contracts,
        name,
        lambda contract: (contract.title, contract.number),
        field="contract",
        what="contract",
        remedy=f"Name a contract of {account.name}; those of other accounts do not count.",
    )


async def find_running_contract(
    context: WriteContext, account: Account, name: str, *, on: date, field: str
) -> Contract:
    """The contract that is meant; InvalidInputError naming `field` when it has ended by the day `on`."""
    contract = await find_contract(context, account, name)
    if contract.ends_on is not None and contract.ends_on < on:
        raise InvalidInputError(
            f"“{contract.title}” ends on {contract.ends_on}",
            field=field,
            remedy="Name a contract that still runs then, or ask legal for a new one (open_review).",
        )
    return contract


def check_day(context: WriteContext, day: date, field: str) -> date:
    """The day, when it is today or later and not absurdly far away; InvalidInputError otherwise."""
    last = context.today + _FURTHEST
    if not context.today <= day <= last:
        raise InvalidInputError(
            f"{day} is {'in the past' if day < context.today else 'too far away'}",
            field=field,
            remedy=f"Give a day from {context.today} to {last}.",
        )
    return day


def only_changes(record: Record, wanted: F, *, what: str) -> tuple[F, F]:
    """What the record holds of the fields that would change, and their new values; nothing else is in either.

    Raises InvalidInputError when no field would change.
    """
    given = {field: value for field, value in wanted if value is not None}
    changed = [field for field, value in given.items() if getattr(record, field) != value]
    if not changed:
        raise nothing_changes(next(iter(given), "changes"), what)
    try:
        expected = type(wanted).model_validate({field: getattr(record, field) for field in changed})
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, "Correct what the system holds there by hand.") from error
    return expected, wanted.model_copy(update=dict.fromkeys(given.keys() - {*changed}))


def nothing_changes(field: str, what: str) -> InvalidInputError:
    """The error for a write that would leave everything as it is."""
    return InvalidInputError(f"nothing of {what} would change", field=field, remedy="Give at least one new value.")
