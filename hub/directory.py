"""The hub's own directory of accounts, which answers also while the CRM does not."""

from core.domain.accounts import Account
from core.identity import Caller
from hub.installation import Platform
from tools.resolving import resolve_account

__all__ = ["list_accounts", "list_tenants", "resolve_account"]


def list_accounts(platform: Platform, caller: Caller) -> list[Account]:
    """The accounts the caller may see, by name."""
    accounts = platform.store.records_port().find(caller, Account)
    return sorted(accounts, key=lambda account: (account.name.casefold(), account.id))


def list_tenants(platform: Platform) -> list[str]:
    """The companies that share the installation."""
    with platform.store.read() as unit:
        return unit.tenants.list()
