"""The hub's own directory of accounts, which answers also while the CRM does not."""

from collections.abc import Iterable

from core.domain.accounts import Account, Contact
from core.domain.deals import Opportunity
from core.domain.payloads import Payload, SetNextStep, UpdateContact, UpdateOpportunity
from core.identity import Caller
from hub.installation import Platform
from tools.resolving import resolve_account

__all__ = ["list_accounts", "list_tenants", "name_accounts", "name_subject", "resolve_account"]


def list_accounts(platform: Platform, caller: Caller) -> list[Account]:
    """The accounts the caller may see, by name."""
    accounts = platform.store.records_port().find(caller, Account)
    return sorted(accounts, key=lambda account: (account.name.casefold(), account.id))


def name_accounts(platform: Platform, caller: Caller, account_ids: Iterable[str]) -> dict[str, str]:
    """The names of those accounts that the caller may see, by id."""
    found = platform.store.records_port().find(caller, Account, ids=sorted(set(account_ids)))
    return {account.id: account.name for account in found}


def name_subject(platform: Platform, caller: Caller, payload: Payload) -> str | None:
    """The record that an update is about as `name (id)`, just the id when we do not know it; None for new records."""
    records = platform.store.records_port()
    match payload:
        case UpdateOpportunity(opportunity_id=id_) | SetNextStep(opportunity_id=id_):
            names = [deal.name for deal in records.find(caller, Opportunity, ids=[id_])]
        case UpdateContact(contact_id=id_):
            names = [person.name for person in records.find(caller, Contact, ids=[id_])]
        case _:
            return None
    return f"{names[0]} ({id_})" if names else id_


def list_tenants(platform: Platform) -> list[str]:
    """The companies that share the installation."""
    with platform.store.read() as unit:
        return unit.tenants.list()
