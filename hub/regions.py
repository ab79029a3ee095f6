"""Regions and teams: where customers are, and who may enter."""

from core.domain.health import Region
from core.identity import BELOW, Caller
from core.policy.permissions import Action, require
from hub.installation import Platform


def list_regions(platform: Platform, caller: Caller) -> tuple[Region, ...]:
    """Every region that a customer is in or a user holds, and the regions those are within, by name.

    `people` are the active users who may enter it. Raises ForbiddenError unless the caller manages people.
    """
    require(caller, Action.MANAGE_PEOPLE)
    with platform.store.read() as unit:
        counts = unit.measures.regions(caller.tenant)
        users = [user for user in unit.users.list(caller.tenant) if user.active]
    held = {region for user in users for region in user.regions or ()}
    names = {whole for name in held | set(counts) for whole in _with_those_above(name)}
    rights = [(user.id, user.caller(caller.tenant)) for user in users]
    return tuple(
        Region(
            name=name,
            customers=counts.get(name, 0),
            people=tuple(user for user, right in rights if right.may_enter(name)),
        )
        for name in sorted(names, key=lambda name: name.casefold().split(BELOW))
    )


def _with_those_above(name: str) -> list[str]:
    parts = name.split(BELOW)
    return [BELOW.join(parts[: length + 1]) for length in range(len(parts))]
