"""The hub's own directory of accounts, which answers also while the CRM does not."""

from collections.abc import Iterable

from core.domain.accounts import Account
from core.identity import Caller
from hub.installation import Platform
from tools.resolving import resolve_account

__all__ = ["list_accounts", "list_tenants", "name_accounts", "resolve_account"]


def list_accounts(platform: Platform, caller: Caller) -> list[Account]:
    """The accounts the caller may see, by name."""
    accounts = platform.store.records_port().find(caller, Account)
    return sorted(accounts, key=lambda account: (account.name.casefold(), account.id))


def name_accounts(platform: Platform, caller: Caller, account_ids: Iterable[str]) -> dict[str, str]:
    """The names of those accounts that the caller may see, by id."""
    found = platform.store.records_port().find(caller, Account, ids=sorted(set(account_ids)))
    return {account.id: account.name for account in found}


def list_tenants(platform: Platform) -> list[str]:
    """The companies that share the installation."""
    with platform.store.read() as unit:
        return unit.tenants.list()
