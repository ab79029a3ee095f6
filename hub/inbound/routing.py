"""Who answers a customer's message."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.domain.accounts import Account, SalesPerson
from core.domain.deals import Opportunity
from core.domain.people import User
from core.identity import Caller, Role
from core.text import normalise_name


def route_message(
    account: Account, deals: Sequence[Opportunity], sellers: Sequence[SalesPerson], users: Sequence[User]
) -> User | None:
    """The active user who answers for the account, None when nobody is known.

    The owner of the open deal that is newest, else the owner of the account, else the manager of whichever of them
    is known, else the only manager who may see the account. Whoever is away has no task here: it is their delegate's,
    where there is one, and only active users who may see the account count.
    """
    open_deals = sorted((deal for deal in deals if deal.stage.is_open), key=lambda deal: deal.created_on or date.min)
    owners = [deal.owner for deal in reversed(open_deals)] + [account.owner]
    named = list(dict.fromkeys(owner for owner in owners if owner))
    everybody = list(users)
    able = {user.id: user for user in everybody if user.active and _may_see(user, account)}
    away = [user for user in everybody if not user.active]
    for owner in named:
        seller = seller_named(sellers, owner)
        user, gone = user_of(able.values(), owner, seller), user_of(away, owner, seller)
        if user is None and gone is not None and gone.delegate is not None:
            user = able.get(gone.delegate)
        if user is not None:
            return user
    for owner in named:
        seller = seller_named(sellers, owner)
        if seller is not None and seller.manager:
            user = user_of(able.values(), seller.manager, seller_named(sellers, seller.manager))
            if user is not None:
                return user
    managers = [user for user in able.values() if Role.MANAGER in user.roles]
    return managers[0] if len(managers) == 1 else None


def seller_named(sellers: Iterable[SalesPerson], name: str) -> SalesPerson | None:
    """The seller with this name, as the CRM writes it."""
    wanted = normalise_name(name)
    return next((one for one in sellers if normalise_name(one.name) == wanted), None)


def user_of(users: Iterable[User], name: str, seller: SalesPerson | None) -> User | None:
    """The user who is the seller: by mail address before the “@”, by id, or by name; None unless it is exactly one."""
    wanted = {normalise_name(name)}
    if seller is not None:
        wanted |= {normalise_name(seller.id), normalise_name(seller.name)}
        if seller.email:
            wanted.add(normalise_name(seller.email.partition("@")[0]))
    found = [user for user in users if {normalise_name(user.id), normalise_name(user.name)} & wanted]
    return found[0] if len(found) == 1 else None


def _may_see(user: User, account: Account) -> bool:
    caller: Caller = user.caller("")
    return caller.may_see(account.region, account.audience)
