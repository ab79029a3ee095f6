"""The demo company's names, as those who may see everything or one region may use them."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from agents.understanding.names import Names, build_names
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.deals import Opportunity, PipelineStage
from core.domain.products import Product
from demo import world as demo
from demo.company import build_world

TODAY = date(2026, 3, 11)
_STAGES = {
    "Prospecting": PipelineStage.PROSPECTING,
    "Qualification": PipelineStage.QUALIFICATION,
    "Needs Analysis": PipelineStage.NEEDS_ANALYSIS,
    "Proposal": PipelineStage.PROPOSAL,
    "Negotiation": PipelineStage.NEGOTIATION,
    "Closed Won": PipelineStage.WON,
    "Closed Lost": PipelineStage.LOST,
}
_REGIONS = {
    "rep": None,
    "manager": None,
    "legal": None,
    "finance": None,
    "supply-chain": None,
    "east-rep": "East China",
    "emea-rep": "EMEA",
}


@cache
def _world() -> demo.World:
    return build_world(TODAY, 7)


@cache
def names_of(user: str) -> Names:
    """The names that a user of the chat suite may use."""
    region = _REGIONS[user]
    accounts = [each for each in _world().accounts if region in (None, each.region)]
    ids = {each.id for each in accounts}
    return build_names(
        [_account(each) for each in accounts],
        [_contact(account, person) for account in accounts for person in _people(account)],
        [Product(id=each.code, name=each.name, name_zh=each.name_zh) for each in _world().products.values()],
        [_deal(each) for each in _world().deals if each.account.id in ids],
        [_seller(each) for each in _world().sellers if region in (None, each.region)],
    )


def ids_of(names: Names) -> dict[str, str]:
    """The id of each record by what a case may call it, for `evals.suites.chat.matching.Matcher`."""
    named: dict[str, str] = {}
    for account in names.accounts.values():
        named |= dict.fromkeys((account.id, account.name, *account.aliases), account.id)
    for records in (names.contacts, names.opportunities, names.sellers, names.products):
        for record in records.values():
            named.setdefault(getattr(record, "name", record.id), record.id)
            named.setdefault(record.id, record.id)
    return {name.casefold(): id_.casefold() for name, id_ in named.items()}


def _account(each: demo.Account) -> Account:
    aliases = tuple(filter(None, each.alias.split(";")))
    return Account(
        id=each.id,
        name=each.name,
        aliases=aliases,
        domain=each.domain,
        industry=each.industry,
        country=each.country,
        region=each.region,
    )


def _people(account: demo.Account) -> Iterable[demo.Person]:
    return (*account.people.values(), *account.others)


def _contact(account: demo.Account, person: demo.Person) -> Contact:
    return Contact(id=person.id, account_id=account.id, name=person.name, title=person.title, email=person.email)


def _deal(each: demo.Deal) -> Opportunity:
    return Opportunity(
        id=each.id,
        account_id=each.account.id,
        name=each.name,
        stage=_STAGES[each.stage],
        product_id=each.product.code,
        competitor=each.competitor or None,
    )


def _seller(each: demo.Seller) -> SalesPerson:
    return SalesPerson(id=each.person.email, name=each.person.name, email=each.person.email)
