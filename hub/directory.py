"""The hub's own directory of accounts, which answers also while the CRM does not."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from core.domain.accounts import Account
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller
from core.text import normalise_name
from hub.installation import Platform

_NEAREST = 5


def list_accounts(platform: Platform, caller: Caller) -> list[Account]:
    """The accounts the caller may see, by name."""
    accounts = platform.store.records_port().find(caller, Account)
    return sorted(accounts, key=lambda account: (account.name.casefold(), account.id))


def resolve_account(accounts: Sequence[Account], name: str) -> Account:
    """The one account whose id, name or alias is `name`, or whose name alone contains it.

    Raises NotFoundError with the nearest names when none fits, InvalidInputError when several do.
    """
    wanted = normalise_name(name)
    exact = [account for account in accounts if account.id == name]
    exact = exact or [
        account for account in accounts if wanted in map(normalise_name, (account.name, *account.aliases))
    ]
    found = exact or [account for account in accounts if wanted and wanted in normalise_name(account.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidInputError(
            f"“{name}” fits {len(found)} accounts",
            field="account",
            remedy="Give the full name or the id.",
            nearest=[f"{account.name} ({account.id})" for account in found[:_NEAREST]],
        )
    names = [account.name for account in accounts]
    close = process.extract(name, names, scorer=fuzz.WRatio, limit=_NEAREST, score_cutoff=50)
    raise NotFoundError(
        f"no account is called “{name}”",
        field="account",
        remedy="Use a name from `saleshub accounts`." if accounts else "Import accounts first: `saleshub import PATH`.",
        nearest=[match for match, _score, _index in close],
    )


def list_tenants(platform: Platform) -> list[str]:
    """The companies that share the installation."""
    with platform.store.read() as unit:
        return unit.tenants.list()
